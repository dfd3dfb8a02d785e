package alert

import (
	"math"
	"slices"
	"time"
)

const (
	// LearnDays is how many days a rhythm is learned from.
	LearnDays = 28
	// learnBack is how far it may reach back to find as many days that
	// count.
	learnBack = 95 * 24 * time.Hour
	// enoughDays days must have had data before a rhythm counts.
	enoughDays = 7
	// regularDays days must have had any data before one of a person's types can be
	// called regular; this percentage of them must have had the
	// type.
	regularDays  = 14
	regularShare = 85
	// longest is how far a rhythm may extend a limit.
	longest = 72 * time.Hour
	// soonest is the shortest silence that can be late.
	soonest = 12 * time.Hour
)

// Rhythm is what was learned from arrivals.
type Rhythm struct {
	// Gap is the usual longest silence of a day: of each day's longest gap the
	// 90th percentile. 0 until something is learned.
	Gap time.Duration
	// Days is how many of the last 28 had data.
	Days int
	// By is the minute of the UTC day by which the first data of a day has usually
	// come; -1 if too little is known.
	By int
}

// known reports whether enough was learned.
func (r Rhythm) known() bool { return r.Days >= enoughDays && r.Gap > 0 }

// Limit is how long a silence may last: the configured limit, which a slow rhythm
// extends to at most 72 hours, and which is never shortened.
func (r Rhythm) Limit(configured time.Duration) time.Duration {
	if !r.known() {
		return configured
	}
	return min(max(r.Gap*5/2, configured), max(configured, longest))
}

// Late is the silence from which a person is late by their own rhythm.
func (r Rhythm) Late(limit time.Duration) time.Duration {
	if !r.known() {
		return limit / 2
	}
	return min(max(r.Gap*3/2, soonest), longest, limit)
}

// RegularFor reports whether a type comes so regularly for a person that its
// absence means something. silent is how long it has not come: those days mean
// nothing for the time before.
func (r Rhythm) RegularFor(person Rhythm, silent time.Duration) bool {
	before := person.Days - int(silent/(24*time.Hour))
	return person.Days >= regularDays && r.Days >= enoughDays && r.Days*100 >= before*regularShare
}

// byChance is the probability of a run of days without a type, by the person's own
// habit, below which it is reported.
const byChance = 1. / 500

// Unusual is the silence of a type that a person's habit does not explain: someone
// who sleeps without the watch every tenth night does so twice in a row now and
// then. It is learned from how many of the days with data had the type; days
// without it count twice, since a person who looks regular may just have had a good
// month. silent is as in RegularFor.
func (r Rhythm) Unusual(person Rhythm, silent time.Duration) time.Duration {
	before := max(min(person.Days-int(silent/(24*time.Hour)), LearnDays), r.Days)
	share := min(float64(2*(before-r.Days)+1)/float64(before+2), 0.5)
	days := math.Ceil(math.Log(byChance) / math.Log(share))
	return time.Duration(days)*24*time.Hour + soonest/2
}

// Learn learns from the hours (unix hours, rising) in which something new
// came. Gaps that touch one of the spans to skip are not learned from, nor are
// days within one: they include an incident, a pause, or unobservable
// time. LearnSince is from when on hours are used. Days are split at the hour that
// fits best: a person's morning may be midnight in UTC.
func Learn(hours []int64, skip []Span, now time.Time) Rhythm {
	var best Rhythm
	first := LearnSince(skip, now).Unix() / 3600
	for _, cut := range []int64{0, 8, 16} {
		if r := learnDays(hours, skip, first, cut); cut == 0 || r.Days > best.Days {
			best = r
		}
	}
	return best
}

// LearnSince is from when on a rhythm is learned: LearnDays back, not counting the
// whole days of what is skipped. So a long silence, pause or withdrawal does
// not erase a person's habits.
func LearnSince(skip []Span, now time.Time) time.Time {
	const day = 24 * time.Hour
	from := now.Add(-LearnDays * day)
	spans := merged(skip)
	for i := len(spans) - 1; i >= 0 && spans[i].To.After(from); i-- {
		if lost := earlier(spans[i].To, now).Sub(spans[i].From); lost >= day {
			from = from.Add(-lost.Truncate(day))
		}
	}
	return later(from, now.Add(-learnBack))
}

// learnDays learns with days that begin at an hour of UTC.
func learnDays(hours []int64, skip []Span, first, cut int64) Rhythm {
	d := dayBook{worst: map[int64]int64{}, early: map[int64]int64{}, unknown: map[int64]bool{}}
	for i, h := range hours {
		if h < first || touches(skip, h, h+1) {
			continue
		}
		gap := int64(-1)
		if i > 0 {
			gap = h - hours[i-1]
		}
		d.note((h-cut)/24, (h-cut)%24, gap, i > 0 && touches(skip, h-gap, h))
	}
	r := Rhythm{Days: len(d.early), By: -1}
	for day := range d.unknown {
		delete(d.worst, day)
	}
	if len(d.worst) < enoughDays {
		return r
	}
	r.Gap = time.Duration(percentile(values(d.worst), 90)) * time.Hour
	r.By = int(percentile(values(d.early), 90)+1+cut) % 24 * 60
	return r
}

// dayBook is what is known of each day: its longest gap, the hour of its first
// arrival, and whether its gaps must be ignored.
type dayBook struct {
	worst, early map[int64]int64
	unknown      map[int64]bool
}

func (d *dayBook) note(day, hour, gap int64, skipped bool) {
	if _, ok := d.early[day]; !ok {
		d.early[day] = hour
	}
	if skipped {
		d.unknown[day] = true
	}
	if gap >= 0 {
		d.worst[day] = max(d.worst[day], gap)
	}
}

// touches reports whether one of the spans overlaps the time between two unix hours.
func touches(spans []Span, from, to int64) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From.Unix() < to*3600 && s.To.Unix() > from*3600 })
}

func values(m map[int64]int64) []int64 {
	out := make([]int64, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// percentile by nearest rank.
func percentile(v []int64, p int) int64 {
	slices.Sort(v)
	return v[max((len(v)*p+99)/100-1, 0)]
}

// cutAt is how much of one gap between arrivals counts as time with data: a night
// without sync does, a lost week does not.
const cutAt = 12 * time.Hour

// daysOf counts the days that unix hours, rising, lie in.
func daysOf(hours []int64) (n int) {
	for i, h := range hours {
		if i == 0 || h/24 != hours[i-1]/24 {
			n++
		}
	}
	return n
}

// Flow is how long a person's data flowed between two instants, given the unix
// hours with arrivals. It measures how much of one type is missing while others
// came.
func Flow(hours []int64, from, to time.Time) time.Duration {
	var flow time.Duration
	at := from
	for _, h := range hours {
		t := time.Unix(h*3600, 0)
		if !t.After(from) || t.After(to) {
			continue
		}
		flow += min(t.Sub(at), cutAt)
		at = t
	}
	return flow
}
