package chart

import (
	"context"
	"strings"
	"testing"

	"garner/health"
)

// heat has one day of each kind, and begins on the third row.
func heat() Heat {
	h := Heat{ID: "h", Title: "Steps <2026>", First: 2, Weekdays: [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}}
	const first = health.Day(20481) // 2026-01-28
	days := []HeatDay{{Level: 1}, {Level: 2}, {Level: 3}, {Level: 4, Stop: true}, {Level: 5}, {Level: LevelZero}, {State: Missing},
		{State: Failed}, {State: OffBody}, {State: Awaited}, {State: NotExpected}}
	for i, d := range days {
		d.Day = first + health.Day(i)
		d.Label, d.Href = d.Day.String(), "/d/"+d.Day.String()
		h.Days = append(h.Days, d)
	}
	h.Days[len(days)-1].Href = ""
	return h
}

func drawn(t *testing.T, h Heat) string {
	t.Helper()
	var b strings.Builder
	if err := h.Component().Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAYearIsOneTabStopAndEachDayIsOneLink(t *testing.T) {
	svg := drawn(t, heat())
	if n := strings.Count(svg, `tabindex="0"`); n != 1 {
		t.Errorf("%d tab stops", n)
	}
	for _, d := range heat().Days {
		want := 1
		if d.Href == "" {
			want = 0
		}
		if n := strings.Count(svg, `<a href="/d/`+d.Day.String()+`"`); n != want {
			t.Errorf("%s: %d links, want %d", d.Day, n, want)
		}
	}
	if strings.Contains(svg, "<2026>") {
		t.Error("text is not escaped")
	}
}

func TestADayWithANoteHasADotAndSaysItInItsName(t *testing.T) {
	h := heat()
	if strings.Contains(drawn(t, h), "noted") {
		t.Error("days without a note have a dot")
	}
	h.Days[2].Note = "ill <b>"
	svg := drawn(t, h)
	if n := strings.Count(svg, `class="noted"`); n != 1 {
		t.Errorf("%d dots", n)
	}
	if want := `aria-label="` + h.Days[2].Label + `. Note: ill &lt;b&gt;"`; !strings.Contains(svg, want) {
		t.Errorf("the name is not %s", want)
	}
}

func TestAHatchIsNeverALevel(t *testing.T) {
	for level := 1; level <= 5; level++ {
		h := Heat{ID: "h", Days: []HeatDay{{Level: level, State: Partial, Href: "/"}}}
		if strings.Contains(drawn(t, h), "hatch") {
			t.Errorf("level %d is hatched", level)
		}
	}
}
