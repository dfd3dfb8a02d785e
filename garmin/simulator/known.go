package simulator

import "time"

// Known is one type of one person's civil day as Garmin knows it at an
// instant: without what the watch had not synced by then. It is false where
// there is nothing. Of day only the date counts.
func (w *World) Known(person int, kind string, day, at time.Time) (Delivery, bool) {
	p := &w.people[person]
	c := civilOf(day)
	synced := w.clockFrom(p, at.Unix()).last
	for i := range kinds {
		if kinds[i].name != kind {
			continue
		}
		b := body{kind: kind}
		kinds[i].write(w.day(p, c), &b, always, synced)
		if raw := b.bytes(); raw != nil {
			d := w.deliver(kind, person, p.start(c+1)+9*3600, raw)
			return d, !w.over(&d, d.At)
		}
	}
	return Delivery{}, false
}
