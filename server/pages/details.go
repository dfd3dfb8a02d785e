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
