package simulator

import (
	"sync"
	"time"
)

// day is one civil day of one person, cut from up to three cycles.
type day struct {
	w          *World
	p          *Person
	date       civil
	start, end int64
	offset     int
	loc        *time.Location
	minutes    []minute
	// own is the cycle whose night ends on this date.
	own      *cycle
	workouts []workout
	tracks   []func() *track // of the workouts, followed when first asked for
}

// day makes a person's civil day.
func (w *World) day(p *Person, c civil) *day {
	return w.days.get(cacheKey{p.Index, c}, func() *day { return w.makeDay(p, c) })
}

func (w *World) makeDay(p *Person, c civil) *day {
	d := &day{w: w, p: p, date: c, start: p.start(c), end: p.start(c + 1), loc: p.zoneOn(c)}
	d.offset = p.offset(c, d.start)
	d.own = w.cycle(p, c)
	d.workouts = w.workouts(p, c)
	for i := range d.workouts {
		d.tracks = append(d.tracks, sync.OnceValue(func() *track { return d.track(&d.workouts[i]) }))
	}
	d.minutes = make([]minute, (d.end-d.start)/60)
	if d.own.bed > d.start {
		d.take(w.cycle(p, c-1))
	}
	d.take(d.own)
	if d.own.next.bed < d.end {
		d.take(w.cycle(p, c+1))
	}
	return d
}

// take copies what a cycle says about the day.
func (d *day) take(y *cycle) {
	shift := int((y.bed - d.start) / 60)
	for i := max(0, shift); i < len(d.minutes) && i-shift < len(y.minutes); i++ {
		d.minutes[i] = y.minutes[i-shift]
	}
}

// known is how many whole minutes of the day are over at instant t.
func (d *day) known(t int64) int {
	return int(max(0, min(t, d.end)-d.start) / 60)
}

// worn counts the minutes among the first n with the watch on.
func (d *day) worn(n int) int {
	sum := 0
	for i := range d.minutes[:n] {
		if d.minutes[i].worn {
			sum++
		}
	}
	return sum
}

// at is the instant when clocks show the minute of this date, never outside it.
func (d *day) at(minute int) int64 {
	return max(d.start, min(d.date.at(d.loc, minute), d.end-60))
}

// index is the minute of the day that holds instant t.
func (d *day) index(t int64) int {
	return int(max(0, min((t-d.start)/60, int64(len(d.minutes))-1)))
}

// offsetAt is what the watch adds to UTC at an instant near this day.
func (d *day) offsetAt(t int64) int {
	_, offset := time.Unix(t, 0).In(d.loc).Zone()
	return offset
}
