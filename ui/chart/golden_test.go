package chart

import (
	"bytes"
	"context"
	"flag"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/health"

	"github.com/a-h/templ"
)

var update = flag.Bool("update", false, "write the golden files anew")

// day is a ribbon of 24 hours with a gap, a spell off the wrist and, if until
// is given, a rest that is still to come.
func day(until int64) Ribbon {
	r := Ribbon{Title: "Mon 23 Nov 2026", From: 0, To: 24 * hour, Until: until}
	off := []Span{{From: 18 * hour, To: 20 * hour, Word: "not worn"}}
	r.Lanes = []Lane{
		{Key: "sleep", Kind: Stages, Title: "Sleep", Blocks: []Block{
			{From: 0, To: hour, Class: "light", Label: "Light"}, {From: hour, To: 2 * hour, Class: "deep", Label: "Deep"},
			{From: 2 * hour, To: 3 * hour, Class: "unmeasurable", Label: "Unmeasurable"},
			{From: 3 * hour, To: 4 * hour, Class: "rem", Label: "REM"}}},
		{Key: "stress", Kind: Levels, Title: "Stress", Series: wave(30*time.Minute, 50, 45, off)},
		{Key: "battery", Kind: Area, Title: "Body Battery", Max: 100, Series: wave(30*time.Minute, 50, 40, off)},
		{Key: "heart", Kind: Line, Title: "Heart rate", Sentence: "49 at rest.", Mark: 49, MarkLabel: "rest 49",
			Series: wave(30*time.Minute, 80, 30, off)},
		{Key: "steps", Kind: Bars, Title: "Steps", Series: wave(time.Hour, 300, 300, off)},
		{Key: "activities", Kind: Spans, Title: "Activities", Blocks: []Block{{From: 8 * hour, To: 9 * hour,
			Class: "activity", Label: "Run", Href: "/a/1"}}},
		{Key: "spo2", Kind: Dots, Title: "Blood oxygen", Min: 80, Max: 100, Series: wave(time.Hour, 95, 3, nil)},
		{Key: "respiration", Kind: Dots, Title: "Respiration", Absent: Failed},
	}
	return r
}

// wave lacks the hours from 12 to 16 and those off the wrist, but for one
// sample at 14:00.
func wave(cadence time.Duration, base, height float64, off []Span) Series {
	s := Series{Unit: "u", Cadence: cadence, OffBody: off}
	for t := int64(0); t < 24*hour; t += cadence.Milliseconds() {
		if t >= 12*hour && t < 16*hour && t != 14*hour || t >= 18*hour && t < 20*hour {
			continue
		}
		s.Points = append(s.Points, Point{T: t, V: math.Round(base + height*math.Sin(float64(t)/float64(3*hour)))})
	}
	return s
}

func drawings() map[string]templ.Component {
	whole, running := day(0), day(10*hour)
	long := Ribbon{From: 0, To: 25 * hour, Offset: 7200, Seams: []Seam{{At: 3 * hour, Offset: 3600}}}
	out := map[string]templ.Component{"axis": whole.Axis(), "axis-25h": long.Axis(), "defs": Defs()}
	for i, l := range whole.Lanes {
		out["lane-"+l.Key] = whole.Draw(l)
		out["lane-"+l.Key+"-running"] = running.Draw(running.Lanes[i])
	}
	out["lane-25h"] = long.Draw(whole.Lanes[3])
	out["lane-stages-25h"] = long.Draw(whole.Lanes[0])
	for _, l := range whole.Lanes {
		out["gutter-"+l.Key] = whole.Gutter(l)
	}
	maps.Copy(out, nights())
	out["stage-bar"] = StageBar("n", "Night", whole.Lanes[0].Blocks)
	var days []DayMark
	for _, a := range append([]Absence{Present}, Kinds...) {
		days = append(days, DayMark{Label: "Mon 23 Nov", State: health.DayState{Absence: a}, Share: 0.5,
			Href: "/p/ada/day/2026-11-23"})
	}
	out["strip"] = Strip("d", "Delivery", days)
	row := YearRow{Title: "Sleep"}
	for d := range 366 {
		row.Days = append(row.Days, Absence(d/45%8))
	}
	out["year"] = Year("y", "2024 of Ada", 2024, []YearRow{row, {Title: "None", Days: make([]Absence, 366)}})
	out["heat"] = heat().Component()
	maps.Copy(out, trends())
	out["volume"] = Volume("v", "Sleep", []int{0, 3, 12, 5}, []Absence{NotExpected, Present, Present, Awaited})
	return out
}

func TestDrawingsMatchTheirGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, c := range drawings() {
		var b bytes.Buffer
		if err := c.Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		got := []byte(strings.ReplaceAll(b.String(), "><", ">\n<") + "\n")
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its golden file; look at it, then run with -update", name)
		}
	}
}

func TestNothingIsDrawnAcrossAGap(t *testing.T) {
	t.Parallel()
	r := day(0)
	var b bytes.Buffer
	if err := r.Draw(r.Lanes[3]).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`fill="url(#hatch)"`, `fill="url(#dotted)"`, `class="dot"`, ">missing<", ">not worn<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	_, path, _ := strings.Cut(svg, ` d="`)
	if n := strings.Count(path, "M"); n != 3 {
		t.Errorf("%d strokes, want 3: before the gap, after it, after the spell off the wrist", n)
	}
}

func TestClockFollowsTheWatch(t *testing.T) {
	t.Parallel()
	r := Ribbon{From: 22 * hour, To: 47 * hour, Offset: 7200, Seams: []Seam{{At: 25 * hour, Offset: 3600}}}
	for at, want := range map[int64]string{22 * hour: "00:00", 23*hour + hour/2: "01:30", 24*hour + hour/2: "02:30a",
		25*hour + hour/2: "02:30b", 26 * hour: "03:00"} {
		if got := r.Clock(at); got != want {
			t.Errorf("Clock(%d h) = %s, want %s", at/hour, got, want)
		}
	}
}

func TestSlotsSayWhyTheyAreEmpty(t *testing.T) {
	t.Parallel()
	r := day(0)
	slots := r.Slots(r.Lanes[3])
	if len(slots) != 48 {
		t.Fatalf("%d slots", len(slots))
	}
	if s := slots[29]; s.N != 0 || s.Why != Missing {
		t.Errorf("14:30: %+v", s)
	}
	if s := slots[37]; s.N != 0 || s.Why != OffBody {
		t.Errorf("18:30: %+v", s)
	}
	r.Until = 20 * hour
	if s := r.Slots(Lane{Series: Series{}, Kind: Line})[41]; s.Why != Awaited {
		t.Errorf("20:30: %+v", s)
	}
}

func TestReadoutKeepsLowestAndHighest(t *testing.T) {
	t.Parallel()
	r := Ribbon{From: 0, To: hour}
	l := Lane{Series: Series{Cadence: time.Minute, Points: []Point{{T: 0, V: 60}, {T: 60_000, V: 64}, {T: 240_000, V: 58}}}}
	if got := r.Readout(l); got != "60-64,,58" {
		t.Errorf("%q", got)
	}
}
