package fetch_test

import (
	"context"
	"garner/garmin/client"
	"garner/jobs/fetch"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin/simulator/service"
)

// begun has a process end after it began all fetches, with so many attempts.
func (r *rig) begun(attempts int) {
	r.T.Helper()
	due, err := r.Store.DueFetches(r.T.Context(), time.Now(), 1000, 1000)
	if err != nil || len(due) == 0 {
		r.T.Fatal(len(due), err)
	}
	for _, ft := range due {
		for range attempts {
			if err := r.Store.BeginFetch(r.T.Context(), time.Now(), ft.ID, false); err != nil {
				r.T.Fatal(err)
			}
		}
	}
}

func TestWhatAKilledProcessHadBegunIsFetchedAtTheNextStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"dailies": service.ModePing}, nil)
	r.connect(0)
	r.push()
	r.begun(1)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	allEnded := func() {
		if n, err := r.Store.FetchCounts(ctx); err == nil && n[0] == 0 {
			stop()
		}
	}
	if err := r.fetcher(allEnded).Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := r.states(); n[0] > 0 {
		t.Errorf("fetches %v", n)
	}
}

func TestWhatMayKillTheProcessWaitsLongerAfterEachStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"dailies": service.ModePing}, nil)
	r.connect(0)
	r.push()
	r.begun(4)
	wait := func(attempts int) time.Duration { return time.Duration(attempts) * time.Minute }
	now := time.Now()
	if err := r.Store.EndFetchLeases(t.Context(), now, wait); err != nil {
		t.Fatal(err)
	}
	if at, err := r.Store.NextFetch(t.Context()); err != nil || at.UnixMilli() != now.Add(3*time.Minute).UnixMilli() {
		t.Errorf("due %s after the start, %v", at.Sub(now), err)
	}
	r.Harm(`update fetch set reason = 'Garmin answered 429', due_ms = due_ms + 1`)
	if err := r.Store.EndFetchLeases(t.Context(), now, func(int) time.Duration { return 0 }); err != nil {
		t.Fatal(err)
	}
	if at, err := r.Store.NextFetch(t.Context()); err != nil || at.UnixMilli() != now.Add(3*time.Minute).UnixMilli()+1 {
		t.Errorf("what Garmin asked to wait for is due %s after the start, %v", at.Sub(now), err)
	}
}

func TestWhatWaitedForThePersonIsDueAsSoonAsSheConnectsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"dailies": service.ModePing}, nil)
	r.connect(0)
	r.push()
	now := time.Now()
	if err := r.Store.DelayFetches(t.Context(), now, r.people[0], now.Add(5*time.Minute),
		db.FetchNotConnected); err != nil {
		t.Fatal(err)
	}
	r.Store.UseKeys(seal.File(filepath.Join(r.Dir, "keys")))
	c, err := r.Store.ConnectionOf(t.Context(), r.people[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Store.AddConnection(t.Context(), now, r.people[0], c.UserID, db.Tokens{}, nil); err != nil {
		t.Fatal(err)
	}
	if at, err := r.Store.NextFetch(t.Context()); err != nil || at.After(now) {
		t.Errorf("due %s after she connected, %v", at.Sub(now), err)
	}
}

// credentials end the program while they are asked for.
type credentials struct {
	fetch.Keeper
	end func()
}

func (c credentials) Credential(ctx context.Context, _ int64) (client.Credential, error) {
	c.end()
	return nil, ctx.Err()
}

func TestTheEndOfGarnerIsNoFailureOfTheLastTry(t *testing.T) {
	t.Parallel()
	var end func()
	r := newRig(t, map[string]string{"dailies": service.ModePing}, func(q *http.Request) service.Fault {
		if end != nil && strings.HasSuffix(q.URL.Path, "/dailies") {
			end()
			<-q.Context().Done()
		}
		return service.NoFault
	})
	r.connect(0)
	r.push()
	r.Harm(`delete from fetch where type_key <> 'dailies'; update fetch set ends_ms = 1`)
	before := r.states()
	for _, early := range []bool{true, false} {
		ctx, stop := context.WithCancel(t.Context())
		f := r.fetcher(nil)
		if early {
			f.Keeper = credentials{r, stop}
		} else {
			end = stop
		}
		if err := f.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if got := r.states(); got != before {
			t.Errorf("before the call (%v): %v fetches, before %v", early, got, before)
		}
	}
	end = nil
	r.fetch()
	if got := r.states(); got[0]+got[2] != 0 {
		t.Errorf("after the next start %v", got)
	}
}
