package simulator

import "time"

// Permissions that a person can give. Historical allows backfill.
const (
	ActivityExport   = "ACTIVITY_EXPORT"
	HealthExport     = "HEALTH_EXPORT"
	MCTExport        = "MCT_EXPORT"
	HistoricalExport = "HISTORICAL_DATA_EXPORT"
)

// grants are all of them.
var grants = [...]string{ActivityExport, HealthExport, MCTExport, HistoricalExport}

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
		if name == ActivityExport && withdrawn || name == MCTExport && !p.menstrual {
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
