package watch

import (
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health/alert"
	"garner/jobs/notify"
)

// crowd is a watch over a box of many people with a month of arrivals, put
// there by SQL.
func crowd(tb testing.TB, people int) *Watch {
	tb.Helper()
	dir := tb.TempDir()
	in, err := db.OpenInbox(tb.Context(), dir, db.InboxLimits{QueueRows: 100, QueueBytes: 1 << 24, BacklogRows: 1 << 30,
		BacklogBytes: 1 << 40}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	store, err := db.OpenStore(tb.Context(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := in.Close(); err != nil {
			tb.Error(err)
		}
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?_busy_timeout=8000")
	if err != nil {
		tb.Fatal(err)
	}
	now := time.Now()
	for _, query := range []string{
		`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1) insert into person (id, name,
			name_fold, slug, created_ms) select i, 'Person ' || i, 'person ' || i, 'p-' || i, ?2 from n`,
		`insert into freshness (person_id, type_id, sample_s, received_ms, processed_ms, live_s, news_ms) select p.id,
			t.id, ?2 /
			1000 - 3600, ?2 - 3600000 - p.id * 1000, ?2, ?2 / 1000 - 3600, ?2 - 3600000 - p.id * 1000 from person p, type t
			where ?1 > 0`,
		`with recursive d(i) as (select 0 union all select i + 1 from d where i < 90) insert into arrival (person_id,
			type_id,
			uday, hours) select p.id, t.id, ?2 / 86400000 - d.i, 0x4911c0 from person p, (select id from type union
			select 0) t, d where ?1 > 0`,
		`insert into arrival_all (type_id, uday, hours) select type_id, uday, hours from arrival where person_id = 1
			and ?2 > 0`,
		`insert into uptime (kind, from_ms, to_ms) select 'up', ?2 - 90 * 86400000, ?2 where ?1 > 0`,
	} {
		if _, err := raw.ExecContext(tb.Context(), query, people, now.UnixMilli()); err != nil {
			tb.Fatal(err)
		}
	}
	if err := raw.Close(); err != nil {
		tb.Fatal(err)
	}
	return &Watch{Inbox: in, Store: store, Log: slog.New(slog.DiscardHandler), Every: time.Minute, DataDir: dir,
		Rules:      alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		Dispatcher: notify.NewDispatcher(&notify.Dispatcher{Store: store, Log: slog.New(slog.DiscardHandler), Zone: time.UTC, PerHour: 10})}
}

func BenchmarkALookAtAThousandPeople(b *testing.B) {
	w := crowd(b, 1000)
	now := time.Now()
	if err := w.learn(b.Context(), now); err != nil {
		b.Fatal(err)
	}
	for len(w.learner.todo) > 0 {
		if err := w.learn(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for b.Loop() {
		if err := w.RunOnce(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLearningOfFiftyPeople(b *testing.B) {
	w := crowd(b, 50)
	now := time.Now()
	for b.Loop() {
		w.learner.day = 0
		if err := w.learn(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
}
