package e2e

import (
	"path/filepath"
	"testing"

	"garner/e2e/box"
)

// Deliveries that an earlier run has left are processed meanwhile.
func TestABackupUnderLoadHasWhatWasAcknowledgedBeforeIt(t *testing.T) {
	t.Parallel()
	people, days, rounds := 2, 6, 1
	if allWanted() {
		people, days, rounds = 5, 20, 3
	}
	w, list := box.Household(people, days)
	list = withBig(distinct(list), 100)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	s := box.NewSender(list[:len(list)/2])
	paused := box.Start(t, dir, box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	s.Send(paused.Addr, 8, nil, func(int64) {})
	paused.Stop()

	b := box.Start(t, dir, box.Options{})
	rest := list[len(list)/2:]
	for round := range rounds {
		s.Queue = rest[round*len(rest)/rounds : (round+1)*len(rest)/rounds]
		some, all := make(chan struct{}), make(chan struct{})
		began := s.Acked.Load()
		go func() {
			defer close(all)
			s.Send(b.Addr, 64, nil, func(n int64) {
				if n == began+20 {
					close(some)
				}
			})
		}()
		<-some
		acknowledged := s.Kept.Snapshot()
		file := filepath.Join(t.TempDir(), "backup")
		b.Run("backup", file)
		t.Logf("round %d: %d acknowledged before the backup, %d until its end, %d in all", round, len(acknowledged),
			len(s.Kept.Snapshot()), len(list))
		<-all
		fresh := filepath.Join(t.TempDir(), "data")
		box.Run(t, fresh, "restore", file)
		early := &box.Sender{Kept: box.Kept{Sums: acknowledged}}
		if n := early.Missing(t, fresh); n > 0 {
			t.Errorf("%s deliveries that were acknowledged before the backup are missing", percent(n, len(acknowledged)))
		}
		box.Run(t, fresh, "check", "--deep")
		again := box.Start(t, fresh, box.Options{})
		if c := again.Drained(); c.Parked > 0 {
			t.Errorf("%+v", c)
		}
		again.Stop()
		box.Sound(t, fresh)
		box.Run(t, fresh, "rederive")
		if d := difference(record(t, fresh), undisturbed(t, fresh, w)); d != "" {
			t.Errorf("what was restored is not what its deliveries give (- restored, + undisturbed)\n%s", d)
		}
	}
	b.Stop()
	if n := s.Missing(t, dir); n > 0 {
		t.Errorf("%s acknowledged deliveries are missing in the box itself", percent(n, len(s.Kept.Sums)))
	}
}
