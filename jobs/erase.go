package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"garner/db"
)

// Eraser carries out the erasures of people that db.Store.Erase began, and deletes
// stored bodies that name erased people as soon as nothing else needs them. Only the
// process that holds the lock of the data directory may run it.
type Eraser struct {
	Inbox *db.Inbox
	Store *db.Store
	Log   *slog.Logger
	Dir   string // the data directory
}

const (
	// erasePoll is how often new erasures are looked for.
	erasePoll = time.Second
	// eraseAgain is after how long an erasure that cannot go on is tried again.
	eraseAgain = time.Minute
)

// scanRows and scanBytes limit how many bodies are in memory while they are searched.
const (
	scanRows  = 64
	scanBytes = 4 << 20
)

// sweepStep is how many bodies are deleted at a time.
const sweepStep = 100

// Run erases until ctx ends. An erasure that was interrupted continues.
func (e *Eraser) Run(ctx context.Context) error {
	for wait := time.Duration(0); sleep(ctx, nil, wait); {
		wait = erasePoll
		done, err := e.RunOnce(ctx)
		if err != nil && ctx.Err() == nil {
			e.Log.Error("erase", "err", err)
		}
		if err != nil || !done {
			wait = eraseAgain
		}
	}
	return nil
}

// RunOnce carries out what can be done now, and reports whether all erasures are
// complete, but for bodies that other people's elements still need.
func (e *Eraser) RunOnce(ctx context.Context) (done bool, err error) {
	list, err := e.Store.Erasures(ctx)
	if err != nil {
		return false, err
	}
	for _, one := range list {
		if err := e.erase(ctx, one); err != nil {
			return false, err
		}
	}
	if err := e.sweep(ctx); err != nil {
		return false, err
	}
	if err := e.scrub(ctx); err != nil || len(list) == 0 {
		return err == nil, err
	}
	done = true
	for _, one := range list {
		ended, err := e.end(ctx, one)
		if err != nil {
			return false, err
		}
		done = done && ended
	}
	return done, e.scrub(ctx)
}

// erase deletes rows and files of a person, and searches the stored bodies for them.
func (e *Eraser) erase(ctx context.Context, one db.Erasure) error {
	if err := e.Store.SetScrubbed(ctx, false); err != nil {
		return err
	}
	for {
		done, err := e.Store.EraseRows(ctx, one.Person)
		if err != nil {
			return err
		}
		if done {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := e.Store.EraseMentions(ctx, one); err != nil {
		return err
	}
	if err := e.removeFiles(one); err != nil {
		return err
	}
	return e.scan(ctx, one)
}

// removeFiles removes the activity files of a person.
func (e *Eraser) removeFiles(one db.Erasure) error {
	if !filepath.IsLocal(one.Files) {
		return fmt.Errorf("the folder of an erased person is outside of the data directory: %s", one.Files)
	}
	return os.RemoveAll(filepath.Join(e.Dir, one.Files))
}

// scan marks the stored bodies that name a person.
func (e *Eraser) scan(ctx context.Context, one db.Erasure) error {
	look := newSearch(one.Names)
	for through := one.Through; through < one.Last; {
		if err := ctx.Err(); err != nil {
			return err
		}
		some, err := e.Inbox.Stored(ctx, through, scanRows, scanBytes)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			through = one.Last
		}
		var found []db.FoundBody
		for _, d := range some {
			through = min(d.ID, one.Last)
			if d.ID > one.Last {
				break
			}
			hit, err := look.delivery(ctx, e.Inbox.InboxReader, d)
			if errors.Is(err, db.ErrDamaged) {
				e.Log.Warn("a stored body is damaged and may name an erased person", "delivery", d.ID)
			} else if err != nil {
				return err
			}
			if hit.named {
				found = append(found, db.FoundBody{Delivery: d.ID, Alone: !hit.others})
			}
		}
		if err := e.Store.MarkBodies(ctx, one.Person, through, found); err != nil {
			return err
		}
	}
	return nil
}

// sweep deletes bodies that name an erased person, where nothing is left to do for
// others.
func (e *Eraser) sweep(ctx context.Context) error {
	for {
		ids, err := e.Store.Erasable(ctx, sweepStep)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := e.Store.SetScrubbed(ctx, false); err != nil {
			return err
		}
		if err := e.Inbox.Prune(ctx, ids); err != nil {
			return err
		}
		if err := e.Store.Forget(ctx, ids); err != nil {
			return err
		}
		e.Log.Info("bodies of erased people deleted", "deliveries", len(ids))
	}
}

// scrub makes what was deleted unreadable in the files of the databases.
func (e *Eraser) scrub(ctx context.Context) error {
	if done, err := e.Store.Scrubbed(ctx); err != nil || done {
		return err
	}
	if err := errors.Join(e.Store.Scrub(ctx), e.Inbox.Scrub(ctx)); err != nil {
		return fmt.Errorf("what was erased is still in the log of a database: %w", err)
	}
	return e.Store.SetScrubbed(ctx, true)
}

// end completes an erasure, unless a delivery that was claimed before it began may
// still bring something of the person.
func (e *Eraser) end(ctx context.Context, one db.Erasure) (bool, error) {
	busy, err := e.Store.InHand(ctx, time.Now(), one.Last)
	if err != nil || busy {
		return false, err
	}
	if err := e.removeFiles(one); err != nil {
		return false, err
	}
	if err := e.Store.SetScrubbed(ctx, false); err != nil {
		return false, err
	}
	if err := e.Store.EndErasure(ctx, one.Person); err != nil {
		return false, err
	}
	e.Log.Info("a person was erased", "person", one.Person)
	return true, nil
}
