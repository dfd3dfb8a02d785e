package query

import "garner/db"

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
