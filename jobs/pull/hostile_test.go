package pull_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
)

// refusing is a Garmin that refuses the bearer at an endpoint, and has nothing at others.
type refusing struct {
	endpoint         string
	exchanges, calls int
}

func (g *refusing) Exchange(context.Context, string) (personal.Bearer, error) {
	g.exchanges++
	return personal.Bearer{Token: "bearer", Ends: time.Now().Add(24 * time.Hour)}, nil
}

func (g *refusing) Get(_ context.Context, _ personal.Bearer, r personal.Request) (personal.Reply, error) {
	if r.Endpoint.Key != g.endpoint {
		return personal.Reply{Status: http.StatusNoContent}, nil
	}
	g.calls++
	return personal.Reply{}, errors.Join(personal.ErrBearerRefused, &client.StatusError{Status: http.StatusForbidden})
}

func TestAnEndpointThatRefusesEveryBearerIsLeftAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 20)
	garmin := &refusing{endpoint: "sleep"}
	b.runner.Garmin, b.runner.Parallel = garmin, 1
	b.run(6 * time.Hour)
	if garmin.exchanges > 20 || garmin.calls > 40 {
		t.Errorf("%d exchanges and %d calls that were refused", garmin.exchanges, garmin.calls)
	}
	rows := b.ledger(0)
	if len(rows["steps"]) < 20 {
		t.Errorf("%d days of steps were asked for beside it", len(rows["steps"]))
	}
	for _, row := range rows["sleep"] {
		if row.Final {
			t.Errorf("a night will never be asked for: %+v", row)
		}
	}
}

// fullInbox cannot store anything.
type fullInbox struct{}

func (fullInbox) Put(context.Context, db.Arrival, []byte) (int64, error) { return 0, db.ErrFull }

func TestWhatCannotBeStoredIsNotNotedAsAskedAndGarminIsCalledRarely(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 20)
	inbox := b.runner.Inbox
	b.runner.Inbox = fullInbox{}
	for end := b.now.Add(time.Hour); b.now.Before(end); b.now, b.up = b.now.Add(time.Second), b.up+time.Second {
		_, err := b.runner.Step(t.Context(), b.now, b.up)
		if err != nil && !errors.Is(err, db.ErrFull) {
			t.Fatal(err)
		}
	}
	if n := len(b.targets(0)); n == 0 || n > 150 {
		t.Errorf("%d calls in an hour", n)
	}
	for endpoint, rows := range b.ledger(0) {
		for _, row := range rows {
			if row.State == db.PullData {
				t.Errorf("%s has %+v", endpoint, row)
			}
		}
	}
	b.runner.Inbox = inbox
	b.run(10 * time.Minute)
	if n := len(b.ledger(0)["settings"]); n != 1 || index(b.targets(0), "daily") < 0 {
		t.Error("nothing was asked for when there was room again")
	}
}
