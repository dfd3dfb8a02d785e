package simulator

import (
	"iter"
	"time"
)

const (
	growing = 14        // days at the end of the history that come as syncs
	telling = 35        // the same with stories, which need more of a past
	chunk   = 7         // days whose final records may share a body
	fullish = 256 << 10 // bytes beyond which a body takes no further day
	several = 10        // people who may share a body
)

// History yields everything up to Config.Until: first the last fourteen days,
// or with stories 35, as the syncs that they were, in time order, then the days
// before, newest first, in final versions.
func (w *World) History() iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		recent := w.recent()
		// A day earlier, for people whose date begins before UTC's.
		for d := range w.Live((recent - 1).utc(), w.cfg.Until) {
			if !yield(d) {
				return
			}
		}
		oldest := w.end - civil(w.cfg.Days) + 1
		for last := recent - 1; last >= oldest; last -= chunk {
			first := max(oldest, last-chunk+1)
			for i := 0; i < len(w.people); i += several {
				if !w.old(dates{first, last}, w.people[i:min(i+several, len(w.people))], yield) {
					return
				}
			}
		}
	}
}

// recent is the first date that comes as syncs.
func (w *World) recent() civil {
	if w.cfg.Stories {
		return w.end - civil(min(telling, w.cfg.Days)) + 1
	}
	return w.end - civil(min(growing, w.cfg.Days)) + 1
}

// old yields the final records of some people and days. Long bodies hold one
// person, short ones several.
func (w *World) old(days dates, people []Person, yield func(Delivery) bool) bool {
	var rest [len(kinds)][]Delivery
	for i := range people {
		p := &people[i]
		var s sheaf
		for c := days.last; c >= days.first; c-- {
			s.gather(w.day(p, c), always, ever)
			for k := range s.bodies {
				b := &s.bodies[k]
				switch {
				case len(b.b) > fullish:
					if !yield(w.finish(b, p, c)) {
						return false
					}
				case c == days.first && b.elements > 0:
					rest[k] = append(rest[k], w.finish(b, p, c))
				}
			}
		}
	}
	for _, same := range rest {
		if len(same) > 0 && len(same[0].Body) < fullish/8 {
			same = []Delivery{merge(same)}
		}
		for _, d := range same {
			if !yield(d) {
				return false
			}
		}
	}
	return true
}

// finish makes a delivery of a body that ends with date c, and begins the next.
func (w *World) finish(b *body, p *Person, c civil) Delivery {
	at := min(p.start(c+1)+9*3600, w.cfg.Until.Unix())
	d := w.deliver(b.kind, p.Index, at, b.bytes())
	*b = body{kind: b.kind}
	if w.chance(&d, 1) < w.faults.MissingHeader {
		d.Header.Del("garmin-client-id")
	}
	return d
}

// Final is everything about one person's civil day in final versions, one
// delivery per type. Of day only the date counts.
func (w *World) Final(person int, day time.Time) []Delivery {
	p := &w.people[person]
	c := civilOf(day)
	var s sheaf
	s.gather(w.day(p, c), always, ever)
	var all []Delivery
	for i := range s.bodies {
		b := &s.bodies[i]
		if raw := b.bytes(); raw != nil {
			if d := w.deliver(b.kind, person, p.start(c+1)+9*3600+int64(i), raw); !w.over(&d, d.At) {
				all = append(all, d)
			}
		}
	}
	return all
}

// DateLength is how many seconds one person's civil day lasts: 86400 unless clocks change
// or they fly. Of day only the date counts.
func (w *World) DateLength(person int, day time.Time) int64 {
	p, c := &w.people[person], civilOf(day)
	return p.start(c+1) - p.start(c)
}
