package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"garner/db"
	"garner/jobs/jobstest"
)

// tried records a backup that began at an instant; one without an end was interrupted.
func tried(t *testing.T, s *db.Store, cause Cause, began time.Time, ended bool, fault string) {
	t.Helper()
	b := db.Backup{Cause: string(cause), Began: began}
	var err error
	if b.ID, err = s.BeginBackup(t.Context(), b); err == nil && ended {
		b.Ended, b.Fault = began.Add(time.Minute), fault
		err = s.EndBackup(t.Context(), b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestABackupIsDueAfterTheLastOneOnScheduleAndSoonerIfThatFailed(t *testing.T) {
	t.Parallel()
	store := jobstest.Open(t).Store
	zone := time.FixedZone("", 3600)
	r := &Runner{Maker: &Maker{Zone: zone}, Store: store, Schedule: "30 3 * * *"}
	schedule, err := r.schedule()
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, zone) }
	due := func(why string, want time.Time) {
		t.Helper()
		got, err := r.due(t.Context(), schedule, at(1, 12, 0))
		if err != nil || !got.Equal(want) {
			t.Errorf("%s: due %s, %v, want %s", why, got, err, want)
		}
	}
	due("none yet", at(2, 3, 30))
	tried(t, store, Command, at(1, 13, 0), true, "")
	due("one by hand changes nothing", at(2, 3, 30))
	tried(t, store, Scheduled, at(2, 3, 30), true, "")
	due("after a good one", at(3, 3, 30))
	tried(t, store, Scheduled, at(3, 9, 0), true, "no space") // it was off at half past three
	due("after a failure", at(3, 10, 0))
	tried(t, store, Scheduled, at(3, 10, 0), false, "")
	due("after one that was interrupted", at(3, 11, 0))
}

func TestABackupThatAPageAsksForIsMadeAndReported(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	changed := 0
	r := &Runner{Maker: &Maker{DataDir: b.Dir, Dir: filepath.Join(b.Dir, "backups"), Zone: time.UTC},
		Store: b.Store, Receiving: b.Inbox,
		Log: slog.New(slog.DiscardHandler), Changed: func() { changed++ }}
	var most int64
	if err := r.make(t.Context(), Page, func(done, total int64) { most = max(most, total) }); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Store.Backups(t.Context(), 9); err != nil || len(list) != 1 || list[0].Fault != "" ||
		list[0].Cause != "page" || list[0].Size == 0 || changed != 2 || most == 0 {
		t.Errorf("%+v, %v, %d changes, progress of %d", list, err, changed, most)
	}
}

func TestABackupThatTheEndOfGarnerInterruptsIsNoFailure(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := &Runner{Maker: &Maker{DataDir: b.Dir, Dir: filepath.Join(b.Dir, "backups")}, Store: b.Store,
		Log: slog.New(slog.DiscardHandler)}
	if err := r.make(ctx, Scheduled, func(int64, int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	list, err := b.Store.Backups(t.Context(), 9)
	if err != nil || len(list) != 1 || list[0].Fault != "" || !list[0].Ended.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestARunnerEndsWhenGarnerDBBreaks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := jobstest.Open(t)
		page := b.Ask(`select rootpage from sqlite_schema where name = 'request'`)
		move := func(page int64) {
			b.Harm(fmt.Sprintf(`pragma writable_schema = on;
				update sqlite_schema set rootpage = %d where name = 'request';
				pragma schema_version = %[1]d`, page))
		}
		move(999999)
		defer move(page) // the box counts its rows at the end
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		r := &Runner{Maker: &Maker{DataDir: b.Dir}, Store: b.Store, Schedule: "30 3 * * *",
			Log: slog.New(slog.DiscardHandler)}
		if err := r.Run(ctx); !errors.Is(err, db.ErrBroken) || time.Since(began) > time.Minute {
			t.Errorf("got %v after %v, want db.ErrBroken at once", err, time.Since(began))
		}
	})
}

func TestWhatAKilledBackupHasUnpackedGoesWithTheNextStart(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	left := filepath.Join(b.Dir, partialPrefix+"x")
	put(t, filepath.Join(left, db.GarnerFile), "with a person who was erased since")
	r := &Runner{Maker: &Maker{DataDir: b.Dir, Dir: filepath.Join(b.Dir, "backups")}, Store: b.Store,
		Log: slog.New(slog.DiscardHandler)}
	release, err := lock(b.Dir)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, running := range []bool{true, false} {
		if err := r.Run(ended); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := os.Lstat(left); (err == nil) != running {
			t.Errorf("while a backup runs (%v): %v", running, err)
		}
		if running {
			if err := release(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestABackupIsMadeOnceWheneverGarnerEnds(t *testing.T) {
	t.Parallel()
	for _, last := range []string{"written", "verified", "renamed", "copied"} {
		b := jobstest.Open(t)
		ctx, end := context.WithCancel(t.Context())
		made, second := 0, t.TempDir()
		r := &Runner{Maker: &Maker{DataDir: b.Dir, Dir: filepath.Join(b.Dir, "backups"), SecondDir: second, Zone: time.UTC,
			step: func(name string) {
				if name == last {
					end()
				}
				if name == "copied" {
					made++
				}
			}}, Store: b.Store, Log: slog.New(slog.DiscardHandler)}
		if _, err := b.Store.Ask(ctx, time.Now(), db.RequestBackup); err != nil {
			t.Fatal(err)
		}
		if err := r.Run(ctx); err != nil {
			t.Fatal(err)
		}
		r.Maker.step = nil
		requests, err := b.Store.OpenRequests(t.Context())
		if err != nil || len(requests)+made != 1 {
			t.Errorf("the end after %s: %d are copied, %d are asked for, %v", last, made, len(requests), err)
		}
		list, err := b.Store.Backups(t.Context(), 9)
		if err != nil || len(list) != 1 || list[0].Fault+list[0].CopyFault != "" || list[0].Ended.IsZero() != (made == 0) {
			t.Errorf("the end after %s: %+v, %v", last, list, err)
		}
	}
}

func TestABackupOfDatabasesThatCannotBeReadFailsAndGarnerGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := &Maker{DataDir: dir, Dir: filepath.Join(dir, "backups")}
	none := func(string, int64, int64) error { return nil }
	if _, err := m.Run(t.Context(), nil, Command, "", none); !errors.Is(err, db.ErrNotSetUp) {
		t.Errorf("without databases: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	m.DataDir = jobstest.Open(t).Dir
	if _, err := m.Run(ended, nil, Command, "", none); !errors.Is(err, context.Canceled) {
		t.Errorf("while Garner ends: %v", err)
	}
}
