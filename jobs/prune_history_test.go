package jobs

import (
	"testing"
	"time"

	"garner/db"
)

func TestOldHistoryGoesAndWhatIsOpenOrExplainsGapsStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	now := time.Now()
	old, young := now.Add(-db.HistoryKept-time.Hour).UnixMilli(), now.Add(-db.HistoryKept+time.Hour).UnixMilli()
	for _, incident := range []struct {
		kind     string
		notified int
		closed   int64
	}{
		{"disk_low", 2, old}, // goes
		{"disk_low", 2, young},
		{"disk_low", 1, 0},
		{"parked", 1, old}, // its end is still to be notified
		{"was_off", 2, old},
		{"pair_stopped", 2, old},
	} {
		b.Harm(`insert into incident (kind, since_ms, opened_ms, closed_ms, evidence, notified, notified_ms, reminders,
			reopened) values (?, ?, ?, ?, '{}', ?, ?, 0, 0)`, incident.kind, old, old, incident.closed, incident.notified, old)
	}
	b.Harm(`insert into incident_event (incident_id, at_ms, event) select id, ?, 'opened' from incident`, old)
	b.Harm(`insert into request (kind, created_ms, ended_ms) values ('replay', ?1, ?1), ('replay', ?1, ?2), ('replay', ?1,
		null)`, old, young)
	b.Harm(`insert into uptime (kind, from_ms, to_ms) values ('up', ?1, ?1), ('up', ?1, ?2), ('unreachable', ?1, ?1)`, old,
		young)
	b.Harm(`insert into signal (name, at_ms, value, detail) values ('callback_secret:1', ?1, 0, ''),
		('callback_secret:2', ?2, 0, ''), ('damage', ?1, 1, '')`, old, young)
	b.prune(now, 10)
	for query, want := range map[string]int64{
		`select count(*) from incident`:                                           5,
		`select count(*) from incident where kind = 'disk_low' and closed_ms = 0`: 1,
		`select count(*) from incident_event`:                                     5,
		`select count(*) from request`:                                            2,
		`select count(*) from uptime`:                                             2,
		`select count(*) from signal`:                                             2,
	} {
		if got := b.Ask(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}
