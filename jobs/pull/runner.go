package pull

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// Garmin answers for the Personal API, as *personal.Client does.
type Garmin interface {
	Exchange(ctx context.Context, key string) (personal.Bearer, error)
	Get(ctx context.Context, bearer personal.Bearer, r personal.Request) (personal.Reply, error)
}

// Inbox keeps answers, as *db.Inbox does.
type Inbox interface {
	Put(ctx context.Context, a db.Arrival, body []byte) (int64, error)
}

// Runner makes the calls that are due: a few at a time, and one per person in turn.
type Runner struct {
	Store  *db.Store
	Inbox  Inbox
	Garmin Garmin
	Log    *slog.Logger
	Schedule
	// Source is where answers come from: health.Personal, or health.Simulated in a demo.
	Source health.Origin
	// PerSecond is how many calls begin in any second, Parallel how many run at a time.
	PerSecond, Parallel int
	// OnlyByHand makes the calls that were asked for, and no others.
	OnlyByHand bool
	// Busy reports whether live data wait to be received or processed; nil for never.
	Busy func() bool
	// Changed, where not nil, is called after a call.
	Changed func()
	// Counted, where not nil, is called with the HTTP status of each call, 0 for none.
	Counted func(status int)

	mark  int64
	books []*book // of the people with a key in use, by person
	turn  int
	pace  pace
	// seen is when the last step was.
	seen time.Time
	// resume is before when no call is made: Garmin said so, or does not work.
	resume time.Time
	down   int // calls in a row that Garmin did not answer as it should
	wishes map[int64]*wish

	mu sync.Mutex // of the books while calls run
}

// poll is how long Run waits at most.
const poll = time.Second

// Run makes calls until ctx ends. Cron looks every second for what is due: new keys and
// requests are noticed within it.
func (r *Runner) Run(ctx context.Context) error {
	logger := cron.PrintfLogger(slog.NewLogLogger(r.Log.Handler(), slog.LevelError))
	c := cron.New(cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(cron.DiscardLogger)))
	began, broken := time.Now(), make(chan error, 1)
	c.Schedule(cron.Every(poll), cron.FuncJob(func() {
		if err := r.steps(ctx, began); err != nil {
			select {
			case broken <- err:
			default: // one is enough
			}
		}
	}))
	c.Start()
	var err error
	select {
	case <-ctx.Done():
	case err = <-broken:
	}
	<-c.Stop().Done()
	return err
}

// steps makes the calls that are due now. Its error wraps db.ErrBroken.
func (r *Runner) steps(ctx context.Context, began time.Time) error {
	for ctx.Err() == nil {
		// Since uses the monotonic clock: setting the clock changes nothing.
		wait, err := r.Step(ctx, time.Now(), time.Since(began))
		if err != nil && ctx.Err() == nil {
			if errors.Is(err, db.ErrBroken) {
				return err
			}
			r.Log.Error("pull", "err", err)
			return nil
		}
		if wait >= poll {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// call is a call that is about to be made.
type call struct {
	book *book
	ask  *Ask
	rows []db.Pulled
}

// Step makes the calls that may be made at once, and returns how long to wait until the
// next step: longer than that only if nothing changes. now is the time of day; up is a time
// that only ever grows, by which the pace is kept.
func (r *Runner) Step(ctx context.Context, now time.Time, up time.Duration) (wait time.Duration, err error) {
	if now.Before(r.seen.Add(-clockSlack)) { // the clock was set back: all is read anew
		r.books, r.mark, r.resume, r.down = nil, -1, time.Time{}, 0
	}
	r.seen = now
	if err := r.people(ctx, now); err != nil {
		return 0, err
	}
	if err := r.requests(ctx, now, up); err != nil {
		return 0, err
	}
	if now.Before(r.resume) {
		return r.resume.Sub(now), nil
	}
	if r.Busy != nil && r.Busy() {
		return poll, nil
	}
	free, wait := r.pace.free(up, r.PerSecond)
	most := min(free, r.Parallel)
	if r.down >= mostDown {
		most = min(most, 1) // to try whether it works again
	}
	calls := r.pick(now, most)
	if len(calls) == 0 {
		if free == 0 {
			return wait, nil
		}
		return r.quiet(now), nil
	}
	err = r.make(ctx, calls, now, up)
	_, wait = r.pace.free(up, r.PerSecond)
	return wait, err
}

// make makes calls at the same time.
func (r *Runner) make(ctx context.Context, calls []call, now time.Time, up time.Duration) error {
	var err error
	bearers := make([]personal.Bearer, len(calls)) // all before the first call, which may change what is known
	for i, c := range calls {
		var failed error
		bearers[i], failed = r.bearer(ctx, c.book, now, up)
		err = errors.Join(err, failed)
	}
	var group errgroup.Group
	for i, c := range calls {
		if bearers[i].Token == "" {
			r.mu.Lock()
			r.release(c)
			r.mu.Unlock()
			continue
		}
		r.pace.began(up)
		group.Go(func() error { return r.call(ctx, c, bearers[i], now) })
	}
	err = errors.Join(err, group.Wait())
	if r.Changed != nil {
		r.Changed()
	}
	return err
}

// pick chooses calls, one per person in turn, and marks what they ask for.
func (r *Runner) pick(now time.Time, n int) (calls []call) {
	for len(calls) < n {
		before := len(calls)
		for i := range r.books {
			at := (r.turn + i) % len(r.books)
			b := r.books[at]
			if now.Before(b.wait) || now.Before(b.quiet) {
				continue
			}
			ask, again := r.plan(b, now, r.OnlyByHand)
			if ask == nil {
				b.quiet = again
				continue
			}
			c := call{b, ask, b.items(ask, dayIn(now, b.zone))}
			for _, row := range c.rows {
				b.asking[item{row.Endpoint, row.Item}] = true
			}
			calls, r.turn = append(calls, c), at+1
			break
		}
		if len(calls) == before {
			break
		}
	}
	return calls
}

func (r *Runner) release(c call) {
	for _, row := range c.rows {
		delete(c.book.asking, item{row.Endpoint, row.Item})
	}
	c.book.quiet = time.Time{}
}

// quiet is how long nothing is due.
func (r *Runner) quiet(now time.Time) time.Duration {
	wait := time.Hour
	for _, b := range r.books {
		at := b.quiet
		if b.wait.After(at) {
			at = b.wait
		}
		wait = min(wait, at.Sub(now))
	}
	return max(wait, 0)
}

// people takes up new keys, and drops people whose key is not in use any more.
func (r *Runner) people(ctx context.Context, now time.Time) error {
	mark, err := r.Store.PeopleMark(ctx)
	if err != nil || r.wishes != nil && mark == r.mark {
		return err
	}
	keys, err := r.Store.PersonalKeys(ctx)
	if err != nil {
		return err
	}
	had, books := map[int64]*book{}, []*book{}
	for _, b := range r.books {
		had[b.person] = b
	}
	for _, k := range keys {
		if k.State != db.KeyInUse {
			continue
		}
		b := had[k.Person]
		if b == nil || b.key.Generation != k.Generation {
			rows, err := r.Store.PulledOf(ctx, k.Person, 0, lastDay)
			if err != nil {
				return err
			}
			b = newBook(k, rows, now)
		}
		books = append(books, b)
		if k.Resume.Before(now.Add(mostResume)) && k.Resume.After(r.resume) {
			r.resume = k.Resume
		}
	}
	r.books, r.mark = books, mark
	if r.wishes == nil {
		r.wishes = map[int64]*wish{}
	}
	for _, w := range r.wishes {
		w.taken = false // there may be people it does not know yet
	}
	return nil
}

const (
	// lastDay is after all days.
	lastDay health.Day = 1 << 30
	// mostResume is more than Garmin may ask to wait: a later instant was written before
	// the clock was set back.
	mostResume = 25 * time.Hour
	// clockSlack is how far the clock may be set back without notice.
	clockSlack = time.Minute
)

// pace keeps when calls began, by uptime.
type pace struct{ starts []time.Duration }

func (p *pace) began(up time.Duration) { p.starts = append(p.starts, up) }

// free is how many calls may begin now, and how long to wait until one may.
func (p *pace) free(up time.Duration, perSecond int) (n int, wait time.Duration) {
	for len(p.starts) > 0 && up-p.starts[0] >= time.Second {
		p.starts = p.starts[1:]
	}
	if n = perSecond - len(p.starts); n > 0 {
		return n, 0
	}
	return 0, p.starts[len(p.starts)-perSecond] + time.Second - up
}
