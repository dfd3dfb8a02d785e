package query

import (
	"context"

	"garner/db"
	"garner/health"
)

// cardDays is how many days the trends of a card have.
const cardDays = 28

// cardMetrics are those of which a card has trends.
var cardMetrics = []string{"resting_heart_rate", "hrv", "sleep"}

// cardTrends reads the trends of all cards together.
func (q *Reader) cardTrends(ctx context.Context, cards map[int64]*Card) error {
	upTo := make([]db.PersonDay, 0, len(cards))
	for person, c := range cards {
		upTo = append(upTo, db.PersonDay{Person: person, Day: c.Today})
	}
	types := typesOfTrends(trendsOf(cardMetrics, 0, -1))
	list, err := q.Store.LastReadings(ctx, upTo, cardDays+health.UsualDays, types...)
	if err != nil {
		return err
	}
	of := map[int64][]health.Reading{}
	for i := range list {
		of[list[i].Person] = append(of[list[i].Person], list[i].Reading)
	}
	for person, c := range cards {
		r := trendReader{q: q, person: person, from: c.Today - cardDays + 1, to: c.Today}
		if err := r.begin(ctx); err != nil {
			return err
		}
		c.Trends = trendsOf(cardMetrics, r.from, r.to)
		r.fill(c.Trends, of[person])
		for i := range c.Trends {
			if err := r.finish(ctx, &c.Trends[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
