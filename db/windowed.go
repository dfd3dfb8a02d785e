package db

import (
	"database/sql"

	"garner/health"
)

// awaitedFor is how long after the request what comes counts as its answer.
const awaitedFor = 30 * dayMS

// awaitedWindow is a window that Garmin was asked for.
type awaitedWindow struct{ id, from, to, asked int64 }

// windowOf returns the window of history that a version may be an answer to, 0 for
// none, and marks the version as coming from there.
func (a *applier) windowOf(v *health.Version, received int64) (int64, error) {
	if v.Order.Source != health.Pushed {
		return 0, nil
	}
	key := PersonType{v.Person, v.Type}
	windows, ok := a.awaited[key]
	if !ok {
		rows, err := a.t.query(`select id, from_s, to_s, asked_ms from backfill where person_id = ? and type_key = ?
			and state in (1, 2) order by id desc`, v.Person, v.Type)
		if err != nil {
			return 0, err
		}
		if windows, err = collect(rows, func(rows *sql.Rows) (w awaitedWindow, err error) {
			return w, rows.Scan(&w.id, &w.from, &w.to, &w.asked)
		}); err != nil {
			return 0, err
		}
		a.awaited[key] = windows
	}
	start, end := v.Start, max(v.Start, v.End)
	if start == 0 {
		start = v.Day.Midnight().Unix()
		end = start
	}
	for _, w := range windows {
		if start < w.to && end >= w.from && received >= w.asked && received-w.asked < awaitedFor {
			if v.Origin == health.Push || v.Origin == health.Ping {
				v.ComesFrom(health.Backfill)
			}
			return w.id, nil
		}
	}
	return 0, nil
}

// writeWindows counts what came for each window.
func (a *applier) writeWindows() error {
	for id, n := range a.came {
		if id == 0 {
			continue
		}
		if err := a.t.exec(`update backfill set records = records + ?1, last_ms = ?2,
			first_ms = iif(first_ms = 0, ?2, first_ms) where id = ?3`, n, a.nowMS, id); err != nil {
			return err
		}
	}
	return nil
}
