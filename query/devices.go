package query

import (
	"context"
	"slices"
	"strings"

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

// MetricDevices are the names of the devices that stand beside metrics of a person on the days
// from from to to: those in use, for metrics of activities bike computers among them, or else
// the one that was last worn before.
func (q *Reader) MetricDevices(ctx context.Context, person int64, metrics []string,
	from, to health.Day) ([]string, error) {
	list, err := q.Devices(ctx, person, from, to)
	if err != nil || slices.ContainsFunc(metrics, garmin.OfActivities) {
		return list, err
	}
	return q.worn(ctx, person, from, to, slices.DeleteFunc(list, func(d string) bool { return !wearable(d) }))
}

// wearable reports whether a device is worn. A bike computer measures no day and no night.
func wearable(device string) bool { return !strings.HasPrefix(device, "Edge") }

// wornDays is for how many days up to one the device that was last used then names the
// records of that day.
const wornDays = 28

// worn are the devices of what a person's records show on the days up to to: those that they
// name, or else the one that was last worn then.
func (q *Reader) worn(ctx context.Context, person int64, from, to health.Day, named []string) ([]string, error) {
	if slices.ContainsFunc(named, wearable) {
		return named, nil
	}
	list, err := q.Devices(ctx, person, min(from, to-wornDays+1), to)
	if i := slices.IndexFunc(list, wearable); i >= 0 {
		named = append(named, list[i])
	}
	return named, err
}
