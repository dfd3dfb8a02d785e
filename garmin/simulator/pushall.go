package simulator

import (
	"context"
	"iter"
	"sync"
)

// PushAll pushes every delivery and calls progress, if any, with the number
// done so far. It ends at the first one that cannot be delivered before ctx
// ends. Deliveries of one person and type never overtake each other.
func (p *Pusher) PushAll(ctx context.Context, all iter.Seq[Delivery], progress func(done int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	lanes := newLanes(max(1, p.Parallel))
	var workers sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for d := range all {
		lanes.enter(&d)
		if ctx.Err() != nil {
			lanes.leave(&d)
			break
		}
		workers.Go(func() {
			defer lanes.leave(&d)
			if err := p.Push(ctx, d); err != nil {
				stop(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress != nil {
				progress(done)
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// lanes keep deliveries of one person and type in order, and limit how many
// are on the way.
type lanes struct {
	mu    sync.Mutex
	freed *sync.Cond
	free  int
	taken map[lane]bool
}

type lane struct {
	kind   string
	person int
}

func newLanes(parallel int) *lanes {
	l := &lanes{free: parallel, taken: map[lane]bool{}}
	l.freed = sync.NewCond(&l.mu)
	return l
}

// enter waits until nothing that d must follow is on the way.
func (l *lanes) enter(d *Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.free == 0 || l.blocked(d) {
		l.freed.Wait()
	}
	l.free--
	l.mark(d, true)
}

func (l *lanes) leave(d *Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	l.mark(d, false)
	l.freed.Signal()
}

func (l *lanes) blocked(d *Delivery) bool {
	for _, person := range d.people {
		if l.taken[lane{d.Type, person}] {
			return true
		}
	}
	return false
}

func (l *lanes) mark(d *Delivery, taken bool) {
	for _, person := range d.people {
		if taken {
			l.taken[lane{d.Type, person}] = true
		} else {
			delete(l.taken, lane{d.Type, person})
		}
	}
}
