package simulator

import (
	"slices"
	"time"
)

// Faults say how deliveries are disturbed. Shares are between 0 and 1.
type Faults struct {
	MissingHeader float64 // of deliveries without garmin-client-id
	Duplicate     float64 // of deliveries sent twice
	LateRetry     float64 // of deliveries that fail at first and come after newer ones
	Batched       float64 // of five-minute windows whose deliveries share a body per type
	Outages       []Outage
}

// Outage is a time in which Garmin could not reach the receiver. What was to
// come then comes afterwards, in its order.
type Outage struct{ From, To time.Time }

// UsualFaults is what an ordinary receiver lives with.
func UsualFaults() Faults {
	return Faults{MissingHeader: 0.02, Duplicate: 0.03, LateRetry: 0.02, Batched: 0.3}
}

const (
	window  = 300 // seconds whose deliveries may share a body
	maxLate = 3*3600 + 60
)

// chance draws a number for a delivery and a kind of fault.
func (w *World) chance(d *Delivery, fault uint64) float64 {
	at := uint64(d.At.Unix())
	return unit(w.key(d.people[0], forFaults, 0) + at*31 + fault<<48 + mix(uint64(len(d.Body))))
}

// disturb turns the deliveries of one window into what arrives of them, and
// when.
func (w *World) disturb(all []Delivery) []Delivery {
	var out []Delivery
	for _, d := range w.batch(all) {
		if w.chance(&d, 1) < w.faults.MissingHeader {
			d.Header.Del("garmin-client-id")
		}
		if w.chance(&d, 2) < w.faults.Duplicate {
			again := d
			again.At = d.At.Add(time.Duration(2+int(20*w.chance(&d, 3))) * time.Second)
			if !w.spoils(&again, again.At) {
				out = append(out, w.held(again))
			}
		}
		if w.chance(&d, 4) < w.faults.LateRetry {
			late := d.At.Add(time.Duration(1200+8500*w.chance(&d, 5)) * time.Second)
			if !w.spoils(&d, late) {
				d.At = late
			}
		}
		out = append(out, w.held(d))
	}
	return out
}

// held moves a delivery that fell into an outage behind its end.
func (w *World) held(d Delivery) Delivery {
	for _, o := range w.faults.Outages {
		if !d.At.Before(o.From) && d.At.Before(o.To) {
			d.At = o.To.Add(d.At.Sub(o.From) / 20)
		}
	}
	return d
}

// batch joins the deliveries of a window by type, in some windows.
func (w *World) batch(all []Delivery) []Delivery {
	slices.SortStableFunc(all, func(a, b Delivery) int { return a.At.Compare(b.At) })
	var out []Delivery
	for i := range kinds {
		var same []Delivery
		for _, d := range all {
			if d.Type == kinds[i].name {
				same = append(same, d)
			}
		}
		if len(same) < 2 {
			out = append(out, same...)
			continue
		}
		slot := uint64(same[0].At.Unix() / window)
		if unit(mix(w.cfg.Seed+slot)+uint64(i)) < w.faults.Batched {
			if one := merge(same); !w.spoils(&one, one.At) {
				same = []Delivery{one}
			}
		}
		out = append(out, same...)
	}
	slices.SortStableFunc(out, func(a, b Delivery) int { return a.At.Compare(b.At) })
	return out
}
