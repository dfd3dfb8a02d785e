package fetch

import (
	"context"
	"errors"
	"net/http"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/client"
)

// The largest answers that are taken.
const (
	mostList = 32 << 20
	mostFile = 64 << 20
)

// crowded is how long a fetch waits if the inbox has no room to spare.
const crowded = 10 * time.Second

// run makes one attempt. What it cannot record stands as begun in the store and is
// taken up again later.
func (f *Fetcher) run(ctx context.Context, ft db.Fetch, conn *db.Connection) {
	if isFile(ft) {
		// Garmin gives a file once, so the call is not interrupted; the client limits how
		// long it takes.
		ctx = context.WithoutCancel(ctx)
	}
	if err := f.attempt(ctx, ft, conn); err != nil && ctx.Err() == nil {
		f.Log.Error("fetch what a ping announced", "type", ft.Type, "delivery", ft.Delivery, "err", err)
	}
}

func isFile(ft db.Fetch) bool { return ft.Type == garmin.ActivityFiles.Key }

func (f *Fetcher) attempt(ctx context.Context, ft db.Fetch, conn *db.Connection) error {
	before := ft
	// Without room for the answer, Garmin is not asked.
	if err := errors.Join(f.Inbox.Ready(), f.Inbox.Spare()); err != nil {
		return f.later(ctx, before, crowded, "the inbox has no room to spare")
	}
	garminClient := f.Garmin()
	cred, err := f.Keeper.Credential(ctx, conn.ID)
	if err != nil && ctx.Err() != nil {
		return err // not a failure: the program ends
	}
	if err != nil || garminClient == nil {
		return f.later(ctx, before, backoff(ft.Attempts+1), "no valid credential")
	}
	begun := time.Now()
	if err := f.Store.BeginFetch(ctx, begun, ft.ID, isFile(ft)); err != nil {
		return err
	}
	if ft.Attempts++; isFile(ft) {
		ft.Asked = begun
	}
	answer, err := call(ctx, garminClient, cred, ft)
	if statusOf(err) == http.StatusUnauthorized {
		again, refused := f.Keeper.Refused(ctx, conn.ID)
		if refused == nil && again {
			if cred, refused = f.Keeper.Credential(ctx, conn.ID); refused == nil {
				answer, err = call(ctx, garminClient, cred, ft)
			}
		}
	}
	if errors.Is(err, context.Canceled) {
		return err // the same
	}
	wait := f.failing.note(ft.Person, err)
	if err != nil {
		return errors.Join(f.failed(ctx, before, err), f.pause(ctx, ft.Person, wait))
	}
	return f.arrived(ctx, ft, conn.UserID, answer.Body)
}

func call(ctx context.Context, c *client.Client, cred client.Credential, ft db.Fetch) (client.Fetched, error) {
	most := int64(mostList)
	if isFile(ft) {
		most = mostFile
	}
	return c.Fetch(ctx, cred, client.Target{Path: ft.Path, Query: ft.Query, From: ft.From, To: ft.To}, most)
}

// statusOf is the status of a *client.StatusError, else 0.
func statusOf(err error) int {
	var status *client.StatusError
	if errors.As(err, &status) {
		return status.Status
	}
	return 0
}

// arrived puts an answer into the inbox, and only then ends the fetch.
func (f *Fetcher) arrived(ctx context.Context, ft db.Fetch, userID string, body []byte) error {
	t, known := garmin.Lookup(ft.Type)
	if !known {
		return f.end(ctx, ft, db.FetchFailed, 0, 0, db.ReasonUnknownType)
	}
	if !isFile(ft) && !garmin.IsList(body) {
		return f.later(ctx, ft, backoff(ft.Attempts), "Garmin did not answer with a list")
	}
	id, err := f.put(ctx, parcelOf(ft, t, f.Source, userID, body))
	if err != nil {
		return f.later(ctx, ft, crowded, "the inbox has no room")
	}
	return f.end(ctx, ft, db.FetchDone, id, int64(len(body)), "")
}

// failed records a call that brought nothing. before is the fetch before the call.
func (f *Fetcher) failed(ctx context.Context, before db.Fetch, err error) error {
	ft := before
	ft.Attempts++
	var open *client.OpenError
	var status *client.StatusError
	var refused *client.RefusedError
	switch {
	case errors.As(err, &open): // not asked
		return f.later(ctx, before, max(time.Until(open.Until), time.Second), open.Error())
	case errors.Is(err, client.ErrTooLarge):
		return f.end(ctx, ft, db.FetchFailed, 0, 0, "larger than Garner takes")
	case errors.As(err, &refused):
		return f.end(ctx, ft, db.FetchFailed, 0, 0, refused.Error())
	case errors.As(err, &status):
		return f.answered(ctx, ft, status)
	}
	if isFile(ft) && client.MaybeSent(err) {
		ft.Asked = time.Now()
	}
	return f.later(ctx, ft, backoff(ft.Attempts), err.Error())
}

// answered records an answer of Garmin that is not what was announced. Only a failure of
// Garmin's own may have used up the address of a file.
func (f *Fetcher) answered(ctx context.Context, ft db.Fetch, status *client.StatusError) error {
	reason := status.Error()
	switch code := status.Status; {
	case code == http.StatusGone && isFile(ft):
		return f.gone(ctx, ft)
	case code == http.StatusTooManyRequests, code == http.StatusUnauthorized, code == http.StatusRequestTimeout,
		code < 400:
		return f.later(ctx, ft, max(status.RetryAfter, backoff(ft.Attempts)), reason)
	case code < 500:
		return f.end(ctx, ft, db.FetchFailed, 0, 0, reason)
	}
	if isFile(ft) {
		ft.Asked = time.Now()
	}
	return f.later(ctx, ft, max(status.RetryAfter, backoff(ft.Attempts)), reason)
}

// gone ends the fetch of a file that Garmin has given already, or no longer has.
func (f *Fetcher) gone(ctx context.Context, ft db.Fetch) error {
	id, err := f.Store.FetchedAlready(ctx, ft)
	switch {
	case err == nil:
		return f.end(ctx, ft, db.FetchDone, id, 0, "")
	case !errors.Is(err, db.ErrNotFound):
		return err
	case !ft.Asked.IsZero():
		return f.end(ctx, ft, db.FetchLost, 0, 0, "Garmin gives a file once; it was asked at "+
			ft.Asked.UTC().Format(time.RFC3339)+" and the answer did not arrive")
	}
	return f.end(ctx, ft, db.FetchLost, 0, 0, "Garmin no longer has the file")
}

// later records when a fetch is tried again. A try after Garmin has dropped the data is the
// last: the clock may have been wrong.
func (f *Fetcher) later(ctx context.Context, ft db.Fetch, after time.Duration, reason string) error {
	now := time.Now()
	left := ft.Ends.Sub(now)
	if left <= 0 {
		return f.end(ctx, ft, db.FetchLost, 0, 0, "not fetched in time: "+reason)
	}
	ft.Due, ft.Reason = now.Add(wait(after, left)), reason
	return f.Store.RetryFetch(context.WithoutCancel(ctx), ft)
}

// wait is the time until the next try, where some time is left until Garmin drops the data:
// as long as is asked, but however long that is, several tries are left.
func wait(after, left time.Duration) time.Duration {
	return min(after, max(left/2, min(left, time.Minute)))
}
