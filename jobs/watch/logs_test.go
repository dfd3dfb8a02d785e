package watch

import (
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
)

func TestALogThatStaysLongIsToldAfterTenMinutesAndAShortOneEndsIt(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Ada")
	began := g.now
	reported := func(after time.Duration, log int64) (evidence *alert.Evidence) {
		t.Helper()
		now := began.Add(after)
		if err := g.w.noteLog(t.Context(), now, db.FileSize{Name: "garner.db", Log: 1},
			db.FileSize{Name: "inbox.db", Log: log}); err != nil {
			t.Fatal(err)
		}
		var in alert.Inside
		if err := g.w.signs(t.Context(), now, &in); err != nil {
			t.Fatal(err)
		}
		ran := alert.NewObservableTime([]alert.Span{{From: began, To: now}}, nil, 0)
		for _, c := range alert.Evaluate(&alert.Facts{Now: now, Until: now, Inside: in, Running: ran, ObservableTime: ran}).
			Conditions {
			if c.Kind == alert.LogLong {
				return &c.Evidence
			}
		}
		return nil
	}
	for _, step := range []struct {
		after time.Duration
		log   int64
		open  bool
	}{
		{0, longestLog + 1, false}, {9 * time.Minute, longestLog + 1, false}, {11 * time.Minute, longestLog + 2, true},
		{12 * time.Minute, longestLog, false}, {13 * time.Minute, longestLog + 1, false},
		{22 * time.Minute, longestLog + 1, false}, {24 * time.Minute, longestLog + 1, true},
	} {
		got := reported(step.after, step.log)
		if (got != nil) != step.open || got != nil && (got.Bytes != step.log || got.Detail != "inbox.db-wal") {
			t.Errorf("after %s with %d bytes: %+v, want an incident: %t", step.after, step.log, got, step.open)
		}
	}
	if size, err := g.Store.FileSize(); err != nil || size.Name != "garner.db" || size.Bytes == 0 || size.Log == 0 {
		t.Errorf("%+v, %v", size, err)
	}
}
