package query

import (
	"garner/db"
	"garner/health/alert"
)

// Viewer is who asks. Every function of this package takes one, so that what
// someone may see is decided in one place. The zero Viewer sees no one.
type Viewer struct{ everybody bool }

// Operator is anyone who runs Garner: the command line, jobs and, until there are
// accounts, the pages. The operator sees everyone.
func Operator() Viewer { return Viewer{everybody: true} }

// sees gives db.ErrNotFound for a person whom the viewer may not see: that they
// exist is not told either.
func (v Viewer) sees(person int64) error {
	if v.everybody && person > 0 {
		return nil
	}
	return db.ErrNotFound
}

// operates gives db.ErrNotFound for who may not see what is about the whole
// installation: deliveries, channels, rules for everyone.
func (v Viewer) operates() error {
	if v.everybody {
		return nil
	}
	return db.ErrNotFound
}

// seesIncident gives db.ErrNotFound for an incident of which the viewer may not
// know.
func (v Viewer) seesIncident(e *alert.Incident) error {
	if e.Subject.Person == 0 {
		return v.operates()
	}
	return v.sees(e.Subject.Person)
}
