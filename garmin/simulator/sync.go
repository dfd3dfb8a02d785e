package simulator

import (
	"slices"
	"time"
)

// syncs lists the instants of a date at which the watch met the phone: after
// waking, every few hours, after workouts, some nights in the middle.
func (w *World) syncs(p *Person, c civil) []int64 {
	r := w.stream(p.Index, forSyncs, int64(c))
	if anyHas(p.unsynced, c) || p.unwornOn(c) || r.Float64() < 0.02 && !w.comesHome(p, c) {
		return nil
	}
	start, end := p.start(c), p.start(c+1)
	tonight := w.night(p, c)
	var all []int64
	if r.Float64() < 0.35 {
		all = append(all, tonight.wake-int64(between(r, 4000, 10500)))
	}
	for t := tonight.wake + int64(between(r, 400, 1700)); t < end-600; t += int64(between(r, 3900, 11000)) {
		all = append(all, t)
	}
	for _, wo := range w.workouts(p, c) {
		all = append(all, wo.end()+uploaded+40+int64(wo.key%120))
	}
	slices.Sort(all)
	kept := all[:0]
	for _, t := range all {
		if t >= start && t < end && (len(kept) == 0 || t-kept[len(kept)-1] >= 600) {
			kept = append(kept, t)
		}
	}
	return kept
}

// meeting is one meeting of watch and phone, with the one before it.
type meeting struct {
	person    int
	since, at int64
}

// clock walks through the syncs of one person.
type clock struct {
	w    *World
	p    *Person
	date civil
	last int64
	rest []int64
}

// clockFrom starts a clock that next returns the first sync at or after from.
func (w *World) clockFrom(p *Person, from int64) *clock {
	k := &clock{w: w, p: p, date: p.dateOf(from), last: from - 20*daySeconds}
	for back := range civil(20) {
		all := w.syncs(p, k.date-back)
		i, _ := slices.BinarySearch(all, from)
		if i > 0 {
			k.last = all[i-1]
			break
		}
	}
	all := w.syncs(p, k.date)
	i, _ := slices.BinarySearch(all, from)
	k.rest = all[i:]
	return k
}

// next returns the next sync if it happens before the limit.
func (k *clock) next(limit int64) (meeting, bool) {
	for len(k.rest) == 0 {
		if k.p.start(k.date+1) >= limit {
			return meeting{}, false
		}
		k.date++
		k.rest = k.w.syncs(k.p, k.date)
	}
	if k.rest[0] >= limit {
		return meeting{}, false
	}
	s := meeting{k.p.Index, k.last, k.rest[0]}
	k.last, k.rest = s.at, k.rest[1:]
	return s, true
}

// afterglow is for how long after its end a day may still have news, such as a
// workout renamed late.
const afterglow = 5 * 3600

// push makes the deliveries of a sync: one per type that changed, seconds
// apart.
func (w *World) push(s meeting) []Delivery {
	p := &w.people[s.person]
	var bodies sheaf
	first, last := p.dateOf(s.since), p.dateOf(s.at)
	if s.since < p.start(first)+afterglow {
		first--
	}
	if s.at > w.night(p, last+1).bed {
		last++ // tomorrow's night has begun
	}
	for c := first; c <= last; c++ {
		bodies.gather(w.day(p, c), s.since, s.at)
	}
	var all []Delivery
	for i := range bodies.bodies {
		b := &bodies.bodies[i]
		if raw := b.bytes(); raw != nil {
			if d := w.deliver(b.kind, s.person, s.at+3+int64(len(all)), raw); !w.over(&d, d.At) {
				all = append(all, d)
			}
		}
	}
	return all
}

// AverageDay is what one person's syncs of one civil day push, undisturbed.
func (w *World) AverageDay(person int, day time.Time) []Delivery {
	p := &w.people[person]
	c := civilOf(day)
	k := w.clockFrom(p, p.start(c))
	var all []Delivery
	for {
		s, ok := k.next(p.start(c + 1))
		if !ok {
			return all
		}
		all = append(all, w.push(s)...)
	}
}
