package db

import (
	"context"
	"errors"
	"time"

	"garner/health/alert"
)

const (
	// HistoryKept is how long closed incidents, times of uptime, ended requests and
	// the last use of callback secrets are kept. Incidents that explain missing data
	// are kept for good.
	HistoryKept = 2 * 365 * 24 * time.Hour
	// MessagesKept is how long notifications are kept after they ended.
	MessagesKept = 400 * 24 * time.Hour
	// pruneIncidents is how many incidents one transaction drops, with their timelines.
	pruneIncidents = 100
)

// PruneHistory drops what is older than HistoryKept and MessagesKept: of each table at
// most pruneStep rows, since the clock may be wrong. What is open stays, as do
// incidents whose end is still to be notified, and the newest time of uptime.
func (s *Store) PruneHistory(ctx context.Context, now time.Time) error {
	before := now.Add(-HistoryKept).UnixMilli()
	return s.w.do(ctx, func(t *tx) error {
		return errors.Join(
			t.exec(`delete from incident where id in (select id from incident where closed_ms > 0 and closed_ms < ?
				and notified <> 1 and kind not in (select value from json_each(?)) limit ?)`, before, list(explaining()),
				pruneIncidents),
			t.exec(`delete from notification where id in (select id from notification where state <> 0 and ended_ms < ?
				limit ?)`, now.Add(-MessagesKept).UnixMilli(), pruneStep),
			t.exec(`delete from uptime where id in (select id from uptime where to_ms < ?
				and id not in (select max(id) from uptime group by kind) order by id limit ?)`, before, pruneStep),
			t.exec(`delete from request where id in (select id from request where ended_ms < ? limit ?)`, before, pruneStep),
			t.exec(`delete from signal where name glob 'callback_secret:*' and at_ms < ?`, before))
	})
}

// explaining are the kinds of incidents that explain missing data.
func explaining() (out []string) {
	for _, kind := range alert.Kinds {
		if kind.Explains() {
			out = append(out, string(kind))
		}
	}
	return out
}
