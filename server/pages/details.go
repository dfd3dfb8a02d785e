package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/ui/chart"
)

// part is a record with its element.
type part struct {
	rec *health.Record
	v   element.Value
}

// partsOf reads a person's records of some types and a day.
func (s *Site) partsOf(ctx context.Context, person int64, types []*garmin.Type,
	day health.Day) (map[string][]part, error) {
	out := map[string][]part{}
	for _, t := range types {
		recs, err := s.store.Records(ctx, person, t.Key, day, day, db.Cursor{}, 2000)
		if err != nil {
			return nil, err
		}
		for _, rec := range recs {
			v, err := element.Unpack(rec.Body)
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", t.Key, day, err)
			}
			out[t.Key] = append(out[t.Key], part{rec, v})
		}
	}
	return out, nil
}

// mainSleep is the place of the main sleep among those of a date.
func mainSleep(sleeps []part) int {
	list := make([]garmin.Part, len(sleeps))
	for i, p := range sleeps {
		list[i] = garmin.Part{Start: p.rec.Start, End: p.rec.End, Value: p.v}
	}
	return garmin.MainSleep(list)
}

func timeAsleep(sleep part) time.Duration {
	seconds, _ := sleep.v.Get("durationInSeconds").Int()
	return time.Duration(seconds) * time.Second
}

func seriesOf(t *garmin.Type, name string) (*garmin.Series, bool) {
	for i := range t.Series {
		if t.Series[i].Name == name {
			return &t.Series[i], true
		}
	}
	return nil, false
}

func sortBlocks(blocks []chart.Block) {
	slices.SortFunc(blocks, func(a, b chart.Block) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
}

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
