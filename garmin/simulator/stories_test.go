package simulator

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"
)

func told(seed uint64, people int) *World {
	return New(Config{Seed: seed, People: people, Days: 45, Until: until, Stories: true})
}

// read are the types whose bodies the tests look into.
var read = []string{"dailies", "pulseox", "allDayRespiration", "userPermissionsChange"}

// tale is a world with stories and all that it pushes, until after Ben is back.
type tale struct {
	*World
	all []Delivery
}

var tales = sync.OnceValue(func() (out []tale) {
	for seed := range uint64(2) {
		w := told(seed, 4)
		var all []Delivery
		for _, part := range []iter.Seq[Delivery]{w.History(), w.Live(until, until.AddDate(0, 0, 6))} {
			for d := range part {
				if !slices.Contains(read, d.Type) {
					d.Body = nil // for want of room
				}
				all = append(all, d)
			}
		}
		out = append(out, tale{w, all})
	}
	return out
})

func eachTale(t *testing.T, check func(t *testing.T, w tale)) {
	for _, w := range tales() {
		t.Run(fmt.Sprint("seed ", w.cfg.Seed), func(t *testing.T) { check(t, w) })
	}
}

// the finds the one story of a kind and type.
func (w tale) the(t *testing.T, kind, about string) Story {
	t.Helper()
	var found []Story
	for _, s := range w.Stories() {
		if s.Kind == kind && s.Type == about {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d stories of %s %s", len(found), kind, about)
	}
	return found[0]
}

// of are a person's elements of a type.
func (w tale) of(t *testing.T, d Delivery, person int) (out []map[string]any) {
	t.Helper()
	if !slices.Contains(d.people, person) {
		return nil
	}
	for _, e := range elements(t, d) {
		if e["userId"] == w.people[person].UserID {
			out = append(out, e)
		}
	}
	return out
}

// last is when a type last came from a person.
func (w tale) last(kind string, person int) (at time.Time) {
	for _, d := range w.all {
		if d.Type == kind && slices.Contains(d.people, person) && d.At.After(at) {
			at = d.At
		}
	}
	return at
}

// daysAgo is an instant so many days before the end, counted by the date in UTC.
func daysAgo(days, hour, minute int) time.Time {
	y, m, d := until.Date()
	return time.Date(y, m, d-days, hour, minute, 0, 0, time.UTC)
}

func (o Outage) has(at time.Time) bool { return !at.Before(o.From) && at.Before(o.To) }

func TestOurOutageHoldsBackWhatThenComesInOrder(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	down := Outage{daysAgo(11, 19, 0), daysAgo(10, 7, 30)}
	for seed := range uint64(2) {
		w, calm := told(seed, 3), told(seed, 3)
		if got := w.Outages(); !slices.Equal(got, []Outage{down}) {
			t.Fatalf("outages %v", got)
		}
		calm.faults.Outages = nil
		w.faults.Duplicate, calm.faults.Duplicate = 0, 0
		place := map[string]int{}
		for d := range calm.Live(down.From, down.To) {
			place[string(d.Body)] = len(place)
		}
		came, last := 0, -1
		for d := range w.History() {
			if down.has(d.At) {
				t.Errorf("%s comes at %s", d.Type, d.At)
			}
			i, missed := place[string(d.Body)]
			if !missed {
				continue
			}
			if came++; i < last || d.At.Before(down.To) || d.At.After(down.To.Add(time.Hour)) {
				t.Errorf("%s comes out of order at %s", d.Type, d.At)
			}
			last = i
		}
		if len(place) < 30 || came != len(place) {
			t.Errorf("seed %d: %d of %d came afterwards", seed, came, len(place))
		}
	}
}

// comesAtOnce checks a person's time without the phone: nothing comes in it,
// and all of it within a day of its end.
func comesAtOnce(t *testing.T, w tale, s Story, first, last int) {
	t.Helper()
	came := map[any]time.Time{}
	for _, d := range w.all {
		if slices.Contains(d.people, s.Person) && !d.At.Before(s.From) && d.At.Before(s.To) {
			t.Errorf("%s comes at %s", d.Type, d.At)
		}
		if d.Type != "dailies" || d.At.Before(s.From) {
			continue
		}
		for _, e := range w.of(t, d, s.Person) {
			if _, known := came[e["calendarDate"]]; !known {
				came[e["calendarDate"]] = d.At
			}
		}
	}
	for back := first; back >= last; back-- {
		day := daysBefore(back).Format(time.DateOnly)
		if at, ok := came[day]; !ok || at.Sub(s.To) > 26*time.Hour {
			t.Errorf("%s came at %s, the phone was back at %s", day, at, s.To)
		}
	}
}

func TestBensLateWeekComesAtHisNextSync(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryLate, "")
		if s.Person != 1 || w.people[1].dateOf(s.From.Unix()) != w.end-21 || w.people[1].dateOf(s.To.Unix()) != w.end-15 {
			t.Errorf("%+v", s)
		}
		comesAtOnce(t, w, s, 21, 16)
	})
}

func TestBensHolidayOutlastsTheHistoryAndAllComesAtHisReturn(t *testing.T) {
	t.Parallel()
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryHoliday, "")
		if s.Person != 1 || w.people[1].dateOf(s.From.Unix()) != w.end-4 || s.To.Before(until.AddDate(0, 0, 3)) {
			t.Errorf("%+v", s)
		}
		comesAtOnce(t, w, s, 4, -3)
	})
}

func TestAdasHeartRateVariabilityStopsAndTheRestContinues(t *testing.T) {
	t.Parallel()
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryStopped, "hrv")
		if s.Person != 0 || s.From != daysAgo(5, 14, 0) || !s.To.IsZero() {
			t.Errorf("%+v", s)
		}
		if at := w.last("hrv", 0); !at.Before(s.From) || s.From.Sub(at) > 48*time.Hour {
			t.Errorf("hers came last at %s", at)
		}
		if at := w.last("hrv", 1); at.Before(until) {
			t.Errorf("Ben's came last at %s", at)
		}
		for _, kind := range []string{"dailies", "sleeps", "stressDetails", "epochs", "pulseox", "skinTemp"} {
			if w.last(kind, 0).Before(until.AddDate(0, 0, 4)) {
				t.Errorf("%s came last at %s", kind, w.last(kind, 0))
			}
		}
	})
}

func TestOneTypeStopsForAllPeopleAtOnce(t *testing.T) {
	t.Parallel()
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryStopped, heldType)
		if s.Person != -1 || s.From != daysAgo(5, 10, 30) || !s.To.IsZero() {
			t.Errorf("%+v", s)
		}
		for person := range w.people {
			if at := w.last(heldType, person); !at.Before(s.From) || s.From.Sub(at) > 60*time.Hour {
				t.Errorf("person %d sent it last at %s", person, at)
			}
		}
	})
}

func TestMiraTakesBackThePermissionForActivities(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryWithdrawn, "activities")
		if s.Person != 2 || s.From != daysAgo(6, 16, 45) || !s.To.IsZero() {
			t.Errorf("%+v", s)
		}
		told, earlier, shared := 0, 0, 0
		for _, d := range w.all {
			if !slices.Contains(d.people, 2) {
				continue
			}
			switch notice := d.Type == "userPermissionsChange"; {
			case notice && d.At.Equal(s.From):
				told++
				mine := w.of(t, d, 2)
				if got := fmt.Sprint(mine[0]["permissions"]); got != "[HEALTH_EXPORT HISTORICAL_DATA_EXPORT]" ||
					num(mine[0], "changeTimeInSeconds") != float64(d.At.Unix()) {
					t.Errorf("%v", mine[0])
				}
			case notice:
				earlier++
				if !d.At.Before(s.From) {
					t.Errorf("another notice at %s", d.At)
				}
			case slices.Contains(needActivities[:], d.Type):
				shared++
				if !d.At.Before(s.From) {
					t.Errorf("%s at %s", d.Type, d.At)
				}
			}
		}
		if told != 1 || earlier < 2 || shared == 0 {
			t.Errorf("told %d times, %d notices and %d deliveries before", told, earlier, shared)
		}
		if w.last("dailies", 2).Before(until.AddDate(0, 0, 3)) {
			t.Error("her days stopped as well")
		}
	})
}

func TestMirasNightsAreNeverSeen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	eachTale(t, func(t *testing.T, w tale) {
		if s := w.the(t, StoryNights, ""); s.Person != 2 || !s.From.IsZero() || !s.To.IsZero() {
			t.Errorf("%+v", s)
		}
		mira := &w.people[2]
		samples := map[string]string{"dailies": "timeOffsetHeartRateSamples", heldType: "timeOffsetEpochToBreaths"}
		seen := 0
		for _, d := range w.all {
			if !slices.Contains(d.people, 2) {
				continue
			}
			if slices.Contains([]string{"sleeps", "hrv", "skinTemp"}, d.Type) {
				t.Fatalf("%s at %s", d.Type, d.At)
			}
			if !slices.Contains(read, d.Type) {
				continue
			}
			for _, e := range w.of(t, d, 2) {
				if d.Type == "pulseox" && e["onDemand"] != true {
					t.Errorf("%s at %s", d.Type, d.At)
				}
				offsets, _ := e[samples[d.Type]].(map[string]any)
				for offset := range maps.Keys(offsets) {
					var after int64
					fmt.Sscan(offset, &after)
					at := int64(num(e, "startTimeInSeconds")) + after
					c := mira.dateOf(at)
					for _, n := range []night{w.night(mira, c), w.night(mira, c+1)} {
						if seen++; at >= n.bed && at < n.wake {
							t.Fatalf("%s knows of %s", d.Type, time.Unix(at, 0))
						}
					}
				}
			}
		}
		if seen == 0 {
			t.Error("nothing of her days")
		}
	})
}

func TestOneBodyCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	eachTale(t, func(t *testing.T, w tale) {
		s := w.the(t, StoryUnreadable, "dailies")
		found := 0
		for _, d := range w.all {
			if d.Type != "dailies" {
				continue
			}
			for _, e := range elements(t, d) {
				if e["calendarDate"] != nil && e["startTimeInSeconds"] != nil {
					continue
				}
				if found++; !d.At.Equal(s.From) || s.From != daysAgo(2, 9, 10) || d.Person != s.Person ||
					e["userId"] != w.people[s.Person].UserID {
					t.Errorf("person %d at %s", d.Person, d.At)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d summaries without a day", found)
		}
	})
}

func TestTheLatestDaysComeInTimeOrderBeforeTheOld(t *testing.T) {
	t.Parallel()
	eachTale(t, func(t *testing.T, w tale) {
		turn := 1
		for turn < len(w.all) && !w.all[turn].At.Before(w.all[turn-1].At) {
			turn++
		}
		if first, last := w.all[0].At, w.all[turn-1].At; first.After(daysAgo(34, 0, 0)) ||
			last.Before(until.Add(-12*time.Hour)) || last.After(until) {
			t.Errorf("in order from %s to %s", first, last)
		}
		for _, d := range w.all[turn:] {
			if d.At.After(daysAgo(33, 0, 0)) && d.At.Before(until) {
				t.Fatalf("%s of %s comes with the old days", d.Type, d.At)
			}
		}
	})
}

func TestSpansContinueEachOtherWithStories(t *testing.T) {
	t.Parallel()
	w := told(1, 3)
	const step = 7*time.Hour + 13*time.Minute
	for _, span := range [][2]time.Time{{daysBefore(12), daysBefore(9)}, {daysBefore(7), daysBefore(1)},
		{daysBefore(-3), daysBefore(-5)}} {
		var parts []Delivery
		for at := span[0]; at.Before(span[1]); at = at.Add(step) {
			to := at.Add(step)
			if to.After(span[1]) {
				to = span[1]
			}
			parts = slices.AppendSeq(parts, w.Live(at, to))
		}
		if whole := slices.Collect(w.Live(span[0], span[1])); !same(whole, parts) {
			t.Errorf("%d deliveries in parts, %d as a whole, or others", len(parts), len(whole))
		}
	}
}

func TestStoriesHangOnTheDateAloneAndOnWhoIsThere(t *testing.T) {
	t.Parallel()
	early := New(Config{Seed: 9, People: 3, Days: 10, Until: daysAgo(0, 0, 5), Stories: true})
	if a, b := told(1, 3).Stories(), early.Stories(); !slices.Equal(a, b) || len(a) != 8 {
		t.Errorf("%v and %v", a, b)
	}
	for people := range 3 {
		for _, s := range told(1, people).Stories() {
			if s.Person >= people {
				t.Errorf("%s of person %d among %d", s.Kind, s.Person, people)
			}
		}
	}
	plain := household(1)
	if len(plain.Stories()) != 0 || len(plain.Outages()) != 0 {
		t.Errorf("a world without stories has %v and %v", plain.Stories(), plain.Outages())
	}
}

func TestTheConfiguredOutagesStay(t *testing.T) {
	t.Parallel()
	mine := Outage{daysAgo(3, 0, 0), daysAgo(3, 1, 0)}
	faults := Faults{Outages: make([]Outage, 1, 4)}
	faults.Outages[0] = mine
	w := New(Config{People: 1, Days: 20, Until: until, Faults: &faults, Stories: true})
	got := w.Outages()
	slices.SortFunc(got, func(a, b Outage) int { return cmp.Compare(a.From.Unix(), b.From.Unix()) })
	if len(got) != 2 || got[1] != mine || len(faults.Outages) != 1 || faults.Outages[:2][1] != (Outage{}) {
		t.Errorf("%v, and the configuration's %v", got, faults.Outages[:2])
	}
}
