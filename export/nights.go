package export

import (
	"io"
	"strconv"
	"time"

	"garner/query"
)

// WriteNights writes CSV: a line for each night, the newest first. Times are on the
// watch's clock; what is missing is empty.
func WriteNights(out io.Writer, n query.Nights) error {
	b := AppendRow(nil, "date", "state", "start", "end", "asleep_s", "deep_s", "light_s", "rem_s", "awake_s",
		"unmeasurable_s", "score", "score_qualifier", "validation", "version", "device")
	for _, night := range n.List {
		cells := make([]string, 13)
		if s := night.Slept(); s != nil {
			cells = cellsOfNight(s)
		}
		b = AppendRow(b, append([]string{night.Date.String(), night.State.Key()}, cells...)...)
	}
	_, err := out.Write(b)
	return err
}

// cellsOfNight are those from the start on.
func cellsOfNight(s *query.NightSleep) []string {
	cells := []string{onRecordClock(s.Start, s.Offset), onRecordClock(s.End, s.OffsetAt(s.End)), wholeSeconds(s.Asleep)}
	for _, name := range []string{"deep", "light", "rem", "awake", "unmeasurable"} {
		cell := ""
		if length, ok := s.Stage(name); ok {
			cell = wholeSeconds(length)
		}
		cells = append(cells, cell)
	}
	score := ""
	if s.Score != nil {
		score = strconv.FormatFloat(*s.Score, 'f', -1, 64)
	}
	return append(cells, score, s.Qualifier, s.Validation, s.Class.Key(), s.Device)
}

func wholeSeconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }

func onRecordClock(at int64, offset int32) string {
	return time.Unix(at, 0).In(time.FixedZone("", int(offset))).Format(time.RFC3339)
}
