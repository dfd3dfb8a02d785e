package query

import "garner/db"

// operates returns db.ErrNotFound for who may not see what is about the whole
// installation: deliveries, channels, rules for everyone.
func (v Viewer) operates() error {
	if v.all {
		return nil
	}
	return db.ErrNotFound
}
