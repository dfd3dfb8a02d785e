package pull

import (
	"context"
	"errors"
	"net/http"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
	"garner/health"
)

const (
	// rateWait is how long all calls wait after a 429 that names no time.
	rateWait = time.Minute
	// storeWait is how long all calls wait after an answer that could not be stored.
	storeWait = time.Minute
	// mostDown is how many calls in a row Garmin may fail to answer before all wait, and
	// mostDownWait how long they wait at most.
	mostDown, mostDownWait = 3, 15 * time.Minute
)

// tokenCall names exchanges of a key among the calls.
const tokenCall = personal.TokenCall

// call makes one call: it is written down first, its answer is durable before it is read,
// and what the answer says is recorded together with the end of the call.
func (r *Runner) call(ctx context.Context, c call, bearer personal.Bearer, now time.Time) error {
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.release(c)
	}()
	b, a := c.book, c.ask
	row := db.PullCall{Person: b.person, Endpoint: a.Endpoint.Key, Item: c.rows[0].Item}
	if ofDays(a.Endpoint) {
		row.Days = len(c.rows)
	}
	var err error
	if row.ID, err = r.Store.BeginPull(ctx, now, row); err != nil {
		return removed(err)
	}
	reply, err := r.Garmin.Get(ctx, bearer, personal.Request{Endpoint: a.Endpoint, From: a.From, To: a.To,
		Activity: a.Activity})
	if ctx.Err() != nil {
		return nil // asked again after the next start
	}
	ctx = context.WithoutCancel(ctx) // what is in hand is kept, and noted as it is
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		return r.noAnswer(ctx, c, row, bearer, err, now)
	}
	return r.answer(ctx, c, row, reply, now)
}

// removed is the error of a call that was not made: none if the key is not in use any more.
func removed(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// current reports whether the key of a call is still the person's. If it was removed or
// replaced, or the person is being erased, the answer is dropped: a new key may be that of
// another account.
func (r *Runner) current(ctx context.Context, b *book) (bool, error) {
	k, err := r.Store.PersonalKeyOf(ctx, b.person)
	if err != nil {
		return false, removed(err)
	}
	return k.State != db.KeyRemoved && k.Generation == b.key.Generation, nil
}

// answer keeps and reads an answer.
func (r *Runner) answer(ctx context.Context, c call, row db.PullCall, reply personal.Reply, now time.Time) error {
	b, a := c.book, c.ask
	r.count(reply.Status)
	if current, err := r.current(ctx, b); !current || err != nil {
		return errors.Join(err, r.Store.EndPull(ctx, now, row, nil, nil))
	}
	r.down, b.refused = 0, 0
	row.Status, row.Bytes = reply.Status, int64(len(reply.Body))
	if reply.Status == http.StatusNotFound {
		after, state := b.missing(a, c.rows, r.offered(a.Endpoint.Key), now)
		row.State = state
		return r.end(ctx, c, row, after, nil, now)
	}
	head := personal.Head{UserID: b.key.UserID, Endpoint: a.Endpoint.Key, Path: reply.Path, From: a.From, To: a.To,
		Activity: a.Activity, Asked: now.Unix(), Zone: b.key.Zone, ContentType: reply.ContentType}
	hash := hashOf(reply)
	kept, again := keptAlready(c.rows, hash, now)
	if !again {
		kept = now
	}
	if len(reply.Body) > 0 && !again {
		var err error
		row.Delivery, err = r.Inbox.Put(ctx, db.Arrival{Received: now, Path: personal.DeliveryPath + a.Endpoint.Key,
			Source: r.Source, Encoding: personal.Encoding}, append(head.Line(), reply.Body...))
		if err != nil { // asked again: it is not on record
			row.State, row.Fault = db.PullFailed, "the answer could not be stored"
			r.resume = now.Add(storeWait)
			return errors.Join(err, r.end(ctx, c, row, nil, nil, now))
		}
	}
	answer, err := personal.Read(head, reply.Body)
	if err != nil { // kept, and read again by a later version
		row.State, row.Fault = db.PullFailed, "the answer "+err.Error()
		return r.end(ctx, c, row, b.failed(a, c.rows, true, now), nil, now)
	}
	delete(b.streak, a.Endpoint.Key)
	delete(b.blocked, a.Endpoint.Key)
	row.State = stateOf(answer.Outcome)
	after, found := b.answered(a, c.rows, answer, now)
	for i := range after {
		after[i].Answer, after[i].Kept = hash, kept
	}
	if err := r.end(ctx, c, row, after, found, now); err != nil {
		return err
	}
	return r.learn(ctx, b, answer.Zone, now)
}

// learn records what answers say of the account: its zone, and its first day.
func (r *Runner) learn(ctx context.Context, b *book, zone string, now time.Time) error {
	if zone != "" && zone != b.key.Zone {
		if loc, err := time.LoadLocation(zone); err != nil {
			r.Log.Warn("unknown time zone", "person", b.person, "zone", zone)
		} else if err := r.Store.SetPersonalZone(ctx, b.person, zone); err != nil {
			return err
		} else {
			b.zone, b.key.Zone, b.round, b.settle = loc, zone, beat{}, beat{}
		}
	}
	first := r.begins(b, now)
	if first == b.firstDay {
		return nil
	}
	if err := r.Store.SetFirstDay(ctx, b.person, first); err != nil {
		return err
	}
	if b.firstDay = first; first > 0 {
		r.Log.Info("the history of an account ends", "person", b.person, "first_day", first.String())
	}
	return nil
}

// noAnswer records a call that Garmin did not answer as it should.
func (r *Runner) noAnswer(ctx context.Context, c call, row db.PullCall, bearer personal.Bearer, cause error,
	now time.Time) error {
	b := c.book
	row.State, row.Fault = db.PullFailed, cause.Error()
	var status *client.StatusError
	if errors.As(cause, &status) {
		row.Status = status.Status
	}
	r.count(row.Status)
	var paused *client.OpenError
	switch {
	case errors.As(cause, &paused): // it was not made
		r.resume = now.Add(min(max(time.Until(paused.Until), time.Second), time.Minute))
		return r.end(ctx, c, row, nil, nil, now)
	case errors.Is(cause, personal.ErrBearerRefused):
		return r.bearerRefused(ctx, c, row, bearer, now)
	case row.Status == http.StatusTooManyRequests || row.Status == http.StatusServiceUnavailable && status.RetryAfter > 0:
		return errors.Join(r.obey(ctx, status, now), r.end(ctx, c, row, nil, nil, now))
	}
	refused := row.Status >= 400 && row.Status < 500 || errors.Is(cause, client.ErrTooLarge)
	if !refused && c.ask.Endpoint.Shape != personal.Activity { // those are often not ready after a sync
		r.failed(now)
	}
	return r.end(ctx, c, row, b.failed(c.ask, c.rows, refused, now), nil, now)
}

// failed counts a call that Garmin did not answer. After some, all wait.
func (r *Runner) failed(now time.Time) {
	if r.down++; r.down >= mostDown {
		r.resume = now.Add(min(backoff(r.down-mostDown+1), mostDownWait))
	}
}

// obey waits as Garmin asks, with all keys.
func (r *Runner) obey(ctx context.Context, status *client.StatusError, now time.Time) error {
	wait := status.RetryAfter
	if wait == 0 {
		wait = rateWait
	}
	if at := now.Add(wait); at.After(r.resume) {
		r.resume = at
	}
	return r.Store.SetResume(ctx, r.resume)
}

// end records the end of a call, and what is known of its items now.
func (r *Runner) end(ctx context.Context, c call, row db.PullCall, after, found []db.Pulled, now time.Time) error {
	if err := r.Store.EndPull(ctx, now, row, after, found); err != nil {
		return err
	}
	for _, p := range after {
		c.book.ledger.put(p)
	}
	for _, p := range found {
		c.book.ledger.put(p)
	}
	c.book.note(after, row.State == db.PullFailed)
	return nil
}

// offered reports whether an endpoint has answered for any person.
func (r *Runner) offered(endpoint string) bool {
	for _, b := range r.books {
		if b.ledger.answered[endpoint] {
			return true
		}
	}
	return false
}

func (r *Runner) count(status int) {
	if r.Counted != nil {
		r.Counted(status)
	}
}

// begins is the first day of a person's account; 0 if it is not known.
func (r *Runner) begins(b *book, now time.Time) health.Day {
	p := &planner{Schedule: r.Schedule, book: b, now: now, today: dayIn(now, b.zone)}
	if b.firstDay > 0 && p.oldestWorn() >= b.firstDay {
		return b.firstDay
	}
	return p.begins()
}
