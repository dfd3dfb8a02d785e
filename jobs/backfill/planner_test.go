package backfill

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
	"garner/jobs"
	"garner/jobs/jobstest"
)

func TestThePersonAfterAnErasedOneGetsAConnectionAndHistoryOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	log, now := slog.New(slog.DiscardHandler), time.Now()
	p := &Planner{Store: b.Store, Log: log, OnConnectDays: 45}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	connection := func(name string, began time.Time) int64 {
		b.Add(name, "", "")
		person, err := b.Store.PersonByName(t.Context(), name)
		must(err)
		id, err := b.Store.AddConnection(t.Context(), began, person.ID, "u-"+name, db.Tokens{}, everything)
		must(err)
		must(p.Connected(t.Context(), now))
		if n := b.Ask(`select count(*) from backfill where connection_id = ?`, id); n == 0 {
			t.Errorf("nothing is planned for %s", name)
		}
		return id
	}
	first := connection("Ada", now.Add(-time.Hour))
	must(b.Store.Erase(t.Context(), now, 1))
	_, err := (&jobs.Eraser{Inbox: b.Inbox, Store: b.Store, Log: log, Dir: b.Dir}).RunOnce(t.Context())
	must(err)
	must(b.Store.EndConnection(t.Context(), now, first, health.CauseEndedHere))
	if connection("Ben", now) == first {
		t.Error("the id of an erased person's connection is used again")
	}
}
