package query

import (
	"garner/db"
)

// Viewer is the one for whom data is read. Every function of this package uses one,
// so that access is decided in one place. The zero Viewer sees no one.
type Viewer struct{ all bool }

// Operator is the viewer who runs Garner: the command line, jobs and, until there are
// accounts, the pages. The operator sees all people.
func Operator() Viewer { return Viewer{all: true} }

// sees returns db.ErrNotFound for a person whom the viewer may not see: that they
// exist is not revealed either.
func (v Viewer) sees(person int64) error {
	if v.all && person > 0 {
		return nil
	}
	return db.ErrNotFound
}

// operates returns db.ErrNotFound for who may not see what is about the whole
// installation: deliveries, channels, rules for everyone.
func (v Viewer) operates() error {
	if v.all {
		return nil
	}
	return db.ErrNotFound
}

// seesSubject returns db.ErrNotFound for an incident or condition of which the
// viewer may not know. Person 0 stands for everyone.
func (v Viewer) seesSubject(person int64) error {
	if person == 0 {
		return v.operates()
	}
	return v.sees(person)
}
