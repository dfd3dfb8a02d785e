package simulator

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// caseWorld is a demo's.
func caseWorld() *World {
	return New(Config{Seed: 1, People: 3, Days: 730, Until: until, Stories: true})
}

// found looks for a day of a person, the newest first, of which something is true.
func found(t *testing.T, w *World, person, within int, is func([]Delivery) bool) bool {
	t.Helper()
	for back := 1; back <= within; back++ {
		if is(w.Final(person, daysBefore(back))) {
			return true
		}
	}
	return false
}

// has reports whether one element of a type is what is looked for.
func has(t *testing.T, kind string, is func(map[string]any) bool) func([]Delivery) bool {
	return func(all []Delivery) bool { return slices.ContainsFunc(of(t, all, kind), is) }
}

func lasts(from, to float64) func(map[string]any) bool {
	return func(e map[string]any) bool {
		s := num(e, "durationInSeconds")
		return s >= from*3600 && s <= to*3600
	}
}

func TestADemoHasEveryAwkwardDay(t *testing.T) {
	t.Parallel()
	w := caseWorld()
	text := func(field, want string) func(map[string]any) bool {
		return func(e map[string]any) bool { return e[field] == want }
	}
	for name, c := range map[string]struct {
		person, within int
		is             func([]Delivery) bool
	}{
		"a flight west":                   {0, 60, has(t, "dailies", lasts(30, 32))},
		"a day of 25 hours":               {0, 366, has(t, "dailies", lasts(25, 25))},
		"a day of 23 hours":               {0, 366, has(t, "dailies", lasts(23, 23))},
		"a flight over the date line":     {1, 125, has(t, "dailies", lasts(7, 9))},
		"the flight back":                 {1, 125, has(t, "dailies", lasts(39, 41))},
		"a night entered by hand":         {1, 31, has(t, "sleeps", text("validation", "MANUAL"))},
		"a watch on the bedside table":    {1, 400, has(t, "sleeps", text("validation", "OFF_WRIST"))},
		"a triathlon":                     {0, 400, has(t, "activities", text("activityType", "MULTI_SPORT"))},
		"a part of a triathlon":           {0, 400, has(t, "activities", text("activityType", "OPEN_WATER_SWIMMING"))},
		"a ride of three hours, with GPS": {1, 60, has(t, "activityDetails", threeHours)},
		"hours off the wrist":             {2, 30, has(t, "dailies", hoursOff)},
	} {
		if !found(t, w, c.person, c.within, c.is) {
			t.Errorf("there is not %s", name)
		}
	}
	people := w.People()
	if !people[1].Imperial || people[1].oximeter || !people[0].oximeter {
		t.Error("no person measures in miles, or all watches measure blood oxygen")
	}
}

// threeHours is a ride of nearly three hours with a tunnel, where the place is unknown,
// and a pause, where the clock goes on and the timer does not.
func threeHours(e map[string]any) bool {
	summary, _ := e["summary"].(map[string]any)
	samples, _ := e["samples"].([]any)
	lost, paused := 0, false
	for _, s := range samples {
		sample, _ := s.(map[string]any)
		if _, ok := sample["latitudeInDegree"]; !ok {
			lost++
		}
		paused = paused || num(sample, "clockDurationInSeconds")-num(sample, "timerDurationInSeconds") > 200
	}
	return num(summary, "durationInSeconds") > 2.5*3600 && lost > 200 && lost < len(samples)/2 && paused
}

// hoursOff is a day with data whose heart rate was not measured for three hours.
func hoursOff(e map[string]any) bool {
	rates, _ := e["timeOffsetHeartRateSamples"].(map[string]any)
	if len(rates) < 200 {
		return false
	}
	last, ok := 0, false
	for at := 0; at < 86400; at += 15 {
		if _, there := rates[fmt.Sprint(at)]; there {
			ok = ok || at-last > 3*3600
			last = at
		}
	}
	return ok
}

func TestADemoHasEveryAwkwardDelivery(t *testing.T) {
	t.Parallel()
	w := caseWorld()
	for _, kind := range []string{StoryLate, StoryHoliday, StoryWithdrawn, StoryStopped, StoryNights, StoryUnreadable, StoryOutage} {
		if !slices.ContainsFunc(w.Stories(), func(s Story) bool { return s.Kind == kind }) {
			t.Errorf("nothing is %s", kind)
		}
	}
	seen := map[any]bool{}
	for _, d := range w.AverageDay(0, daysBefore(8)) {
		if d.Type == "sleeps" {
			for _, e := range elements(t, d) {
				seen[e["validation"]] = true
			}
		}
	}
	if !seen["ENHANCED_TENTATIVE"] || !seen["ENHANCED_FINAL"] {
		t.Errorf("a night is known as %v only", seen)
	}
}

func TestTheDatesOfAFlightOverTheDateLineJoinWithoutGapOrOverlap(t *testing.T) {
	t.Parallel()
	for day := range 40 {
		for seed := range uint64(3) {
			w := New(Config{Seed: seed, People: 3, Days: 1, Until: until.AddDate(0, 0, day), Stories: true})
			p := &w.people[1]
			if len(p.trips) != 2 {
				t.Fatalf("no flight on any day before %s with seed %d", w.end.utc().Format(time.DateOnly), seed)
			}
			for c := p.trips[1].first - 2; c < p.trips[1].last+3; c++ {
				n, next := w.night(p, c), w.night(p, c+1)
				if p.dateOf(p.start(c)) != c || p.dateOf(p.start(c+1)-1) != c || n.bed >= n.wake || n.wake >= next.bed {
					t.Fatalf("%s with seed %d: the dates or nights overlap", c.utc().Format(time.DateOnly), seed)
				}
			}
		}
	}
}
