package chart

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// night is from 18:00 to 12:00, with a sleep from 22:30 to 06:30 of which an hour could
// not be measured.
func night() (Ribbon, Lane) {
	r := Ribbon{ID: "n-", Title: "Night to Mon 23 Nov", From: 18 * hour, To: 36 * hour, Midnight: 24 * hour,
		Marks: []Mark{{At: 22*hour + hour/2, Label: "asleep 22:30"}, {At: 30*hour + hour/2, Label: "awake 06:30"}}}
	at := func(from, to float64, class string) Block {
		return Block{From: int64(from * float64(hour)), To: int64(to * float64(hour)), Class: class, Label: class}
	}
	l := Lane{Key: "sleep", Kind: Stages, Title: "Sleep", Sentence: "Asleep 7 h.", Blocks: []Block{
		at(22.5, 23, "light"), at(23, 24.5, "deep"), at(24.5, 25, "awake"), at(25, 26, "unmeasurable"), at(26, 28, "rem"),
		at(28, 30.5, "light")}}
	return r, l
}

func nights() map[string]templ.Component {
	r, l := night()
	plain, tentative, none := l, l, l
	plain.Blocks = []Block{{From: l.Blocks[0].From, To: 30*hour + hour/2, Class: "asleep",
		Label: "asleep, no stages from this device"}}
	tentative.Provisional = true
	none.Blocks, none.Absent = nil, OffBody
	usual := []Span{{From: 22 * hour, To: 23 * hour}, {From: 30 * hour, To: 31 * hour}}
	return map[string]templ.Component{
		"night": r.Draw(l), "night-no-stages": r.Draw(plain), "night-tentative": r.Draw(tentative),
		"night-off-wrist": r.Draw(none), "night-axis": r.Axis(), "night-gutter": r.Gutter(l),
		"night-bar": r.NightBar(NightRow{Title: "Mon 23 Nov", Blocks: l.Blocks},
			usual),
		"night-bar-missing": r.NightBar(NightRow{Title: "Tue 24 Nov", Absent: Missing, Word: "missing"}, usual),
	}
}

func TestEachBlockOfANightIsInTheRowOfItsStageOrSpansAll(t *testing.T) {
	t.Parallel()
	r, l := night()
	var b bytes.Buffer
	if err := r.Draw(l).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`class="stage awake" x="36.11%" width="2.78%" y="6" height="23"`,
		`class="stage deep" x="27.78%" width="8.33%" y="111" height="23"`,
		`class="stage unmeasurable" x="38.89%" width="5.56%" y="0" height="140" rx="1" fill="url(#hatch-light)"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	if n := strings.Count(svg, `class="riser"`); n != 3 { // none to what could not be measured
		t.Errorf("%d risers, want 3", n)
	}
}

func TestTheCursorReadsWhyThereIsNoValue(t *testing.T) {
	t.Parallel()
	r := day(0)
	if got := r.Reasons(r.Lanes[3]); !strings.Contains(got, "64800 72000 not worn") ||
		!strings.Contains(got, " missing") {
		t.Errorf("the reasons are %q", got)
	}
	if got := r.Reasons(r.Lanes[7]); got != "0 86400 not processed" {
		t.Errorf("of a lane without anything: %q", got)
	}
	if got := r.Reasons(r.Lanes[6]); got != "" { // dots are few by nature
		t.Errorf("of dots: %q", got)
	}
	running := day(10 * hour)
	if got := running.Reasons(running.Lanes[3]); !strings.Contains(got, "36000 86400 not yet") {
		t.Errorf("of a day that is not over: %q", got)
	}
}

func TestAScaleHasThreeWholeNumbersAroundItsRange(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]float64{{48, 168, 40, 200}, {50, 50, 49, 51}, {0, 0, 0, 2}, {0, 0.4, 0, 2},
		{58.2, 61.9, 58, 62}, {38, 61, 30, 70}, {70.6, 72.1, 70, 74}, {0, 11000, 0, 12000}} {
		lo, hi := fitted(c[0], c[1], false)
		if lo != c[2] || hi != c[3] {
			t.Errorf("%v to %v: %v to %v", c[0], c[1], lo, hi)
		}
	}
	for _, c := range [][4]float64{{70.6, 71.4, 70.5, 71.5}, {70.6, 72.1, 70, 74}, {-0.4, 0.3, -0.5, 0.5}} {
		if lo, hi := fitted(c[0], c[1], true); lo != c[2] || hi != c[3] {
			t.Errorf("%v to %v with halves: %v to %v", c[0], c[1], lo, hi)
		}
	}
}

func TestBoundsOfAnyNumbersAreFound(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][2]float64{{nan, nan}, {0, nan}, {nan, 1}, {0, inf}, {-inf, 0}, {-inf, inf},
		{-math.MaxFloat64, math.MaxFloat64}} {
		fitted(c[0], c[1], false)
		fitted(c[0], c[1], true)
	}
}
