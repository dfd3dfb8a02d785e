package query

import (
	"context"
	"errors"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Snapshot is a health snapshot: two minutes that a person measured sitting still.
type Snapshot struct {
	Day health.Day
	// Start and End are on the record's clock. The start in unix seconds names the
	// snapshot.
	Start, End time.Time
	Device     string
	Delivery   int64
	Simulated  bool
	// Measures are in the order of pages, all of them.
	Measures []SnapshotMeasure
}

// ID is the name of the snapshot in addresses.
func (s *Snapshot) ID() SnapshotID { return SnapshotID(s.Start.Unix()) }

// SnapshotMeasure is one quantity of a snapshot.
type SnapshotMeasure struct {
	Kind           string
	Metric         health.Metric
	Low, High      Quantity
	Average        Quantity
	health.Samples // none if the device gives only the average
}

// Quantity is a number that may be missing.
type Quantity struct {
	Value float64
	OK    bool
}

// snapshotKinds are the quantities of a snapshot: the series that has its samples,
// empty for none, and the metric that is its average.
var snapshotKinds = []struct{ kind, series, metric string }{
	{"heart_rate", "heart_rate", "snapshot_heart_rate"},
	{"hrv", "", "snapshot_rmssd"},
	{"spo2", "spo2", "snapshot_spo2"},
	{"respiration", "respiration", "snapshot_respiration"},
	{"stress", "stress", "snapshot_stress"},
}

// Snapshots are a person's health snapshots up to a day, the newest first. Whole spans of
// snapshotDays are read until there are limit of them or more. next is the day up to which
// the rest are, nil if these are all.
func (q *Reader) Snapshots(ctx context.Context, person int64, to health.Day, limit int) (out []Snapshot,
	next *health.Day, err error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, nil, err
	}
	first, last, err := q.Store.TypeDays(ctx, person, garmin.HealthSnapshot.Key)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for to = min(to, last); to >= first && len(out) < limit; to -= snapshotDays {
		list, err := q.snapshots(ctx, person, max(first, to-snapshotDays+1), to)
		if err != nil {
			return nil, nil, err
		}
		slices.Reverse(list)
		out = append(out, list...)
	}
	if to >= first {
		next = &to
	}
	return out, next, nil
}

// snapshotDays is how many days are read at a time.
const snapshotDays = 92

// SnapshotID names a snapshot of a person: its start in unix seconds.
type SnapshotID int64

// Snapshot is the one of an id, or db.ErrNotFound.
func (q *Reader) Snapshot(ctx context.Context, person int64, id SnapshotID) (*Snapshot, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	around := health.DayOf(int64(id), 0) // its own date is at most one off
	list, err := q.snapshots(ctx, person, around-1, around+1)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID() == id {
			return &list[i], nil
		}
	}
	return nil, db.ErrNotFound
}

// snapshots are those of some days in order of time.
func (q *Reader) snapshots(ctx context.Context, person int64, from, to health.Day) (out []Snapshot, err error) {
	for u, err := range intact(q.Store.Each(ctx, person, garmin.HealthSnapshot.Key, from, to)) {
		if err != nil {
			return nil, err
		}
		out = append(out, snapshotOf(u))
	}
	return out, nil
}

func snapshotOf(u unpacked) Snapshot {
	s := Snapshot{Day: u.Day, Start: onWatch(u.Start, u.Offset), End: onWatch(u.End, u.Offset), Device: u.Device,
		Delivery: u.Order.Arrival.Delivery, Simulated: u.Simulated()}
	for _, k := range snapshotKinds {
		m := SnapshotMeasure{Kind: k.kind}
		m.Metric, _ = garmin.MetricNamed(k.metric)
		sum := garmin.SnapshotSummary(u.v, k.metric)
		m.Low, m.High, m.Average = quantity(sum, "minValue"), quantity(sum, "maxValue"), quantity(sum, "avgValue")
		for i := range garmin.HealthSnapshot.Series {
			if series := &garmin.HealthSnapshot.Series[i]; series.Name == k.series {
				m.Samples = samplesOf(series, u)
			}
		}
		s.Measures = append(s.Measures, m)
	}
	return s
}

// samplesOf are the samples of one record; negative ones are reasons.
func samplesOf(s *garmin.Series, u unpacked) health.Samples {
	out := health.Samples{Cadence: s.Cadence}
	s.Each(u.v, u.Start, func(ms int64, n element.Num) bool {
		x := n.Float()
		if s.Reason != nil {
			if word, none := s.Reason(x); none {
				out.Off = extend(out.Off, ms, s.Cadence, word)
				return true
			}
		}
		out.Points = append(out.Points, health.Point{T: ms, V: x})
		return true
	})
	sortPoints(out.Points)
	return out
}

// quantity is a field that is never negative, nor more than anything that is measured.
func quantity(v element.Value, name string) Quantity {
	x, ok := v.Get(name).Float()
	if !ok || x < 0 || x > mostMeasured {
		return Quantity{}
	}
	return Quantity{x, true}
}
