package simulator

import "time"

// civil is a calendar date, counted in days since 1970-01-01.
type civil int

const daySeconds = 86400

// civilOf is the date that t shows in its own zone.
func civilOf(t time.Time) civil {
	y, m, d := t.Date()
	return civil(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

func (c civil) utc() time.Time { return time.Unix(int64(c)*daySeconds, 0).UTC() }

func (c civil) weekday() time.Weekday { return c.utc().Weekday() }

func (c civil) weekend() bool {
	d := c.weekday()
	return d == time.Saturday || d == time.Sunday
}

// at is the instant when clocks in loc show the given minute of the date;
// negative minutes lie on the evening before.
func (c civil) at(loc *time.Location, minute int) int64 {
	y, m, d := c.utc().Date()
	return time.Date(y, m, d, 0, minute, 0, 0, loc).Unix()
}

func (c civil) append(b []byte) []byte { return c.utc().AppendFormat(b, time.DateOnly) }

// dates is a span of dates, last included.
type dates struct{ first, last civil }

func (s dates) has(c civil) bool { return s.first <= c && c <= s.last }

func anyHas(spans []dates, c civil) bool {
	for _, s := range spans {
		if s.has(c) {
			return true
		}
	}
	return false
}

// trip is a stay elsewhere: the flight there leaves on the first date, the
// flight back on the last. Both days begin where the person woke up.
type trip struct {
	dates
	zone *time.Location
}

// zoneOn is the zone that the person's watch shows when the date begins.
func (p *Person) zoneOn(c civil) *time.Location {
	for _, t := range p.trips {
		if t.first < c && c <= t.last {
			return t.zone
		}
	}
	return p.Zone
}

// start is the instant when the date begins for the person. A date lasts until
// the next one begins: 23 or 25 hours where clocks change, anything between 16
// and 32 where the person flies.
func (p *Person) start(c civil) int64 { return c.at(p.zoneOn(c), 0) }

// flies reports whether the person changes zones on the date.
func (p *Person) flies(c civil) bool { return p.zoneOn(c) != p.zoneOn(c+1) }

// sinceFlight counts days since the last change of zones, up to limit.
func (p *Person) sinceFlight(c civil, limit int) int {
	for k := range limit {
		if p.flies(c - civil(k) - 1) {
			return k
		}
	}
	return limit
}

// dateOf is the person's date at an instant.
func (p *Person) dateOf(t int64) civil {
	_, offset := time.Unix(t, 0).In(p.Zone).Zone()
	c := civil((t + int64(offset)) / daySeconds)
	for p.start(c) > t {
		c--
	}
	for p.start(c+1) <= t {
		c++
	}
	return c
}

// offset is what the person's watch adds to UTC at t, an instant of date c.
func (p *Person) offset(c civil, t int64) int {
	_, offset := time.Unix(t, 0).In(p.zoneOn(c)).Zone()
	return offset
}
