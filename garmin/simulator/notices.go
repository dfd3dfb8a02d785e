package simulator

import "time"

// grants are the permissions that a person can give.
var grants = [...]string{"ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", "HISTORICAL_DATA_EXPORT"}

// permissions writes the full set still granted, when it changed: the evening
// before activities stop, the evening of their last day away, and once when
// someone looks through the settings.
func (d *day) permissions(b *body, from, to int64) {
	at := d.at(1290)
	if !happened(at, from, to) {
		return
	}
	withdrawn := anyHas(d.p.withdrawn, d.date+1)
	changed := withdrawn == d.granted()
	if !changed && d.date != d.w.end-200-civil(d.p.Index%100) {
		return
	}
	b.granted(d.p, at, withdrawn)
}

// granted writes what is still granted from an instant on.
func (b *body) granted(p *Person, at int64, withdrawn bool) {
	b.open(p, at)
	b.begin("permissions", '[')
	for _, name := range grants {
		if name == "ACTIVITY_EXPORT" && withdrawn || name == "MCT_EXPORT" && !p.menstrual {
			continue
		}
		b.sep()
		b.b = append(b.b, '"')
		b.b = append(b.b, name...)
		b.b = append(b.b, '"')
	}
	b.end(']')
	b.int("changeTimeInSeconds", at)
	b.close()
}

// Deregistration is the notice that a person cut the link. It is never part of
// the history: after it nothing more would come.
func (w *World) Deregistration(person int, at time.Time) Delivery {
	b := body{kind: "deregistrations"}
	b.open(&w.people[person])
	b.close()
	return w.deliver("deregistrations", person, at.Unix(), b.bytes())
}
