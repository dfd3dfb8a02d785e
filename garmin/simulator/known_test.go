package simulator

import (
	"bytes"
	"testing"
	"time"
)

func TestWhatIsKnownEndsWithTheLastSync(t *testing.T) {
	t.Parallel()
	w := quiet()
	day := daysBefore(1)
	for _, final := range w.Final(0, day) {
		d, ok := w.Known(0, final.Type, day, until.Add(48*time.Hour))
		if !ok || !bytes.Equal(d.Body, final.Body) {
			t.Errorf("%s: two days later it is not final", final.Type)
		}
	}
	if _, ok := w.Known(0, "dailies", until, until.AddDate(0, 0, -1)); ok {
		t.Error("tomorrow is known")
	}
	noon := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, time.UTC)
	d, ok := w.Known(0, "dailies", day, noon)
	if !ok || elements(t, d)[0]["durationInSeconds"].(float64) >= 86400 {
		t.Errorf("at noon the day is over, or not known at all: %s", d.Body)
	}
}
