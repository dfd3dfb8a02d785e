package query

import "garner/db"

// operates returns db.ErrNotFound for viewers who may not see what concerns the
// whole installation: deliveries, channels, rules for all people.
func (v Viewer) operates() error {
	if v.all {
		return nil
	}
	return db.ErrNotFound
}
