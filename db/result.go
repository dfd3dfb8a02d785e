package db

import (
	"cmp"
	"context"
	"errors"
	"time"

	"garner/health"
)

// Result is the result of processing a claimed delivery.
type Result struct {
	Job      Job
	Type     string // the first top-level key
	Elements int
	Versions []health.Version
	Issues   []Issue
	Notices  []Notice
	// Fetches are the addresses that pings announce, one for each issue of the kind
	// Fetching.
	Fetches []Fetch
	// Files are activity files whose bytes are on disk already.
	Files []File
	// Answers is the ping that led to this delivery; zero if Garmin pushed it.
	Answers Ping
	// Tallies count what is left out, once, with the delivery's first complete
	// result.
	Tallies map[Tally]int
	// Links are user ids and tokens that came together with a known
	// one.
	Links []Link
	// State is the delivery's new state. Waiting means that it is tried again
	// at Due.
	State  State
	Due    time.Time
	Reason string
	// Refused are elements that the store could not take; the parts of a
	// delivery share it. Nil is allowed.
	Refused *Refused
	// PeopleMark is Store.PeopleMark of the identities that were used.
	PeopleMark int64
	// Erase means that its body names an erased person.
	Erase bool
	// Partial means that more of this delivery follows: its versions are
	// applied and its state stays.
	Partial bool
}

// Notice is Garmin's notice about a connection: a hint until confirmed.
type Notice struct {
	// Delivery and Verdict are set on notices that are read. Due is when Garmin may be
	// asked again about one that stays Claimed; it is not read.
	Delivery int64
	Verdict  Verdict
	Due      time.Time
	Element  int32
	Person   int64
	Type     string
	Detail   string
	At       time.Time
}

// Link links a person to a user id of Garmin, or to a token whose hash is
// Token.
type Link struct {
	UserID, Token string
	Person        int64
}

// Tally counts something that was left out, by reason.
type Tally struct{ What, Type, Name string }

// The limits of one transaction, so that it ends well within the 200 ms for which
// it may block the writer.
const (
	sliceTime     = 50 * time.Millisecond
	sliceVersions = 2000
	// slicePlaces are the blocks, days and other rows that are written at its
	// end.
	slicePlaces = 400
	// sliceBytes is the size of the blocks in memory.
	sliceBytes = 8 << 20
)

// Apply writes the results to the store, several in one transaction or one
// over several. A delivery's state is committed with the last of its records.
// If it fails, some of the results may be applied; applying any of them
// again is harmless.
func (s *Store) Apply(ctx context.Context, now time.Time, outs []*Result) error {
	for at := (place{}); at.result < len(outs); {
		next := at
		err := s.w.do(ctx, func(t *tx) error {
			next = at
			a := newApplier(s, t, now)
			a.bounded = true
			for next.result < len(outs) && !a.enough() {
				if err := a.result(outs[next.result], &next); err != nil {
					return err
				}
			}
			return a.finish()
		})
		if err != nil {
			return err
		}
		at = next
	}
	return nil
}

// place is how far applying has come: the results before result, and of it
// the versions before version.
type place struct{ result, version int }

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
	placed  map[int64]days // days that touchPlaced has checked, by person
	tallies map[Tally]int
	requeue map[int64]struct{}
	arrived map[arrivalKey]int64 // bits of hours
	volume  map[volumeKey]int
	awaited map[PersonType][]awaitedWindow
	came    map[int64]int // records by the window that they were asked for in, 0 for none
	erased  int64         // Store.PeopleMark of the newest erasure; -1 until it is read

	began    time.Time
	versions int
	held     int // bytes of the blocks in memory
	// bounded refuses what would take long: see maxJoin and maxDay. Stored records
	// are never refused.
	bounded bool
	added   map[coverKey]int // records of this transaction
}

func newApplier(s *Store, t *tx, now time.Time) *applier {
	return &applier{
		s: s, t: t, now: now, nowMS: now.UnixMilli(),
		blocks: map[blockKey]*block{}, cover: map[coverKey]struct{}{}, fresh: map[freshKey]*freshness{},
		dirty: map[dirtyKey]struct{}{}, placed: map[int64]days{}, tallies: map[Tally]int{}, requeue: map[int64]struct{}{},
		arrived: map[arrivalKey]int64{}, volume: map[volumeKey]int{},
		awaited: map[PersonType][]awaitedWindow{}, came: map[int64]int{}, erased: -1, added: map[coverKey]int{},
		began: time.Now(),
	}
}

// enough reports whether the transaction should end here. It has done something
// by then, so that applying always makes progress.
func (a *applier) enough() bool {
	return a.versions > 0 && (a.versions >= sliceVersions || a.held >= sliceBytes ||
		len(a.blocks)+len(a.cover)+len(a.dirty)+len(a.fresh) >= slicePlaces || time.Since(a.began) >= sliceTime)
}

// result applies a result from at on, and advances at.
func (a *applier) result(o *Result, at *place) error {
	outdated, err := a.outdated(o)
	if err == nil && !outdated {
		outdated, err = a.links(o.Links)
	}
	if err != nil {
		return err
	}
	if outdated {
		*at = place{result: at.result + 1}
		return a.takeUpAgain(o)
	}
	received := o.Job.Received.UnixMilli()
	for ; at.version < len(o.Versions); at.version++ {
		if a.enough() {
			return nil
		}
		a.versions++
		v := &o.Versions[at.version]
		window, err := a.windowOf(v, received)
		if err != nil {
			return err
		}
		err = a.version(v, received)
		var refused *refusedError
		if errors.As(err, &refused) || errors.Is(err, ErrDamaged) {
			o.Refused.add(v, err)
			continue
		}
		if err != nil {
			return err
		}
		if o.Job.First {
			a.came[window]++
			a.volume[volumeKey{a.s.kinds[v.Type].id, received / dayMS}]++
		}
	}
	*at = place{result: at.result + 1}
	a.versions++ // the result itself counts as work
	if o.Partial {
		return nil
	}
	return a.conclude(o)
}

// askedAgain reports whether a delivery was requeued while it was being processed:
// a lease is never 0.
const askedAgain = `(?1 = 1 and accepted > ?2 or ?1 = 2 and state = 0 and due_ms = 0)`

// conclude writes the state of a delivery whose versions are applied.
func (a *applier) conclude(o *Result) error {
	if err := a.tally(o); err != nil {
		return err
	}
	if err := cmp.Or(a.addFetches(o), a.addFiles(o), a.answered(o)); err != nil {
		return err
	}
	linked, kinds, err := a.issues(o)
	if err != nil {
		return err
	}
	if err := a.notices(o); err != nil {
		return err
	}
	state, due := o.State, int64(0)
	if state == Waiting {
		due = o.Due.UnixMilli()
	} else if linked {
		state = Waiting
	}
	// A delivery that was accepted or requeued while it was processed as one in
	// quarantine must be processed again.
	return a.t.exec(`update delivery set state = case when `+askedAgain+` then 0 else ?1 end, due_ms = ?3,
		applied_ms = case when ?4 then applied_ms else ?5 end, applied_up_ms = case when ?4 then applied_up_ms else
		`+uptimeMS+` end,
		type_key = ?6, elements = ?7, reason = ?8, issues = ?10, erase = max(erase, ?12),
		attempts = case when ?1 <> ?9 or `+askedAgain+` then 0 else attempts end where id = ?11`,
		int(state), o.Job.Accepted, due, o.State == Waiting, a.nowMS, o.Type, o.Elements, o.Reason, int(o.State), kinds,
		o.Job.ID, o.Erase)
}

// tally counts what a delivery leaves out, once: a result may be applied again
// although its transaction was committed, together with others.
func (a *applier) tally(o *Result) error {
	if len(o.Tallies) == 0 || !o.Job.First || o.State == Waiting {
		return nil
	}
	var applied int64
	err := a.t.row(`select applied_ms from delivery where id = ?`, []any{o.Job.ID}, &applied)
	if err != nil || applied != 0 {
		return err
	}
	for tally, n := range o.Tallies {
		a.tallies[tally] += n
	}
	return nil
}

// issues replaces the issues of a delivery, and returns their kinds as bits. It
// reports whether the person of an orphan among them was added in the meantime.
func (a *applier) issues(o *Result) (linked bool, kinds int, err error) {
	var since int64
	if err := a.t.row(`select coalesce((select min(since_up_ms) from issue where delivery_id = ?), `+uptimeMS+`)`,
		[]any{o.Job.ID}, &since); err != nil {
		return false, 0, err
	}
	if err := a.t.exec(`delete from issue where delivery_id = ?`, o.Job.ID); err != nil {
		return false, 0, err
	}
	for _, is := range o.all() {
		is, stands, err := a.fetching(o, is)
		if err != nil {
			return false, 0, err
		}
		if !stands {
			continue
		}
		kinds |= 1 << is.Kind
		if err := a.t.exec(`insert into issue (delivery_id, element, kind, type_key, user_id, token, reason, count, at_ms,
			since_up_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			o.Job.ID, is.Element, int(is.Kind), is.Type, is.UserID, is.Token, is.Reason, max(is.Count, 1), a.nowMS,
			since); err != nil {
			return false, 0, err
		}
		if is.Kind == Orphaned && o.State == Done && !linked {
			if linked, err = a.linkedMeanwhile(is, o.PeopleMark); err != nil {
				return false, 0, err
			}
		}
	}
	return linked, kinds, nil
}

// takeUpAgain leaves out a result that is based on old identities: its delivery
// is processed again with the current ones.
func (a *applier) takeUpAgain(o *Result) error {
	if o.Partial {
		return nil // its other parts carry the same links
	}
	return a.t.exec(`update delivery set state = 0, due_ms = 0, attempts = 0 where id = ?`, o.Job.ID)
}

func (a *applier) notices(o *Result) error {
	for _, n := range o.Notices {
		if err := a.t.exec(`insert into notice (delivery_id, element, person_id, type_key, detail, at_ms, due_ms)
			values (?1, ?2, ?3, ?4, ?5, ?6, iif(exists (select 1 from connection where person_id = ?3 and state < 2), 0, ?7))
			on conflict do nothing`,
			o.Job.ID, n.Element, n.Person, n.Type, n.Detail, n.At.UnixMilli(), int64(never)); err != nil {
			return err
		}
	}
	return a.boundNotices(o.Notices)
}

// mostClaims is how many notices of a person and type may wait for Garmin's word.
const mostClaims = 100

// boundNotices drops the oldest that wait for Garmin's word, where there are too many:
// one answer settles all of them.
func (a *applier) boundNotices(list []Notice) error {
	bound := map[PersonType]bool{}
	for _, n := range list {
		key := PersonType{n.Person, n.Type}
		if bound[key] {
			continue
		}
		bound[key] = true
		if err := a.t.exec(`delete from notice where (delivery_id, element) in (select delivery_id, element from notice
			where person_id = ? and type_key = ? and verdict = 0 and due_ms < ?
			order by at_ms desc, delivery_id desc, element desc limit -1 offset ?)`, n.Person, n.Type, int64(never),
			mostClaims); err != nil {
			return err
		}
	}
	return nil
}

// version stores one version.
func (a *applier) version(v *health.Version, received int64) error {
	k, ok := a.s.kinds[v.Type]
	if !ok {
		return errors.New("type without a kind: " + v.Type)
	}
	if err := a.note(v, k, received); err != nil {
		return err
	}
	if err := a.touchPlaced(v); err != nil {
		return err
	}
	if k.Packed {
		return a.small(v, k, received)
	}
	if err := a.touchAkin(v, k); err != nil {
		return err
	}
	return a.record(v, k, received)
}

// finish writes what was collected during the transaction.
func (a *applier) finish() error {
	for _, step := range []func() error{a.writeBlocks, a.writeCoverage, a.writeChanges, a.writeFreshness,
		a.writeDirty, a.writeTallies, a.writeRequeue, a.writeArrivals, a.writeVolume, a.writeWindows} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) writeTallies() error {
	for tally, n := range a.tallies {
		if err := a.t.exec(`insert into tally (what, type_key, name, n, at_ms) values (?, ?, ?, ?, ?)
			on conflict do update set n = n + excluded.n, at_ms = excluded.at_ms`, tally.What, tally.Type, tally.Name, n,
			a.nowMS); err != nil {
			return err
		}
	}
	return nil
}

// writeRequeue requeues deliveries whose element became current although its body
// was dropped (see applier.settle). A delivery of which only a part is applied
// yet is requeued too: that part does not come again.
func (a *applier) writeRequeue() error {
	for id := range a.requeue {
		if err := a.t.exec(`update delivery
			set due_ms = 0, attempts = case when state = 2 then 0 else attempts end, state = 0 where id = ? and state in (0, 2)`,
			id); err != nil {
			return err
		}
	}
	return nil
}
