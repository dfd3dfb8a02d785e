package query

import (
	"context"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
)

// Household is everyone, as the watch sees them at one instant. It is made for
// one page or notification and read by one goroutine.
type Household struct {
	Viewer Viewer
	Store  *db.Store
	Facts  *alert.Facts
	Found  *alert.Findings

	read    bool
	pauses  []db.Pause
	notices map[int64][]db.Notice
}

// load reads once what concerns everyone.
func (h *Household) load(ctx context.Context) (err error) {
	if h.read {
		return nil
	}
	if h.pauses, err = h.Store.Pauses(ctx, time.Time{}); err != nil {
		return err
	}
	h.notices, err = h.Store.Notices(ctx)
	h.read = err == nil
	return err
}

// Zone is the clock that a person's watch showed last; UTC where none is known,
// or the viewer may not know.
func Zone(ctx context.Context, v Viewer, store *db.Store, person int64) *time.Location {
	if v.sees(person) != nil {
		return time.UTC
	}
	if seconds, err := store.Offset(ctx, person, garmin.Dailies.Key); err == nil {
		return time.FixedZone("", int(seconds))
	}
	rec, err := store.Newest(ctx, person, garmin.Dailies.Key)
	if err != nil || rec.Offset == nil {
		return time.UTC
	}
	return time.FixedZone("", int(*rec.Offset))
}

// dayAt is the date that a clock shows at an instant.
func dayAt(t time.Time, zone *time.Location) health.Day {
	_, offset := t.In(zone).Zone()
	return health.DayOf(t.Unix(), int32(offset))
}
