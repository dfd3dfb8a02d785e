package query

import (
	"context"
	"slices"

	"garner/garmin"
	"garner/health"
)

// HistoryGap is a gap of a person's type that Garmin could fill. Offset is how far the
// person's clock is ahead of UTC, in seconds.
type HistoryGap struct {
	TypeGap
	Person int64
	Offset int32
}

// gapsAtOnce is for how many people days are read at a time.
const gapsAtOnce = 50

// HistoryGaps returns the gaps of the last year of everyone whom the viewer sees, of
// types that Garmin sends again on request.
func (h *Household) HistoryGaps(ctx context.Context) ([]HistoryGap, error) {
	var out []HistoryGap
	for places := range slices.Chunk(h.seen(), gapsAtOnce) {
		some := *h // what it loads is not kept
		some.loaded = nil
		from, to := h.lastDays(shareDays)
		if err := some.Load(ctx, places, from, to); err != nil {
			return nil, err
		}
		for _, at := range places {
			gaps, err := some.historyGaps(ctx, at)
			if err != nil {
				return nil, err
			}
			out = append(out, gaps...)
		}
	}
	return out, nil
}

func (h *Household) historyGaps(ctx context.Context, at int) ([]HistoryGap, error) {
	c, err := h.Coverage(ctx, at)
	if err != nil {
		return nil, err
	}
	gaps, err := c.Gaps(ctx, "", c.Today-shareDays+1, c.Today)
	if err != nil {
		return nil, err
	}
	_, offset := h.Facts.Now.In(c.zone).Zone()
	var out []HistoryGap
	for _, g := range gaps {
		if t, known := garmin.Lookup(g.Type); known && t.Backfill != "" && g.Kind != health.Failed {
			out = append(out, HistoryGap{g, c.person().ID, int32(offset)})
		}
	}
	return out, nil
}
