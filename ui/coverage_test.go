package ui

import "testing"

func TestTheHelpOfMostGapsIsSaidOnce(t *testing.T) {
	t.Parallel()
	gaps := func(help ...string) (out []GapRow) {
		for _, h := range help {
			out = append(out, GapRow{Help: h})
		}
		return out
	}
	for want, list := range map[string][]GapRow{
		"a": gaps("a", "b", "a", "a"),
		"":  gaps("a", "a"),
	} {
		if got := commonHelp(list); got != want {
			t.Errorf("%d gaps share %q, want %q", len(list), got, want)
		}
	}
	if got := commonHelp(gaps("a", "b", "a", "b", "a", "b")); got != "" {
		t.Errorf("%q is said of all, though half of the gaps need other help", got)
	}
}
