package chart

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"garner/ui/text"
)

func TestTheAxisIsWrittenByTheReadersClock(t *testing.T) {
	t.Parallel()
	texts := regexp.MustCompile(`y="14">([^<]*)<`)
	for clock, want := range map[text.Clock][]string{
		"":           {"00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"},
		text.Clock12: {"12 am", "3 am", "6 am", "9 am", "12 pm", "3 pm", "6 pm", "9 pm"},
	} {
		r := day(0)
		r.Hours = clock
		var b strings.Builder
		if err := r.Axis().Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range texts.FindAllStringSubmatch(b.String(), -1) {
			got = append(got, strings.ReplaceAll(m[1], "\u202f", " "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", clock, got, want)
		}
	}
}

func TestATimeThatComesTwiceIsMarkedOnEitherClock(t *testing.T) {
	t.Parallel()
	r := Ribbon{From: 22 * hour, To: 47 * hour, Offset: 7200, Seams: []Seam{{At: 25 * hour, Offset: 3600}},
		Hours: text.Clock12}
	for at, want := range map[int64]string{22 * hour: "12:00 am", 24*hour + hour/2: "2:30 am (a)",
		25*hour + hour/2: "2:30 am (b)", 26 * hour: "3:00 am", 44 * hour: "9:00 pm"} {
		if got := strings.ReplaceAll(r.Clock(at), "\u202f", " "); got != want {
			t.Errorf("Clock(%d h) = %s, want %s", at/hour, got, want)
		}
	}
}
