package pull

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
)

// renewBefore is how long before its end a bearer is renewed.
const renewBefore = time.Hour

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
	b.bearer = bearer
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
// A call that is refused again with that is a failure of its own.
func (r *Runner) bearerRefused(ctx context.Context, c call, row db.PullCall, used personal.Bearer,
	now time.Time) error {
	b := c.book
	if b.bearer.Token != used.Token {
		return r.end(ctx, c, row, nil, nil, now)
	}
	if b.refused++; b.refused > 1 {
		b.wait = now.Add(backoff(b.refused - 1))
		return r.end(ctx, c, row, b.failed(c.ask, c.rows, true, now), nil, now)
	}
	b.bearer = personal.Bearer{}
	err := r.Store.SetBearer(ctx, b.person, b.key.Generation, "", time.Time{})
	return errors.Join(removed(err), r.end(ctx, c, row, nil, nil, now))
}
