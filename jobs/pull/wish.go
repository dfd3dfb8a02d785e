package pull

import (
	"context"
	"errors"
	"fmt"
	"time"

	"garner/db"
)

// wish is an open request.
type wish struct {
	db.PullWish
	at    time.Time
	taken bool // the people that it is about know it
	hands []*hand
	books []*book
	total int64
	shown time.Duration // uptime of the last progress
}

// errNoKey is why a request for people without a key fails.
var errNoKey = errors.New("no key for the Personal API is in use")

// requests takes up what was asked for by hand, and ends what is done.
func (r *Runner) requests(ctx context.Context, now time.Time, up time.Duration) error {
	open, err := r.Store.OpenRequests(ctx)
	if err != nil {
		return err
	}
	for _, req := range open {
		if req.Kind != db.RequestPull {
			continue
		}
		w := r.wishes[req.ID]
		if w == nil {
			w = &wish{at: req.Created}
			if w.PullWish, err = db.PullWishOf(req); err != nil {
				return r.Store.EndRequest(ctx, now, req.ID, err)
			}
			r.wishes[req.ID] = w
		}
		if err := r.carryOut(ctx, req.ID, w, now, up); err != nil {
			return err
		}
	}
	return nil
}

// carryOut tells the people of a wish, reports its progress and ends it.
func (r *Runner) carryOut(ctx context.Context, id int64, w *wish, now time.Time, up time.Duration) error {
	if !w.taken {
		if err := r.take(ctx, w); err != nil {
			return err
		}
	} else if up-w.shown < time.Second {
		return nil
	}
	w.shown = up
	var left, failed int
	for i, h := range w.hands {
		p := &planner{Schedule: r.Schedule, book: w.books[i], now: now, today: dayIn(now, w.books[i].zone)}
		left, failed = left+p.left(h), failed+h.failed
	}
	if left > 0 {
		w.total = max(w.total, int64(left))
		return r.Store.Progress(ctx, id, w.total-int64(left), w.total)
	}
	var cause error
	switch {
	case len(w.hands) == 0:
		cause = errNoKey
	case failed > 0:
		cause = fmt.Errorf("%d calls failed; they are made again later", failed)
	}
	for i, h := range w.hands {
		w.books[i].drop(h)
	}
	delete(r.wishes, id)
	return r.Store.EndRequest(ctx, now, id, cause)
}

// take gives a wish to the people that it is about. What was asked since it was written is
// done.
func (r *Runner) take(ctx context.Context, w *wish) error {
	for i, h := range w.hands {
		w.books[i].drop(h)
	}
	w.taken, w.hands, w.books = true, nil, nil
	for _, b := range r.books {
		if w.Person != 0 && w.Person != b.person {
			continue
		}
		rows, err := r.Store.PulledOf(ctx, b.person, 0, lastDay)
		if err != nil {
			return err
		}
		h := &hand{PullWish: w.PullWish, done: map[item]bool{}}
		for _, row := range rows {
			if !row.Asked.Before(w.at) {
				h.done[item{row.Endpoint, row.Item}] = true
			}
		}
		b.hands, b.quiet = append(b.hands, h), time.Time{}
		w.hands, w.books = append(w.hands, h), append(w.books, b)
	}
	return nil
}
