package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health/alert"
)

// Alerts is what the Alerts page lists. For a viewer who does not run the
// installation it has the incidents and pauses of the people whom they see.
type Alerts struct {
	// Operates means that the viewer runs the installation: the rest is complete.
	Operates bool
	// Open incidents, those that affect most people first; OpenTotal counts also
	// those that are not listed.
	Open      []Incident
	OpenTotal int
	// Past incidents, newest first; Older is the id below which the next page
	// begins, 0 on the last.
	Past  []Incident
	Older int64
	// Limits are those for all people; Rules differ from them.
	Limits        alert.Rules
	Rules         []Rule
	Pauses        []Pause
	Channels      map[string]Channel
	Notifications []Notification
	// People and Types are what rules and pauses can be about.
	People []PersonRef
	Types  []TypeRef
}

// How many rows a page of alerts lists.
const (
	openIncidents       = 40
	pastIncidents       = 30
	recentNotifications = 50
)

// Alerts returns what the Alerts page lists, with the past incidents from below an
// id (0 for the newest).
func (q *Reader) Alerts(ctx context.Context, before int64) (*Alerts, error) {
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	a := &Alerts{Operates: q.Viewer.Operates()}
	if a.Open, a.OpenTotal, err = q.OpenIncidents(ctx, openIncidents); err != nil {
		return nil, err
	}
	if a.Past, a.Older, err = q.PastIncidents(ctx, before, pastIncidents); err != nil {
		return nil, err
	}
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		a.People = append(a.People, personRef(p))
	}
	if a.Pauses, err = q.Pauses(ctx); err != nil || !a.Operates {
		return a, err
	}
	a.Limits = home.Facts.Rules
	if a.Rules, err = q.Rules(ctx); err != nil {
		return nil, err
	}
	if a.Channels, err = q.Channels(ctx); err != nil {
		return nil, err
	}
	if a.Notifications, err = q.RecentNotifications(ctx, recentNotifications); err != nil {
		return nil, err
	}
	for _, t := range garmin.Types {
		if t.HasRecords() && !t.PersonalOnly {
			a.Types = append(a.Types, TypeRef{t.Key, t.Title})
		}
	}
	return a, nil
}

// Rule is a limit that was set on a page for a person or a type.
type Rule struct {
	ID int64
	// Person and Type are nil for all people and all types.
	Person *PersonRef
	Type   *TypeRef
	// Limit is the silence after which an incident opens. Off means that the type
	// is not expected at all; then there is no limit.
	Limit time.Duration
	Off   bool
}

// Rules returns the rules that were set.
func (q *Reader) Rules(ctx context.Context) ([]Rule, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	list, err := q.Store.AlertRules(ctx)
	var out []Rule
	for _, r := range list {
		out = append(out, Rule{ID: r.ID, Person: names.person(r.Person), Type: typeRef(r.Type), Limit: r.Limit, Off: r.Off})
	}
	return out, err
}

// RuleOf is the rule that a person's type has, or a new one that says nothing.
func (q *Reader) RuleOf(ctx context.Context, person int64, typ string) (db.Rule, error) {
	if err := q.Viewer.sees(person); err != nil {
		return db.Rule{}, err
	}
	list, err := q.Store.AlertRules(ctx)
	at := slices.IndexFunc(list, func(r db.Rule) bool { return r.Person == person && r.Type == typ })
	if err != nil || at < 0 {
		return db.Rule{Person: person, Type: typ}, err
	}
	return list[at], nil
}

// Pause is a time without notifications.
type Pause struct {
	ID int64
	// Person and Type are nil for all people and all types.
	Person *PersonRef
	Type   *TypeRef
	// To is the first instant after the pause.
	From, To time.Time
	Reason   string
}

// Pauses returns the pauses that are not over of those whom the viewer sees, by
// their end.
func (q *Reader) Pauses(ctx context.Context) ([]Pause, error) {
	return q.pauses(ctx, func(p *db.Pause) bool { return q.Viewer.seesSubject(p.Person) == nil })
}

// ChangesPause returns nil if the viewer may end a pause, and else why not:
// db.ErrNotFound for one that is not there, or of which they may not know.
func (q *Reader) ChangesPause(ctx context.Context, id int64) error {
	list, err := q.Store.Pauses(ctx, q.Now)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(p db.Pause) bool { return p.ID == id })
	if at < 0 {
		return db.ErrNotFound
	}
	return q.Viewer.ChangesSubject(list[at].Person)
}

// PausesOf returns the pauses that are not over and concern a person; of one type,
// or of all if it is empty.
func (q *Reader) PausesOf(ctx context.Context, person int64, typ string) ([]Pause, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	return q.pauses(ctx, func(p *db.Pause) bool {
		return (p.Person == 0 || p.Person == person) && (typ == "" || p.Type == "" || p.Type == typ)
	})
}

func (q *Reader) pauses(ctx context.Context, keep func(*db.Pause) bool) ([]Pause, error) {
	names, err := q.Names(ctx)
	if err != nil {
		return nil, err
	}
	list, err := q.Store.Pauses(ctx, q.Now)
	var out []Pause
	for i := range list {
		p := &list[i]
		if keep(p) {
			out = append(out, Pause{ID: p.ID, Person: names.person(p.Person), Type: typeRef(p.Type), From: p.From, To: p.To,
				Reason: p.Reason})
		}
	}
	return out, err
}
