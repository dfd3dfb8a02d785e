package ui

import (
	"strings"
	"testing"

	"garner/query"
)

func TestTheNewestNightSaysItsAgeAndAnOldOneIsLate(t *testing.T) {
	t.Parallel()
	for age, want := range map[int]Status{0: OK, 1: NoData, 5: Late} {
		w := nightWriter{n: query.FullNight{Age: age}, s: SleepView{Status: OK}}
		if w.age(); w.s.Status != want {
			t.Errorf("%d days old: %q, want %q", age, w.s.Status, want)
		}
		if facts := strings.Join(w.s.Facts, " "); (age > 0) != strings.HasPrefix(facts, "the newest night, ") {
			t.Errorf("%d days old: %q", age, facts)
		}
	}
}

func TestADayWithoutWhatWasDueSaysItAndIsNotGreen(t *testing.T) {
	t.Parallel()
	w := dayWriter{day: query.Day{Lacking: []string{"Sleep", "Respiration"}}}
	if got := w.sentence(); got != "Part of the data for this day has arrived; sleep and respiration are missing." {
		t.Errorf("%q", got)
	}
}
