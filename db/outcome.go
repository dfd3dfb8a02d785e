package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"garner/health"
)

// Outcome is what processing made of a claimed delivery.
type Outcome struct {
	Job      Job
	Type     string // the first top-level key
	Elements int
	Versions []health.Version
	Issues   []Issue
	Notices  []Notice
	// Tallies count what is left out; they count once, with the delivery's
	// first whole outcome.
	Tallies map[Tally]int
	// Links are user ids that deliveries taught us by naming a known token
	// beside them.
	Links []Link
	// State is what the delivery becomes. Waiting means that it is tried again
	// at Due.
	State  State
	Due    time.Time
	Reason string
	// Partial means that more of this delivery follows: its versions are
	// applied and its state stays.
	Partial bool
}

// Notice is what Garmin says of a connection: a hint until confirmed.
type Notice struct {
	Element int32
	Person  int64
	Type    string
	Detail  string
	At      time.Time
}

// Link says that Garmin calls a person by a user id.
type Link struct {
	UserID string
	Person int64
}

// Tally counts something that was left out, by reason.
type Tally struct{ What, Type, Name string }

// sliceOfTime is how long one transaction may go on taking outcomes, well
// under the 200 ms for which the writer may be held.
const sliceOfTime = 60 * time.Millisecond

// Apply makes the outcomes part of the store, several to a transaction, each
// together with its delivery's state. Where it fails, some of the outcomes may
// be applied; applying any of them again is harmless.
func (s *Store) Apply(ctx context.Context, now time.Time, outs []*Outcome) error {
	for len(outs) > 0 {
		var n int
		err := s.w.do(ctx, func(t *tx) error {
			a := newApplier(s, t, now)
			began := time.Now()
			for n = 0; n < len(outs) && (n == 0 || time.Since(began) < sliceOfTime); n++ {
				if err := a.outcome(outs[n]); err != nil {
					return err
				}
			}
			return a.finish()
		})
		if err != nil {
			return err
		}
		outs = outs[n:]
	}
	return nil
}

// applier is the state of one applying transaction.
type applier struct {
	s     *Store
	t     *tx
	now   time.Time
	nowMS int64

	blocks  map[blockKey]*block
	cover   map[coverKey]struct{}
	fresh   map[freshKey]*freshness
	dirty   map[dirtyKey]struct{}
	tallies map[Tally]int
	requeue map[int64]struct{}
	arrived map[arrivalKey]int64 // bits of hours
	volume  map[volumeKey]int
}

func newApplier(s *Store, t *tx, now time.Time) *applier {
	return &applier{
		s: s, t: t, now: now, nowMS: now.UnixMilli(),
		blocks: map[blockKey]*block{}, cover: map[coverKey]struct{}{}, fresh: map[freshKey]*freshness{},
		dirty: map[dirtyKey]struct{}{}, tallies: map[Tally]int{}, requeue: map[int64]struct{}{},
		arrived: map[arrivalKey]int64{}, volume: map[volumeKey]int{},
	}
}

func (a *applier) outcome(o *Outcome) error {
	if contradicted, err := a.links(o.Links); err != nil {
		return err
	} else if contradicted {
		return a.takeUpAgain(o)
	}
	received := o.Job.Received.UnixMilli()
	for i := range o.Versions {
		if err := a.version(&o.Versions[i], received); err != nil {
			return err
		}
		if o.Job.First {
			a.volume[volumeKey{a.s.kinds[o.Versions[i].Type].id, received / dayMS}]++
		}
	}
	if o.Partial {
		return nil
	}
	if o.Job.First && o.State != Waiting {
		for tally, n := range o.Tallies {
			a.tallies[tally] += n
		}
	}
	if err := a.t.exec(`delete from issue where delivery = ?`, o.Job.ID); err != nil {
		return err
	}
	state, due := o.State, int64(0)
	if state == Waiting {
		due = o.Due.UnixMilli()
	}
	for _, is := range o.Issues {
		if err := a.t.exec(`insert into issue (delivery, element, kind, type, user_id, reason, count, at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)`,
			o.Job.ID, is.Element, int(is.Kind), is.Type, is.UserID, is.Reason, max(is.Count, 1), a.nowMS); err != nil {
			return err
		}
		if is.Kind == Orphaned && state == Done {
			linked, err := a.linkedMeanwhile(is.UserID)
			if err != nil {
				return err
			}
			if linked {
				state = Waiting
			}
		}
	}
	if err := a.notices(o); err != nil {
		return err
	}
	return a.t.exec(`update delivery set state = ?, due_ms = ?, applied_ms = case when ? then applied_ms else ? end, type = ?, elements = ?, reason = ?,
		attempts = case when ? then 0 else attempts end where id = ?`,
		int(state), due, o.State == Waiting, a.nowMS, o.Type, o.Elements, o.Reason, state == Waiting && o.State != Waiting, o.Job.ID)
}

// linkedMeanwhile catches the person who was added between the look at the
// identities and this transaction.
func (a *applier) linkedMeanwhile(userID string) (bool, error) {
	var one int
	err := a.t.row(`select 1 from identity where kind = 'user_id' and value = ?
		union all select 1 from identity where kind = 'token' and 'token:' || lower(hex(substr(value, 1, 8))) = ? limit 1`,
		[]any{[]byte(userID), userID}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// links notes user ids, and says whether one of them has become somebody
// else's since the identities were looked at.
func (a *applier) links(links []Link) (contradicted bool, err error) {
	for _, l := range links {
		res, err := a.t.result(`insert into identity (kind, value, person) values ('user_id', ?, ?) on conflict do nothing`, []byte(l.UserID), l.Person)
		if err != nil {
			return false, err
		}
		added, err := res.RowsAffected()
		if err != nil {
			return false, err
		}
		if added == 0 {
			var person int64
			if err := a.t.row(`select person from identity where kind = 'user_id' and value = ?`, []any{[]byte(l.UserID)}, &person); err != nil {
				return false, err
			}
			contradicted = contradicted || person != l.Person
			continue
		}
		if err := errors.Join(a.t.releaseOrphans(l.UserID), a.t.bumpPeople()); err != nil {
			return false, err
		}
	}
	return contradicted, nil
}

// takeUpAgain leaves an outcome out that rests on identities of before: its
// delivery is processed anew with those of now.
func (a *applier) takeUpAgain(o *Outcome) error {
	if o.Partial {
		return nil // what follows of it carries the same links
	}
	return a.t.exec(`update delivery set state = 0, due_ms = 0, attempts = 0 where id = ?`, o.Job.ID)
}

func (a *applier) notices(o *Outcome) error {
	for _, n := range o.Notices {
		if err := a.t.exec(`insert into notice (delivery, element, person, type, detail, at_ms) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
			o.Job.ID, n.Element, n.Person, n.Type, n.Detail, n.At.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// version puts one version in its place.
func (a *applier) version(v *health.Version, received int64) error {
	k, ok := a.s.kinds[v.Type]
	if !ok {
		return errors.New("type without a kind: " + v.Type)
	}
	if err := a.note(v, k, received); err != nil {
		return err
	}
	if k.Small {
		return a.small(v, k, received)
	}
	return a.record(v, k, received)
}

// finish writes what was gathered over the whole transaction.
func (a *applier) finish() error {
	for _, step := range []func() error{a.writeBlocks, a.writeCoverage, a.writeFreshness, a.writeDirty, a.writeTallies, a.writeRequeue, a.writeArrivals, a.writeVolume} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) writeTallies() error {
	for tally, n := range a.tallies {
		if err := a.t.exec(`insert into tally (what, type, name, n, at_ms) values (?, ?, ?, ?, ?)
			on conflict do update set n = n + excluded.n, at_ms = excluded.at_ms`, tally.What, tally.Type, tally.Name, n, a.nowMS); err != nil {
			return err
		}
	}
	return nil
}

// writeRequeue asks for deliveries whose element turned out to stand although
// its body was let go (see applier.settle).
func (a *applier) writeRequeue() error {
	for id := range a.requeue {
		if err := a.t.exec(`update delivery set state = 0, due_ms = 0, attempts = 0 where id = ? and state = 2`, id); err != nil {
			return err
		}
	}
	return nil
}
