package chart

import (
	"context"
	"strings"
	"testing"

	"garner/health"
)

func TestADayOfAStripSaysHowLongDaysAreNotWhole(t *testing.T) {
	t.Parallel()
	var days []DayMark
	for i, a := range []Absence{Missing, Present, Partial, Missing, Failed, NotExpected, Missing} {
		days = append(days, DayMark{Label: string(rune('a' + i)), State: health.DayState{Absence: a}, Href: "/x"})
	}
	var b strings.Builder
	if err := Strip("s", "title", days).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `tabindex="0"`); n != 1 {
		t.Errorf("%d tab stops, want 1", n)
	}
	for i, lasts := range []bool{false, false, true, true, true, false, false} {
		said := days[i].said() + lasting(days, i)
		if strings.Contains(said, "not whole for 3 days, c to e") != lasts || !strings.Contains(b.String(), `aria-label="`+said+`"`) {
			t.Errorf("day %d says %q", i, said)
		}
	}
}
