package fetch_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin/simulator/service"
)

// flood adds false pings of dailies of a person, which are due.
func (r *rig) flood(person, n int) {
	r.T.Helper()
	r.Harm(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1) insert into fetch (delivery_id,
		element, person_id, type_key, path, query, announced, from_s, to_s, state, created_ms, ends_ms, due_ms)
		select 1000000, i, ?2, 'dailies', '/wellness-api/rest/dailies', 'token=false' || i, '{}', 0, 0, 0, 1, ?3, 1 from n`,
		n, r.people[person], time.Now().Add(6*24*time.Hour).UnixMilli())
}

func TestAFloodOfFalsePingsDelaysNoTrueOneAndKeepsFewCallsBusy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	const most = 6 // that fail before the rest waits, and those beside them
	mode := map[string]string{"dailies": service.ModePing, "sleeps": service.ModePing, "epochs": service.ModeOff}
	for _, answer := range []service.Fault{service.NoFault, service.Redirect, service.ServerError} {
		var asked atomic.Int64
		r := newRig(t, mode, func(q *http.Request) service.Fault {
			if !strings.Contains(q.URL.RawQuery, "token=false") {
				return service.NoFault
			}
			asked.Add(1)
			return answer
		})
		r.connect(0)
		r.connect(1)
		r.flood(0, 3000)
		r.push()
		ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
		conn, left := r.SQLite("garner.db"), 1
		go func() {
			defer stop()
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for left > 0 && ctx.Err() == nil {
				<-tick.C
				if err := conn.QueryRow(`select count(*) from fetch where state = 0 and delivery_id < 1000000`).
					Scan(&left); err != nil {
					t.Error(err)
				}
			}
		}()
		if err := r.fetcher(nil).Run(ctx); err != nil {
			t.Fatal(err)
		}
		if n := asked.Load(); r.Ask(`select count(*) from fetch where state = 0 and delivery_id < 1000000`) > 0 ||
			answer != service.NoFault && n > most {
			t.Errorf("%q: %d true ones wait, %d false ones were asked", answer, left, n)
		}
	}
}

func TestWhatWasAnnouncedIsAskedForOnceMoreWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	r := newRig(t, map[string]string{"dailies": service.ModePing}, func(*http.Request) service.Fault {
		if broken.Load() {
			return service.ServerError
		}
		return service.NoFault
	})
	r.connect(0)
	r.push()
	r.Harm(`update fetch set ends_ms = 1`) // as if the clock had been set forward
	r.fetch()
	if n := r.states(); n[1] == 0 || n[0]+n[2]+n[3] != 0 {
		t.Errorf("fetches %v", n)
	}
	broken.Store(true)
	r.Harm(`update fetch set state = 0, ended_ms = 0`)
	r.fetch()
	if n := r.states(); n[1]+n[3] != 0 || n[2] == 0 {
		t.Errorf("fetches %v", n)
	}
}
