package pull

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
)

const (
	// renewBefore is how long before its end a bearer is renewed.
	renewBefore = time.Hour
	// freshFor is how long a bearer is fresh. A key is exchanged once more while it is: it may
	// have been replaced. After that a refusal is not the bearer's fault.
	freshFor = 10 * time.Minute
)

// bearer is one that works now. It is empty if there is none yet: the person waits, or
// needs a new key.
func (r *Runner) bearer(ctx context.Context, b *book, now time.Time, up time.Duration) (personal.Bearer, error) {
	valid := func() bool { return b.bearer.Token != "" && b.bearer.Ends.After(now.Add(renewBefore)) }
	if valid() {
		return b.bearer, nil
	}
	if now.Before(b.wait) {
		return personal.Bearer{}, nil
	}
	secrets, err := r.Store.KeySecretsOf(ctx, b.person)
	if errors.Is(err, db.ErrSealed) {
		b.wait = now.Add(mostFailedWait)
	}
	if err != nil {
		return personal.Bearer{}, removed(err)
	}
	b.bearer = personal.Bearer{Token: secrets.Bearer, Ends: secrets.BearerEnds}
	if valid() {
		return b.bearer, nil
	}
	b.bearer = personal.Bearer{}
	r.pace.began(up)
	return r.exchange(ctx, b, secrets.Key, now)
}

// exchange gets a new bearer for a person's key.
func (r *Runner) exchange(ctx context.Context, b *book, key string, now time.Time) (personal.Bearer, error) {
	row := db.PullCall{Person: b.person, Endpoint: tokenCall}
	var err error
	if row.ID, err = r.Store.BeginPull(ctx, now, row); err != nil {
		return personal.Bearer{}, removed(err)
	}
	bearer, cause := r.Garmin.Exchange(ctx, key)
	if ctx.Err() != nil {
		return personal.Bearer{}, nil
	}
	if cause != nil {
		return personal.Bearer{}, r.noBearer(ctx, b, row, cause, now)
	}
	r.count(200)
	r.down, b.keyTries = 0, 0
	row.Status, row.State = 200, db.PullData
	if err := r.Store.EndPull(ctx, now, row, nil, nil); err != nil {
		return personal.Bearer{}, err
	}
	bearer.Ends = now.Add(time.Until(bearer.Ends))
	if err := r.Store.SetBearer(ctx, b.person, b.key.Generation, bearer.Token, bearer.Ends); err != nil {
		return personal.Bearer{}, removed(err)
	}
	b.bearer, b.exchanged = bearer, now
	return bearer, nil
}

// noBearer records that a key could not be exchanged. One that Garmin refuses is not used
// again.
func (r *Runner) noBearer(ctx context.Context, b *book, row db.PullCall, cause error, now time.Time) error {
	var status *client.StatusError
	if errors.As(cause, &status) {
		row.Status = status.Status
	}
	r.count(row.Status)
	row.State, row.Fault = db.PullFailed, cause.Error()
	err := r.Store.EndPull(ctx, now, row, nil, nil)
	b.keyTries++
	b.wait = now.Add(backoff(b.keyTries))
	switch {
	case errors.Is(cause, personal.ErrKeyRefused) || errors.Is(cause, personal.ErrNotAKey):
		r.Log.Warn("Garmin refuses a key for the Personal API: the person needs a new one", "person", b.person)
		return errors.Join(err, r.Store.RefusePersonalKey(ctx, now, b.person, b.key.Generation, cause.Error()))
	case status != nil && status.RetryAfter > 0:
		return errors.Join(err, r.obey(ctx, status, now))
	}
	return err
}

// bearerRefused drops a bearer that Garmin refused: its call is made again with a new one.
// A call that is refused with a fresh one is a failure of its own, regardless of what other calls
// with it bring, and not for good: Garmin may refuse all for a while.
func (r *Runner) bearerRefused(ctx context.Context, c call, row db.PullCall, used personal.Bearer,
	now time.Time) error {
	b := c.book
	if b.bearer.Token != used.Token {
		return r.end(ctx, c, row, nil, nil, now)
	}
	fresh := now.Before(b.exchanged.Add(freshFor))
	if !fresh {
		b.early = false
	}
	if fresh && b.early {
		b.refused++
		b.wait = now.Add(backoff(b.refused))
		return r.end(ctx, c, row, b.failed(c.ask, c.rows, false, now), nil, now)
	}
	b.bearer, b.early = personal.Bearer{}, fresh
	err := r.Store.SetBearer(ctx, b.person, b.key.Generation, "", time.Time{})
	return errors.Join(removed(err), r.end(ctx, c, row, nil, nil, now))
}
