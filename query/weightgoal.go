package query

import (
	"context"
	"errors"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// WeightGoal is the weight in grams that a person wanted to reach on a day, not OK without
// a goal: that of the goals in force that began last. Goals are private: for others there is
// none.
func (q *Reader) WeightGoal(ctx context.Context, person int64, on health.Day) (goal Quantity, err error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return goal, err
	}
	if q.Viewer.hides(person, garmin.WeightGoals.Key) {
		return goal, nil
	}
	first, _, err := q.Store.TypeDays(ctx, person, garmin.WeightGoals.Key)
	if errors.Is(err, db.ErrNotFound) {
		return goal, nil
	}
	if err != nil {
		return goal, err
	}
	for u, err := range intact(q.Store.Each(ctx, person, garmin.WeightGoals.Key, first, on)) {
		if err != nil {
			return goal, err
		}
		if ends, err := health.ParseDay(u.v.Get("endDate").Text()); err == nil && ends < on {
			continue
		}
		goal = quantity(u.v, "goalValueInGrams")
	}
	return goal, nil
}
