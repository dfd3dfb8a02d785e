package fetch

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/jobs"
)

// parcel is a delivery for the inbox, in parts so that a file is not copied.
type parcel struct {
	arrival db.Arrival
	parts   [][]byte
}

// parcelOf makes a delivery of what was fetched.
func parcelOf(ft db.Fetch, t *garmin.Type, source health.Origin, userID string, body []byte) parcel {
	about := garmin.Fetched{UserID: userID, Ping: jobs.PingName(db.Ping{Delivery: ft.Delivery, Element: ft.Element})}
	out := parcel{arrival: db.Arrival{Path: t.Key, Source: source}}
	if isFile(ft) {
		out.arrival.Encoding = garmin.FileEncoding
		out.parts = [][]byte{[]byte(about.File(ft.Announced)), body}
		return out
	}
	if !ft.To.IsZero() {
		about.From, about.To = ft.From.Unix(), ft.To.Unix()
	}
	before, after := about.List(t)
	out.parts = [][]byte{[]byte(before), body, []byte(after)}
	return out
}

// put makes a parcel durable. While the inbox has no room, the bytes are held and put
// again: Garmin may not give them a second time.
func (f *Fetcher) put(ctx context.Context, p parcel) (int64, error) {
	for n := 1; ; n++ {
		p.arrival.Received = time.Now()
		id, err := f.putOnce(context.WithoutCancel(ctx), p) // what is in hand is kept
		if err == nil || !errors.Is(err, db.ErrBusy) && !errors.Is(err, db.ErrFull) || n == mostPuts {
			return id, err
		}
		f.Log.Warn("no room in the inbox for what was fetched", "err", err)
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(min(time.Duration(n)*100*time.Millisecond, 10*time.Second)):
		}
	}
}

// mostPuts is how often bytes are put again: for a quarter of an hour.
const mostPuts = 140

func (f *Fetcher) putOnce(ctx context.Context, p parcel) (int64, error) {
	size := 0
	for _, part := range p.parts {
		size += len(part)
	}
	if size <= db.ChunkSize {
		body := make([]byte, 0, size)
		for _, part := range p.parts {
			body = append(body, part...)
		}
		return f.Inbox.Put(ctx, p.arrival, body)
	}
	up, err := f.Inbox.Upload(ctx)
	if err != nil {
		return 0, err
	}
	for _, part := range p.parts {
		if _, err := up.Write(part); err != nil {
			return 0, errors.Join(err, up.Abort(context.WithoutCancel(ctx)))
		}
	}
	return up.Commit(ctx, p.arrival)
}

// backoff is when a fetch is tried again.
func backoff(attempt int) time.Duration { return jobs.Backoff(attempt, rand.Float64()) }
