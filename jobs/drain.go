package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/client"
)

// A batch is what is claimed, decoded in parallel and applied together.
const (
	batchRows  = 256
	batchBytes = 8 << 20
)

// idlePoll is how long the drain sleeps at most. The wake channel is only a
// hint; requests of other processes are found by polling.
const idlePoll = 500 * time.Millisecond

// Drain turns deliveries into records: a pool of goroutines decodes, one goroutine
// applies.
type Drain struct {
	Inbox *db.InboxReader
	// Receiving is the inbox that receives at the same time and to which the drain
	// yields; nil if none does.
	Receiving *db.Inbox
	Store     *db.Store
	Log       *slog.Logger
	Workers   int
	// Wake is notified of new deliveries; nil is allowed.
	Wake <-chan struct{}
	// Target reads the address of a ping; nil if nothing is fetched. Its errors are
	// reasons why an address is never fetched.
	Target func(t *garmin.Type, address string) (client.Target, error)
	// Files is where activity files are kept. Without it, deliveries of files wait.
	Files *filestore.Store
	// Changed, where not nil, is called after records were applied.
	Changed func()

	people people
	busy   gauge
	gentle atomic.Bool
	turn   sync.Mutex
	stats  Stats
	// refused are deliveries with a part that the store refused.
	refused map[int64]error
}

// Stats count the work of the drain since the start.
type Stats struct {
	Deliveries, Elements, Parked, Retried atomic.Int64
	// BatchNanos is the time spent decoding and applying.
	BatchNanos atomic.Int64
}

// Stats returns the live counters.
func (d *Drain) Stats() *Stats { return &d.stats }

// Run drains until ctx ends, then applies what it has claimed and returns. It
// returns early, with the cause, only if garner.db is broken.
func (d *Drain) Run(ctx context.Context) error {
	if d.Workers <= 0 {
		<-ctx.Done()
		return nil
	}
	lanes := newLanes()
	group, ctx := errgroup.WithContext(ctx) // a broken store ends both lanes
	group.Go(func() error {
		defer close(lanes.quick)
		return d.produce(ctx, lanes.quick)
	})
	group.Go(func() error {
		defer close(lanes.slow)
		return d.produceSlow(ctx, lanes.slow)
	})
	group.Go(func() error { return d.consume(ctx, lanes) })
	return group.Wait()
}

// lanes bring results to the one goroutine that applies them. Deliveries that may
// take long have a lane of their own, so that they do not delay the others.
type lanes struct{ quick, slow chan []*db.Result }

func newLanes() lanes {
	return lanes{quick: make(chan []*db.Result, 1), slow: make(chan []*db.Result)}
}

// RunUntilEmpty drains what is due and returns; for commands that work on a
// data directory while Garner is not running.
func (d *Drain) RunUntilEmpty(ctx context.Context) error {
	for {
		more, err := d.step(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// step processes one batch of either lane and reports whether there was one.
func (d *Drain) step(ctx context.Context) (bool, error) {
	lanes := newLanes()
	var quick, slow bool
	var group errgroup.Group
	group.Go(func() (err error) {
		defer close(lanes.quick)
		defer close(lanes.slow)
		if quick, err = d.claimAndDecode(ctx, lanes.quick); err != nil {
			return err
		}
		slow, err = d.claimSlow(ctx, lanes.slow) // second, since the claim above finds the slow ones
		return err
	})
	group.Go(func() error { return d.consume(ctx, lanes) })
	err := group.Wait()
	more := quick || slow
	if err == nil && !more {
		more, err = d.derive(ctx)
	}
	return more, err
}

func (d *Drain) produce(ctx context.Context, out chan<- []*db.Result) error {
	return d.repeat(ctx, d.Wake, func() (bool, error) {
		began := time.Now()
		more, err := d.claimAndDecode(ctx, out)
		if err == nil && !more {
			more, err = d.derive(ctx)
		}
		if more {
			d.yield(ctx, time.Since(began))
		}
		return more, err
	})
}

func (d *Drain) produceSlow(ctx context.Context, out chan<- []*db.Result) error {
	return d.repeat(ctx, nil, func() (bool, error) { return d.claimSlow(ctx, out) })
}

// repeat works until ctx ends or the store is broken, and sleeps while there is
// nothing to do.
func (d *Drain) repeat(ctx context.Context, wake <-chan struct{}, work func() (more bool, err error)) error {
	for ctx.Err() == nil {
		more, err := work()
		switch {
		case errors.Is(err, db.ErrBroken):
			return err
		case err != nil && ctx.Err() == nil:
			d.Log.Error("drain", "err", err)
			sleep(ctx, wake, time.Second)
		case !more:
			sleep(ctx, wake, idlePoll)
		}
	}
	return nil
}

// claimAndDecode sends the results of the next batch, if there is one.
func (d *Drain) claimAndDecode(ctx context.Context, out chan<- []*db.Result) (bool, error) {
	rows, workers := batchRows, d.Workers
	if d.gentle.Load() {
		rows, workers = busyRows, 1
	}
	jobs, err := d.Store.Claim(ctx, d.Inbox, time.Now(), rows, batchBytes)
	if err != nil || len(jobs) == 0 {
		return false, err
	}
	ids, err := d.people.current(ctx, d.Store, d.Log)
	if err != nil {
		return false, err
	}
	results := make([]*db.Result, len(jobs))
	var pool errgroup.Group
	pool.SetLimit(workers)
	for i, job := range jobs {
		pool.Go(func() error {
			return d.oneAtATime(func() error {
				results[i] = d.process(context.WithoutCancel(ctx), job, ids, nil)
				return nil
			})
		})
	}
	if err := pool.Wait(); err != nil {
		return false, err
	}
	out <- results
	return true, nil
}

// claimSlow sends the result of one delivery that may take long, in parts, if
// there is one.
func (d *Drain) claimSlow(ctx context.Context, out chan<- []*db.Result) (bool, error) {
	job, err := d.Store.ClaimSlow(ctx, d.Inbox, time.Now())
	if err != nil || job == nil {
		return false, err
	}
	ids, err := d.people.current(ctx, d.Store, d.Log)
	if err != nil {
		return false, err
	}
	flush := func(part *db.Result) { out <- []*db.Result{part} }
	out <- []*db.Result{d.process(context.WithoutCancel(ctx), *job, ids, flush)}
	return true, nil
}

// errLeft means that a result was not applied before ctx ended.
var errLeft = errors.New("left for the next start")

// consume applies the results of both lanes until both end. After a result that
// it could not apply it applies no other: the last part of a delivery would
// conclude the delivery without the missing part.
func (d *Drain) consume(ctx context.Context, in lanes) error {
	var end error
	for quick, slow := in.quick, in.slow; quick != nil || slow != nil; {
		var batch []*db.Result
		var open bool
		select {
		case batch, open = <-quick:
			if !open {
				quick = nil
			}
		case batch, open = <-slow:
			if !open {
				slow = nil
			}
		}
		if end == nil && len(batch) > 0 { // else only keep the producers from blocking
			end = d.apply(ctx, d.withoutRefused(batch))
		}
	}
	if errors.Is(end, errLeft) {
		return nil
	}
	return end
}

// apply retries while the disk is full or another process holds the file, and
// gives up only on a broken file, or with errLeft at the end of ctx: what was
// claimed and not applied is processed at the next start. A result that the store
// refuses for another reason does not delay others.
func (d *Drain) apply(ctx context.Context, batch []*db.Result) error {
	began := time.Now()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 10*time.Second) {
		err := d.oneAtATime(func() error { return d.Store.Apply(ctx, time.Now(), batch) })
		if err == nil {
			break
		}
		if errors.Is(err, db.ErrBroken) {
			return err
		}
		if !errors.Is(err, db.ErrFull) && !errors.Is(err, db.ErrBusy) {
			return d.applyApart(ctx, batch, err)
		}
		d.Log.Error("apply deliveries", "err", err, "again_in", wait)
		if !sleep(ctx, nil, wait) {
			return errLeft
		}
	}
	d.stats.BatchNanos.Add(int64(time.Since(began)))
	d.count(batch)
	if d.Changed != nil {
		d.Changed()
	}
	return nil
}

func (d *Drain) count(batch []*db.Result) {
	for _, o := range batch {
		if o.Partial {
			continue
		}
		if o.State == db.Waiting {
			d.stats.Retried.Add(1)
			continue
		}
		if o.Job.First && d.Receiving != nil {
			d.Receiving.Settle(1, o.Job.Size)
		}
		d.stats.Deliveries.Add(1)
		d.stats.Elements.Add(int64(o.Elements))
		for _, is := range o.Issues {
			if is.Kind == db.Parked {
				d.stats.Parked.Add(int64(max(is.Count, 1)))
			}
		}
	}
}

// sleep waits until woken, at most for the time given; it returns false if ctx
// ended first.
func sleep(ctx context.Context, wake <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-wake:
	}
	return true
}

// Drained counts deliveries applied and elements parked since the start.
func (d *Drain) Drained() (deliveries, parked int64) {
	return d.stats.Deliveries.Load(), d.stats.Parked.Load()
}
