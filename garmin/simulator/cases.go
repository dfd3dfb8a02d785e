package simulator

import "time"

// Dates of what a world with stories holds so that it can be seen, in days before the end
// of the history.
const (
	overFrom, overTo = 120, 110 // the earliest trip over the date line; it may begin some days later
	enteredBack      = 30       // a night entered by hand
	raceBack         = 28       // the multisport workout is before that
)

// overDateLine adds a trip from America to Japan. It begins on the first day on which the
// person can sleep both before and after the flight: that date has eight hours.
func (w *World) overDateLine(p *Person) {
	usual := p.trips
	for later := range 30 {
		away := trip{w.back(overFrom-later, overTo-later), zone("Asia/Tokyo")}
		p.trips = append(usual[:len(usual):len(usual)], away)
		before, after := w.night(p, away.first), w.night(p, away.first+1)
		if before.wake < after.bed && !p.unwornOn(away.first) {
			return
		}
	}
	p.trips = usual
}

// race makes a triathlon of the newest Sunday of summer on which the person is at home,
// well, and in reach.
func (w *World) race(p *Person) {
	for c := w.end - raceBack; c > w.end-raceBack-365; c-- {
		month := c.utc().Month()
		if c.weekday() == time.Sunday && month >= time.May && month <= time.September && p.zoneOn(c) == p.Zone &&
			!p.flies(c) && !p.unwornOn(c) && w.illness(p, c) == 0 {
			p.races = append(p.races, dates{c, c})
			return
		}
	}
}
