package query

import (
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// medianDays is how many days before a day its values are compared with, and
// medianLeast how many of them must have a value.
const (
	medianDays  = 28
	medianLeast = 7
)

// DayMetric is a metric's value of a day.
type DayMetric struct {
	health.Metric
	Value float64
	// Word stands for the value of a metric that is a status; empty for numbers.
	Word string
	// Median is that of the 28 days before, without this one; nil if too few
	// of them have a value, and of a status.
	Median *float64
	// Received, Device, Delivery and Simulated are where the value comes from;
	// all zero for metrics derived across records.
	Received  time.Time
	Device    string
	Delivery  int64
	Simulated bool
}

// readMetrics returns every metric that the day has, in the order of
// garmin.Metrics.
func (r *dayReader) readMetrics() error {
	today, err := r.q.Store.DayReadings(r.ctx, r.person, r.Date)
	if err != nil {
		return err
	}
	today = slices.DeleteFunc(today, func(from db.DayReading) bool { return isPrivate(from.Type) && !r.private })
	earlier, err := r.q.Store.Readings(r.ctx, r.person, r.Date-medianDays, r.Date-1)
	if err != nil {
		return err
	}
	values := map[string][]float64{}
	for _, day := range byDay(earlier, r.Date-medianDays, r.Date-1) {
		for name, x := range day.Values {
			values[name] = append(values[name], x)
		}
	}
	readings := make([]health.Reading, len(today))
	for i, from := range today {
		readings[i] = from.Reading
	}
	main := health.MainSleeps(readings)
	for _, m := range garmin.Metrics() {
		x, at, ok := garmin.DayValue(m, readings, main)
		if !ok {
			continue
		}
		from := today[at]
		out := DayMetric{Metric: m, Value: x, Received: from.Received, Device: from.Device, Delivery: from.Delivery,
			Simulated: from.Origin == health.Simulated}
		out.Word, _ = garmin.MetricWord(m.Name, x)
		if list := values[m.Name]; len(list) >= medianLeast && out.Word == "" {
			median := health.Median(list)
			out.Median = &median
		}
		r.Metrics = append(r.Metrics, out)
	}
	return nil
}
