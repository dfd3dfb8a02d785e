package query

import (
	"context"

	"garner/garmin"
	"garner/health"
)

// namingTypes are the types whose records name the device: that of a day's other records is
// the one that the person wore then.
var namingTypes = []string{garmin.Activities.Key, garmin.HealthSnapshot.Key}

// Devices are the names of a person's devices in use on the days from from to to, both
// included, the last used first. It makes one statement.
func (q *Reader) Devices(ctx context.Context, person int64, from, to health.Day) ([]string, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	return q.Store.DevicesOf(ctx, person, namingTypes, from, to)
}
