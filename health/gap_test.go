package health_test

import (
	"slices"
	"testing"

	"garner/health"
)

func TestGapsAreRunsOfDaysOfOneKind(t *testing.T) {
	t.Parallel()
	const first = health.Day(100)
	for name, c := range map[string]struct {
		days string // one letter a day
		want []health.Gap
	}{
		"nothing missing":            {"ppnvo", nil},
		"at the beginning":           {"mmp", []health.Gap{{From: 100, To: 101, Kind: health.Missing}}},
		"at the end":                 {"pm", []health.Gap{{From: 101, To: 101, Kind: health.Missing}}},
		"a day that came between":    {"mpm", []health.Gap{{From: 100, To: 100, Kind: health.Missing}, {From: 102, To: 102, Kind: health.Missing}}},
		"a day not expected between": {"mnm", []health.Gap{{From: 100, To: 100, Kind: health.Missing}, {From: 102, To: 102, Kind: health.Missing}}},
		"kinds side by side": {"mfi", []health.Gap{{From: 100, To: 100, Kind: health.Missing}, {From: 101, To: 101, Kind: health.Failed},
			{From: 102, To: 102, Kind: health.Partial}}},
		"awaited is none": {"ma", []health.Gap{{From: 100, To: 100, Kind: health.Missing}}},
	} {
		var states []health.DayState
		for _, letter := range c.days {
			states = append(states, health.DayState{Absence: letters[letter]})
		}
		if got := health.GapsOf(states, first); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := (health.Gap{From: 100, To: 102}).Days(); got != 3 {
		t.Errorf("a gap of three days is %d long", got)
	}
}

var letters = map[rune]health.Absence{'p': health.Present, 'n': health.NotExpected, 'a': health.Awaited,
	'm': health.Missing, 'i': health.Partial, 'o': health.OffBody, 'f': health.Failed, 'v': health.Provisional}

// TestAShareCountsWhatWasExpectedAndWhatCame: a day off the wrist came, since
// the watch says so itself.
func TestAShareCountsWhatWasExpectedAndWhatCame(t *testing.T) {
	t.Parallel()
	for letter, want := range map[rune]health.Share{'p': {Got: 1, Of: 1}, 'n': {}, 'a': {}, 'm': {Of: 1},
		'i': {Got: 1, Of: 1}, 'o': {Got: 1, Of: 1}, 'f': {Of: 1}, 'v': {Got: 1, Of: 1}} {
		var share health.Share
		share.Add([]health.DayState{{Absence: letters[letter]}})
		if share != want {
			t.Errorf("%s: %+v, want %+v", letters[letter].Key(), share, want)
		}
	}
}
