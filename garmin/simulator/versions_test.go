package simulator

import (
	"slices"
	"testing"
	"time"
)

func quiet() *World {
	return New(Config{Seed: 1, People: 3, Days: 730, Until: until, Faults: &Faults{Batched: 0.3}})
}

func TestVersionsGrowInOrderUnlessRetriedLate(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := quiet()
	w.faults.Duplicate = 0.1
	type key struct{ kind, user, start any }
	reach := map[key]float64{}
	grew := 0
	for d := range w.Live(daysBefore(14), until) {
		switch d.Type {
		case "dailies", "stressDetails", "hrv", "epochs", "allDayRespiration", "pulseox":
		default:
			continue
		}
		for _, e := range elements(t, d) {
			k := key{d.Type, e["userId"], e["summaryId"]}
			length := num(e, "durationInSeconds")
			if length < reach[k] {
				t.Fatalf("%v shrank from %v to %v at %s", k, reach[k], length, d.At)
			}
			if length > reach[k] && reach[k] > 0 {
				grew++
			}
			reach[k] = length
		}
	}
	if grew < 500 {
		t.Errorf("only %d versions grew", grew)
	}
}

func TestLateRetriesBringOlderVersionsAfterNewer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := quiet()
	w.faults.LateRetry = 0.05
	reach := map[any]float64{}
	older := 0
	for d := range w.Live(daysBefore(14), until) {
		if d.Type != "dailies" {
			continue
		}
		for _, e := range elements(t, d) {
			if num(e, "durationInSeconds") < reach[e["summaryId"]] {
				older++
			}
			reach[e["summaryId"]] = max(reach[e["summaryId"]], num(e, "durationInSeconds"))
		}
	}
	if older == 0 {
		t.Error("none came late")
	}
}

// nightVersion is one account of a night.
type nightVersion struct {
	id         string
	start, end float64
	validation string
}

func nightVersions(t *testing.T, w *World) map[any][]nightVersion {
	t.Helper()
	nights := map[any][]nightVersion{}
	for d := range w.Live(daysBefore(60), until) {
		if d.Type != "sleeps" {
			continue
		}
		for _, e := range elements(t, d) {
			v := nightVersion{id: e["summaryId"].(string), start: num(e, "startTimeInSeconds"),
				validation: e["validation"].(string)}
			for _, laps := range e["sleepLevelsMap"].(map[string]any) {
				for _, l := range laps.([]any) {
					v.end = max(v.end, num(l.(map[string]any), "endTimeInSeconds"))
				}
			}
			k := [3]any{e["userId"], e["calendarDate"], 1}
			if len(nights[k]) > 0 && v.start > nights[k][len(nights[k])-1].end {
				k[2] = 2 // woke for long and slept again
			}
			nights[k] = append(nights[k], v)
		}
	}
	return nights
}

func TestAccountsOfANightOverlapAndEndFinal(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	changed, moved := 0, 0
	for k, versions := range nightVersions(t, quiet()) {
		last := versions[len(versions)-1]
		if last.end == 0 { // a night without stages
			continue
		}
		for _, v := range versions {
			if v.start >= last.end || last.start >= v.end {
				t.Errorf("%v: %+v and %+v do not overlap", k, v, last)
			}
			if v.end > last.end {
				t.Errorf("%v: the last account ends %v, an earlier one %v", k, last.end, v.end)
			}
			if v.id != last.id {
				changed++
			}
			if v.start != last.start {
				moved++
			}
		}
		if i := slices.IndexFunc(versions, func(v nightVersion) bool { return v.validation == "ENHANCED_FINAL" }); i >= 0 {
			for _, v := range versions[i:] {
				if v.validation != "ENHANCED_FINAL" {
					t.Errorf("%v: tentative after final", k)
				}
			}
		}
	}
	if changed < 20 || moved < 3 {
		t.Errorf("%d accounts under another id, %d with another start", changed, moved)
	}
}

func TestLiveEndsWithWhatFinalSays(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := quiet()
	last := map[any]map[string]any{}
	for d := range w.Live(daysBefore(20), until) {
		if d.Type == "dailies" {
			for _, e := range elements(t, d) {
				last[[2]any{e["userId"], e["calendarDate"]}] = e
			}
		}
	}
	for person := range 3 {
		for back := 3; back < 18; back++ {
			for _, want := range of(t, w.Final(person, daysBefore(back)), "dailies") {
				got := last[[2]any{want["userId"], want["calendarDate"]}]
				if num(got, "steps") != num(want, "steps") || num(got, "durationInSeconds") != num(want, "durationInSeconds") {
					t.Errorf("person %d, %v: pushed %v steps, final %v", person, want["calendarDate"], got["steps"], want["steps"])
				}
			}
		}
	}
}

func TestDaysOutOfReachComeAfterwards(t *testing.T) {
	t.Parallel()
	w := quiet()
	silent, dates := 0, map[any]bool{}
	for d := range w.Live(daysBefore(9), daysBefore(2)) {
		if d.Person != 1 || d.Type != "dailies" {
			continue
		}
		if at := w.people[1].dateOf(d.At.Unix()); anyHas(w.people[1].unsynced, at) {
			silent++
		}
		for _, e := range elements(t, d) {
			dates[e["calendarDate"]] = true
		}
	}
	if silent > 0 {
		t.Errorf("%d deliveries from out of reach", silent)
	}
	for back := 9; back >= 5; back-- {
		if day := daysBefore(back).Format(time.DateOnly); !dates[day] {
			t.Errorf("%s never came", day)
		}
	}
}

func TestSomeDatesHaveTwoSleeps(t *testing.T) {
	t.Parallel()
	w := household(1)
	found := 0
	for c := w.end - 200; c < w.end; c++ {
		if n := w.night(&w.people[1], c); n.gap.empty() {
			continue
		}
		found++
		both := of(t, w.Final(1, c.utc()), "sleeps")
		if len(both) != 2 || both[0]["calendarDate"] != both[1]["calendarDate"] {
			t.Fatalf("%d sleeps on %s", len(both), c.utc().Format(time.DateOnly))
		}
		end := both[0]["sleepLevelsMap"].(map[string]any)["light"].([]any)
		if num(end[len(end)-1].(map[string]any), "endTimeInSeconds")+3600 > num(both[1], "startTimeInSeconds") {
			t.Errorf("no hour between the sleeps of %s", c.utc().Format(time.DateOnly))
		}
	}
	if found < 3 {
		t.Errorf("%d nights in two parts", found)
	}
}

func TestNightsWithoutTheWatchHaveNoStages(t *testing.T) {
	t.Parallel()
	w := household(1)
	words := map[any]int{}
	for back := 1; back < 120; back++ {
		n := w.night(&w.people[2], w.end-civil(back))
		for _, e := range of(t, w.Final(2, daysBefore(back)), "sleeps") {
			words[e["validation"]]++
			if stages := len(e["sleepLevelsMap"].(map[string]any)); n.worn != (stages > 0) {
				t.Errorf("%d days ago: worn %v, %d stages", back, n.worn, stages)
			}
		}
	}
	for _, want := range []string{"ENHANCED_FINAL", "OFF_WRIST", "MANUAL"} {
		if words[want] == 0 {
			t.Errorf("no night is %s", want)
		}
	}
}
