package pages

import (
	"context"
	"errors"
	"fmt"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// detailsAlone gives the activities of a day of which only the details came, as
// their summaries tell them.
func (s *Site) detailsAlone(ctx context.Context, person int64, day health.Day) (out []part, err error) {
	for rec, err := range s.store.Unmatched(ctx, person, garmin.ActivityDetails.Key, garmin.Activities.Key, day) {
		if errors.Is(err, db.ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		v, err := element.Unpack(rec.Body)
		if err != nil {
			return nil, fmt.Errorf("details of %s: %w", day, err)
		}
		if summary, ok := garmin.SummaryOf(v); ok {
			out = append(out, part{rec, summary})
		}
	}
	return out, nil
}

// newestActivity is the one that began last, by its record or, where that has
// not come, by its details; ErrNotFound where there is neither.
func (s *Site) newestActivity(ctx context.Context, person int64) (part, error) {
	var newest part
	rec, err := s.store.Newest(ctx, person, garmin.Activities.Key)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return newest, err
	}
	if err == nil {
		if newest.v, err = element.Unpack(rec.Body); err != nil {
			return newest, err
		}
		newest.rec = rec
	}
	_, last, err := s.store.TypeDays(ctx, person, garmin.ActivityDetails.Key)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return newest, err
	}
	if err == nil && (newest.rec == nil || last >= newest.rec.Day) {
		alone, err := s.detailsAlone(ctx, person, last)
		if err != nil {
			return newest, err
		}
		for _, p := range alone {
			if newest.rec == nil || p.rec.Start > newest.rec.Start {
				newest = p
			}
		}
	}
	if newest.rec == nil {
		return newest, db.ErrNotFound
	}
	return newest, nil
}
