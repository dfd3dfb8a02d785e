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

// seesSubject gives db.ErrNotFound for an incident or condition of which the
// viewer may not know. Person 0 stands for everyone.
func (v Viewer) seesSubject(person int64) error {
	if person == 0 {
		return v.operates()
	}
	return v.sees(person)
}
