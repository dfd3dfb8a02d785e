package query

import (
	"context"
	"errors"
	"maps"
	"slices"

	"garner/db"
)

// ErrNotShared is the error of reading values of a person whose delivery facts the
// viewer may see, and who does not share values with them.
var ErrNotShared = errors.New("this person does not share values with you")

// Viewer is the one for whom data is read. Every function of this package uses one,
// so that access is decided in one place. The zero Viewer sees no one.
//
// Delivery facts are what arrived, when and of which type; values are everything
// that was measured, and bodies. Who reads the values of a person also sees the
// facts.
type Viewer struct {
	all, admin   bool
	own, account int64
	reads        map[int64]bool
	facts        bool // reads no values
	// self is the person of whom also private types are read; see readsType.
	self int64
}

// Operator is the viewer who runs Garner: the command line, jobs, and a demo on
// loopback. The operator reads all people.
func Operator() Viewer { return Viewer{all: true} }

// Account is the viewer of an account. own is the id of their own person, 0 for none,
// and shared are those who share values with them. An admin also sees the delivery
// facts of everyone and of the whole installation.
func Account(admin bool, own int64, shared ...int64) Viewer {
	v := Viewer{admin: admin, own: own, self: own, reads: make(map[int64]bool, len(shared)+1)}
	for _, person := range shared {
		v.reads[person] = true
	}
	if own > 0 {
		v.reads[own] = true
	}
	return v
}

// ViewerOf is the viewer of an account that is signed in.
func ViewerOf(ctx context.Context, store *db.Store, a *db.Account) (Viewer, error) {
	sight, err := store.Sight(ctx, a.ID)
	v := Account(a.Role == db.RoleAdmin, sight.Own, append(sight.Shared, sight.AdminsRead...)...)
	return v.SignedInAs(a.ID), err
}

// SignedInAs is the viewer with the id of their account, which they may see.
func (v Viewer) SignedInAs(account int64) Viewer {
	v.account = account
	return v
}

// Only is the viewer who sees no more than the viewer does, and of people only one.
func (v Viewer) Only(person int64) Viewer {
	out := Viewer{account: v.account, facts: v.facts || !v.all && !v.reads[person], reads: map[int64]bool{}}
	if v.sees(person) == nil {
		out.reads[person] = true
	}
	if v.all || v.self == person {
		out.self = person
	}
	return out
}

// Facts is the viewer who sees the same people, and only delivery facts of them.
func (v Viewer) Facts() Viewer {
	v.facts = true
	return v
}

// Operates reports whether the viewer may see what is about the whole installation:
// deliveries, channels, rules for everyone.
func (v Viewer) Operates() bool { return v.all || v.admin }

// Own is the id of the viewer's own person, 0 for none.
func (v Viewer) Own() int64 { return v.own }

// Changes returns nil if the viewer may change how the delivery of a person is
// watched: it is their own person, or they run the installation. Others get
// ErrNotShared for a person whom they see, and db.ErrNotFound for the rest.
func (v Viewer) Changes(person int64) error {
	if err := v.sees(person); err != nil || v.Operates() || person == v.own {
		return err
	}
	return ErrNotShared
}

// ChangesSubject is Changes, where person 0 stands for everyone: that takes who runs
// the installation.
func (v Viewer) ChangesSubject(person int64) error {
	if person == 0 {
		return v.operates()
	}
	return v.Changes(person)
}

// sees returns db.ErrNotFound for a person whose delivery facts the viewer may not
// see: that they exist is not revealed either.
func (v Viewer) sees(person int64) error {
	if person > 0 && (v.Operates() || v.reads[person]) {
		return nil
	}
	return db.ErrNotFound
}

// only are the people whom the viewer sees; nil for a viewer who runs the
// installation and sees everyone.
func (v Viewer) only() []int64 {
	if v.Operates() {
		return nil
	}
	return slices.AppendSeq([]int64{}, maps.Keys(v.reads))
}

// readsOf returns nil for a person whose values the viewer may read, ErrNotShared for
// one of whom they see only facts, and else db.ErrNotFound.
func (v Viewer) readsOf(person int64) error {
	if err := v.sees(person); err != nil || !v.facts && (v.all || v.reads[person]) {
		return err
	}
	return ErrNotShared
}

// operates returns db.ErrNotFound for who may not see what is about the whole
// installation.
func (v Viewer) operates() error {
	if v.Operates() {
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
