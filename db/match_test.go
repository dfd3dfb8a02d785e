package db_test

import (
	"path/filepath"
	"testing"
	"time"

	"garner/db"
)

func TestPairingThatIsCutShortIsNoLoss(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	put(t, in, s, 3)
	if m, err := db.MatchFiles(t.Context(), in, s, time.Now()); err != nil || m.Kind != db.Paired {
		t.Fatalf("files that are matched for the first time: %+v, %v", m, err)
	}
	harm(t, filepath.Join(dir, "garner.db"), `delete from meta where name = 'pair'`) // the inbox is written first
	if m, err := db.MatchFiles(t.Context(), in, s, time.Now()); err != nil || m.Kind != db.Paired {
		t.Errorf("after a kill between the two: %+v, %v", m, err)
	}
	if n := count(t, filepath.Join(dir, "garner.db"), `select count(*) from meta where name = 'pair'`); n != 1 {
		t.Error("the store has no number")
	}
}

func TestABigDeliveryThatIsNotKnownToBeSlowIsStillProcessedByItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	if _, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, make([]byte, 300<<10)); err != nil {
		t.Fatal(err)
	}
	if jobs := claimAll(t, in, s); len(jobs) > 0 {
		t.Fatalf("%d are claimed as quick", len(jobs))
	}
	harm(t, filepath.Join(dir, "garner.db"), `update delivery set slow = 0`) // as a migration leaves it
	if jobs := claimAll(t, in, s); len(jobs) > 0 {
		t.Errorf("%d are claimed as quick", len(jobs))
	}
	if job, err := s.ClaimSlow(t.Context(), in.InboxReader, time.Now()); err != nil || job == nil || job.Attempt != 1 {
		t.Errorf("%+v, %v", job, err)
	}
}
