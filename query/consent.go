package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Consent is what is believed of a person's consent at Garmin. Since the person's
// first connection began these are facts that Garmin confirmed. Before, and for
// people without a connection, they are what unsigned notices claimed.
type Consent struct {
	// Absences are the times without a consent, the newest first.
	Absences []Absence
	// Granted are the sets of permissions, the newest first. Claimed means that the
	// newest is a claim.
	Granted []db.Grant
	Claimed bool
	// Refused is why the person must connect again; health.CauseNone if they need not.
	Refused health.ConnectionCause
}

// Absence is a time without a consent. To is zero while it lasts.
type Absence struct{ From, To time.Time }

// Consents returns what is believed of some people. Its number of queries does not
// depend on how many they are.
func Consents(ctx context.Context, store *db.Store, people []int64) (map[int64]*Consent, error) {
	notices, err := store.NoticesOf(ctx, people)
	if err != nil {
		return nil, err
	}
	connections, err := store.ConnectionsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	grants, err := store.GrantsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*Consent, len(people))
	for _, person := range people {
		out[person] = consentOf(connections[person], grants[person], notices[person])
	}
	return out, nil
}

// consentOf joins what is known of one person; all lists have the newest first.
func consentOf(connections []db.Connection, grants []db.Grant, notices []db.Notice) *Consent {
	out := &Consent{Granted: grants, Claimed: len(grants) == 0}
	var next time.Time // when the next connection began
	for i := range connections {
		c := &connections[i]
		if c.State == db.MustReconnect {
			out.Refused = c.Cause
		}
		if !c.Ended.IsZero() && (next.IsZero() || next.After(c.Ended)) {
			out.Absences = append(out.Absences, Absence{c.Ended, next})
		}
		next = c.Began
	}
	for _, n := range notices {
		if next.IsZero() || n.At.Before(next) {
			out.claim(n, next)
		}
	}
	return out
}

// claim adds what a notice claims. It ends when a connection begins.
func (c *Consent) claim(n db.Notice, ends time.Time) {
	if n.Verdict == db.Refuted {
		return
	}
	if n.Type == garmin.Deregistrations.Key {
		c.Absences = append(c.Absences, Absence{n.At, ends})
	}
	if n.Type != garmin.UserPermissionsChange.Key {
		return
	}
	if names, said := garmin.NoticePermissions(n.Detail); said {
		// Never nil: nil means unknown.
		c.Granted = append(c.Granted, db.Grant{Person: n.Person, At: n.At, Granted: append([]string{}, names...)})
	}
}

// Given are all permissions that Garmin ever confirmed; nil if it never did, so that
// any may have been granted.
func (c *Consent) Given() []string {
	if c.Claimed {
		return nil
	}
	out := []string{}
	for _, g := range c.Granted {
		for _, name := range g.Granted {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
