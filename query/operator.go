package query

import "garner/db"

// operates gives db.ErrNotFound for who may not see what is about the whole
// installation: deliveries, channels, rules for everyone.
func (v Viewer) operates() error {
	if v.everybody {
		return nil
	}
	return db.ErrNotFound
}
