package ui

import (
	"fmt"
	"math"

	"garner/query"
)

// StreamTwin is the streams of an activity as a table: for each lap or some minutes the
// lowest and the highest value.
type StreamTwin struct {
	// By says what a row is.
	By    string
	Heads []string
	Rows  []TwinRow
}

// TwinRow is a lap or some minutes with a cell for each stream.
type TwinRow struct {
	Name  string
	Cells []string
}

// twinRows is how many rows a table of minutes has at most.
const twinRows = 40

// twin makes the table of streams: by lap if there are several, or else by time.
func (w *activityWriter) twin(list []stream) {
	t := StreamTwin{By: "Lap"}
	parts, name := w.d.Laps, func(i int, _ query.Stretch) string { return fmt.Sprintf("Lap %d", i+1) }
	if len(parts) < 2 {
		t.By = "From, after the start"
		parts, name = minutesOf(last(w.d.T)), func(_ int, s query.Stretch) string { return lasting(s.From) }
	}
	for _, s := range list {
		t.Heads = append(t.Heads, s.Label+", "+s.scale.name)
	}
	at := 0
	for i, part := range parts {
		row := TwinRow{Name: name(i, part)}
		from := at
		for at < len(w.d.T) && (w.d.T[at] < part.To || i == len(parts)-1) {
			at++
		}
		for _, s := range list {
			row.Cells = append(row.Cells, s.extent(from, at))
		}
		t.Rows = append(t.Rows, row)
	}
	w.v.Twin = t
}

// minutesOf are equal parts of whole minutes from the start to some seconds after it.
func minutesOf(to float64) (out []query.Stretch) {
	step := stepWithin(to/twinRows, 60, 120, 300, 600, 900, 1800, 3600)
	for from := 0.0; from <= to; from += step {
		out = append(out, query.Stretch{From: from, To: from + step})
	}
	return out
}

// extent is the lowest and the highest value of some samples.
func (s *stream) extent(from, to int) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range s.Values[from:to] {
		if !math.IsNaN(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	write := func(x float64) string { return grouped(x, s.Decimals) }
	if s.Pace {
		write = minutes
	}
	switch {
	case low > high:
		return missing
	case write(low) == write(high):
		return write(low)
	}
	return write(low) + " to " + write(high)
}
