package backup

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// stamp is the time in names of backups.
const stamp = "20060102T150405Z"

// Name is the name of a backup of an instant.
func Name(at time.Time, encrypted bool) string {
	name := "garner-" + at.UTC().Format(stamp) + ".tar.zst"
	if encrypted {
		name += ".age"
	}
	return name
}

// TimeOf is the instant of a backup by its name; false for another file.
func TimeOf(name string) (time.Time, bool) {
	text, ok := strings.CutPrefix(name, "garner-")
	text = strings.TrimSuffix(text, ".age")
	text, packed := strings.CutSuffix(text, ".tar.zst")
	at, err := time.Parse(stamp, text)
	return at, ok && packed && err == nil
}

// Keep is how many backups stay: the newest of each of the last days, weeks and months
// that have one.
type Keep struct{ Daily, Weekly, Monthly int }

// Obsolete returns which of some names of backups need not stay, the oldest first. The
// newest always stays. Names of other files are passed over. Days, weeks (from Monday)
// and months are those of zone.
func Obsolete(names []string, keep Keep, zone *time.Location) (out []string) {
	type named struct {
		name string
		at   time.Time
	}
	var list []named
	for _, name := range names {
		if at, ok := TimeOf(name); ok {
			list = append(list, named{name, at.In(zone)})
		}
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.name, a.name)) })
	rules := []*rule{{most: keep.Daily, period: day}, {most: keep.Weekly, period: week},
		{most: keep.Monthly, period: month}}
	for i, b := range list {
		stays := i == 0
		for _, r := range rules {
			stays = r.takes(b.at) || stays
		}
		if !stays {
			out = append(out, b.name)
		}
	}
	slices.Reverse(out)
	return out
}

// rule keeps the newest of each of the newest periods.
type rule struct {
	most   int
	period func(time.Time) [2]int
	taken  int
	last   [2]int
}

// takes reports whether the rule keeps the backup of an instant. They come from the newest
// to the oldest.
func (r *rule) takes(at time.Time) bool {
	period := r.period(at)
	if r.taken >= r.most || r.taken > 0 && period == r.last {
		return false
	}
	r.taken, r.last = r.taken+1, period
	return true
}

func day(at time.Time) [2]int { return [2]int{at.Year(), at.YearDay()} }

func week(at time.Time) [2]int {
	year, n := at.ISOWeek()
	return [2]int{year, n}
}

func month(at time.Time) [2]int { return [2]int{at.Year(), int(at.Month())} }
