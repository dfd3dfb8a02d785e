package server

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/ui/chart"
)

// cover tells what came of a person on each day from from to to, both
// included, and why something did not.
type cover struct {
	s        *Server
	v        *view
	at       int
	from, to health.Day
	today    health.Day
	// parked are the days on which something of a type came that could not be
	// understood.
	parked map[string]map[health.Day]bool
	// pauses are those that concern the person, however long ago.
	pauses []db.Pause
}

func (s *Server) newCover(r *http.Request, v *view, at int, from, to health.Day) (*cover, error) {
	p := v.facts.People[at]
	today := health.DayOf(v.p.Now.Unix(), offsetOf(s.zone(r.Context(), p.ID), v.p.Now))
	c := &cover{s: s, v: v, at: at, from: from, to: to, today: today, parked: map[string]map[health.Day]bool{}}
	pauses, err := s.store.Pauses(r.Context(), from.Midnight())
	if err != nil {
		return nil, err
	}
	c.pauses = slices.DeleteFunc(pauses, func(x db.Pause) bool { return x.Person != 0 && x.Person != p.ID })
	list, err := s.store.ParkedDays(r.Context(), p.ID)
	for _, k := range list {
		if c.parked[k.Type] == nil {
			c.parked[k.Type] = map[health.Day]bool{}
		}
		c.parked[k.Type][k.Day] = true
	}
	return c, err
}

// days gives the state of each day for one of the person's pairs.
func (c *cover) days(r *http.Request, j int) ([]chart.Absence, error) {
	p := &c.v.facts.People[c.at]
	pair := &p.Pairs[j]
	typ := c.v.facts.Types[pair.Type]
	out := make([]chart.Absence, int(c.to-c.from)+1)
	first, last, err := c.s.store.TypeDays(r.Context(), p.ID, typ.Key)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, err
	}
	if err != nil {
		first, last = 1<<30, 0 // never came: expected on no day
	}
	got, err := c.s.store.CoverageOf(r.Context(), p.ID, typ.Key, c.from, c.to)
	if err != nil {
		return nil, err
	}
	have := make(map[health.Day]bool, len(got))
	for _, g := range got {
		have[g.Day] = true
	}
	for i := range out {
		out[i] = c.state(c.from+health.Day(i), first, last, have, pair, &typ)
	}
	switch typ.Key {
	case garmin.Sleeps.Key:
		return out, c.nights(r, out)
	case garmin.Dailies.Key, garmin.StressDetails.Key:
		return out, c.cutShort(r, typ.Key, last, out)
	}
	return out, nil
}

// wholeDay is how long a day's summary is at least, in seconds, unless its
// person flew east. Garmin sends a day again and again while it grows, up to
// 86,400 seconds.
const wholeDay = 20 * 3600

// cutShort finds the days of a type that covers whole days which ended early
// although a later day came: the rest of them was never sent. The day of a
// flight east is short by itself: the next one begins where it ended.
func (c *cover) cutShort(r *http.Request, typ string, last health.Day, out []chart.Absence) error {
	reaches, err := c.s.store.Reaches(r.Context(), c.v.facts.People[c.at].ID, typ, c.from, c.to+1)
	for day, at := range reaches {
		next, known := reaches[day+1]
		flown := known && next.Start < at.End+3600
		if day < min(last, c.today-1) && day <= c.to && at.End-at.Start < wholeDay && !flown && out[day-c.from] == chart.Present {
			out[day-c.from] = chart.Partial
		}
	}
	return err
}

// nights tells nights without the watch, and those that may still change, from
// the others.
func (c *cover) nights(r *http.Request, out []chart.Absence) error {
	classes, err := c.s.store.Classes(r.Context(), c.v.facts.People[c.at].ID, garmin.Sleeps.Key, c.from, c.to)
	if err != nil {
		return err
	}
	for day, class := range classes {
		switch class {
		case health.OffWrist:
			out[day-c.from] = chart.OffBody
		case health.Tentative:
			out[day-c.from] = chart.Tentative
		}
	}
	return nil
}

// state says what is known of one day.
func (c *cover) state(day, first, last health.Day, have map[health.Day]bool, pair *alert.Pair, typ *alert.Type) chart.Absence {
	p := &c.v.facts.People[c.at]
	noon := day.Midnight().Add(12 * time.Hour)
	switch {
	case have[day]:
		return chart.Present
	case c.parked[typ.Key][day]:
		return chart.Failed
	case day > c.today || day < first || !typ.Rhythmic || pair.Off:
		return chart.NotExpected
	case c.excused(p, pair, typ, noon):
		return chart.NotExpected
	case day > last && day >= c.today-1 && !c.overdue(pair):
		return chart.Awaited
	}
	return chart.Missing
}

// excused says whether nothing was expected at an instant: paused, left, or
// not shared.
func (c *cover) excused(p *alert.Person, pair *alert.Pair, typ *alert.Type, at time.Time) bool {
	for _, x := range c.pauses {
		if (x.Type == "" || x.Type == typ.Key) && !at.Before(x.From) && at.Before(x.To) {
			return true
		}
	}
	state := c.v.found.People[c.at].Pairs[pair.Type].State
	return state == alert.Disconnected && at.After(p.Left) || state == alert.NotShared && at.After(p.Changed)
}

func (c *cover) overdue(pair *alert.Pair) bool {
	return c.v.found.People[c.at].Pairs[pair.Type].State == alert.Overdue
}
