package db

import (
	"database/sql"

	"garner/health"
)

// touchAkin marks the days of records of other types that describe the same
// thing as a version: their day may be a different one.
func (a *applier) touchAkin(v *health.Version, k kind) error {
	for _, feed := range k.Feeds {
		if !feed.Family.ByKey() {
			continue
		}
		for _, other := range a.s.kinds {
			if other.id == k.id || !feeds(other, feed.Family) {
				continue
			}
			rows, err := a.t.query(`select day from record where person_id = ? and type_id = ? and key = ?`,
				v.Person, other.id, v.Key)
			if err != nil {
				return err
			}
			days, err := collect(rows, func(rows *sql.Rows) (d health.Day, err error) { return d, rows.Scan(&d) })
			if err != nil {
				return err
			}
			for _, day := range days {
				a.dirty[dirtyKey{v.Person, day, feed.Family}] = struct{}{}
			}
		}
	}
	return nil
}

func feeds(k kind, family health.Derivation) bool {
	for _, feed := range k.Feeds {
		if feed.Family == family {
			return true
		}
	}
	return false
}
