package chart

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func activityDrawings() map[string]templ.Component {
	f := Streams{From: 0, To: 3_600_000, Pauses: []Span{{From: 1_200_000, To: 1_500_000}}}
	for m := int64(0); m <= 60; m += 15 {
		f.Ticks = append(f.Ticks, StreamTick{m * 60_000, fmt.Sprintf("%d min", m)})
	}
	pace := Stream{ID: "p", Key: "pace", Title: "Pace", Invert: true, Clip: 20, ClipText: "slower than 20:00",
		Format: func(v float64) string { return fmt.Sprintf("%.0f:00", v) }}
	run := func(from, to int64) (out []Point) {
		for t := from; t < to; t += 60_000 {
			out = append(out, Point{T: t, V: math.Round(50+10*math.Sin(float64(t)/300_000)) / 10})
		}
		return out
	}
	pace.Runs = [][]Point{run(0, 1_200_000), append(run(1_500_000, 3_600_000), Point{T: 3_600_000, V: 31})}
	track := Track{ID: "t", Title: "Track", Sentence: "A loop.", GridUnit: 1000,
		Format: func(v float64) string { return num(v) + " km" }}
	var places []Place
	for i := range 60 {
		a := float64(i) / 30 * math.Pi
		places = append(places, Place{52 + 0.01*math.Sin(a), 13 + 0.03*math.Cos(a)})
	}
	track.Runs = [][]Place{places[:20], places[25:]}
	track.Laps = []TrackMark{{places[10], "Lap 1 ends"}}
	coloured := track
	for _, run := range track.Runs {
		levels := make([]int, len(run))
		for i := range run {
			levels[i] = i/4%(TrackLevels+1) - 1
		}
		coloured.Levels = append(coloured.Levels, levels)
	}
	return map[string]templ.Component{"track-coloured": coloured.Draw(), "stream-pace": f.Draw(pace), "stream-gutter": f.Gutter(pace), "stream-axis": f.Axis(),
		"track": track.Draw(), "track-thumb": Thumb(places[:40]), "track-none": Track{ID: "t", Title: "Track"}.Draw()}
}

func TestAPaceHasItsLowNumbersAtTheTop(t *testing.T) {
	t.Parallel()
	lv, _, clipped := Stream{Runs: [][]Point{{{T: 0, V: 4}, {T: 1, V: 30}}}, Invert: true, Clip: 20}.scale()
	if !clipped || lv.hi < 20 || lv.hi >= 30 || lv.y(4) >= lv.y(8) {
		t.Errorf("%+v, clipped %v", lv, clipped)
	}
}

func TestATrackIsDashedWhereThereWasNoSignal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := activityDrawings()["track"].Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	if strings.Count(svg, `class="track-lost"`) != 1 || !strings.Contains(svg, "no signal") {
		t.Error("the loss of signal is not drawn")
	}
	_, line, _ := strings.Cut(svg, `class="track-line" d="`)
	if line, _, _ = strings.Cut(line, `"`); strings.Count(line, "M") != 2 {
		t.Errorf("the line joins what has no signal between: %s", line)
	}
}
