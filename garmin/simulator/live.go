package simulator

import (
	"container/heap"
	"iter"
	"time"
)

// Live yields what Garmin pushes from one instant until before another, in
// time order, disturbed by the world's faults. Adjoining calls continue each
// other without loss or repetition.
func (w *World) Live(from, to time.Time) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		first := w.lookBack(from)
		last := to.Unix()
		var clocks []*clock
		for i := range w.people {
			clocks = append(clocks, w.clockFrom(&w.people[i], first))
		}
		var waiting queue
		for at := first; at < last; at += window {
			var all []Delivery
			for _, k := range clocks {
				for s, ok := k.next(at + window); ok; s, ok = k.next(at + window) {
					all = append(all, w.push(s)...)
				}
			}
			for _, d := range append(w.disturb(all), w.asides(at, at+window)...) {
				if !d.At.Before(from) && d.At.Before(to) {
					heap.Push(&waiting, queued{d, len(waiting.all) + waiting.gone})
				}
			}
			if !waiting.release(time.Unix(at+window, 0), yield) {
				return
			}
		}
		waiting.release(to, yield)
	}
}

// lookBack is the start of the first window whose deliveries may arrive at or
// after an instant.
func (w *World) lookBack(from time.Time) int64 {
	late := int64(0)
	if w.faults.LateRetry > 0 {
		late = maxLate
	}
	first := from.Unix() - late
	for _, o := range w.faults.Outages {
		drained := o.To.Add(o.To.Sub(o.From) / 20)
		if o.From.Before(from) && drained.After(from) {
			first = min(first, o.From.Unix()-late)
		}
	}
	// Windows start a minute early, so that the deliveries of a sync, which
	// take some seconds, all lie in one.
	return first/window*window - 60 - window
}

// queue holds deliveries that have not arrived yet, earliest first and those
// of one second in the order in which they were made.
type queue struct {
	all  []queued
	gone int
}

type queued struct {
	Delivery
	number int
}

func (q *queue) Len() int { return len(q.all) }

func (q *queue) Less(i, j int) bool {
	a, b := &q.all[i], &q.all[j]
	if c := a.At.Compare(b.At); c != 0 {
		return c < 0
	}
	return a.number < b.number
}

func (q *queue) Swap(i, j int) { q.all[i], q.all[j] = q.all[j], q.all[i] }

func (q *queue) Push(x any) { q.all = append(q.all, x.(queued)) }

func (q *queue) Pop() any {
	last := q.all[len(q.all)-1]
	q.all[len(q.all)-1] = queued{}
	q.all = q.all[:len(q.all)-1]
	q.gone++
	return last
}

// release yields what arrives before an instant.
func (q *queue) release(before time.Time, yield func(Delivery) bool) bool {
	for len(q.all) > 0 && q.all[0].At.Before(before) {
		if !yield(heap.Pop(q).(queued).Delivery) {
			return false
		}
	}
	return true
}
