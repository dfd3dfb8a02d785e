package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
)

// PersonStatus is how one person's data arrives.
type PersonStatus struct {
	Person alert.Person
	State  alert.State
	// Limit is the silence after which an alert is sent.
	Limit       Limit
	PausedUntil time.Time
	// Silent is the condition that no data comes, nil if it does; Conditions are
	// all about this person.
	Silent     *alert.Condition
	Conditions []alert.Condition
	Clocks     Clocks
	Connection Connection
	Types      []TypeStatus
	// Incidents are those of this person, the newest first.
	Incidents []alert.Incident
}

// TypeStatus is how one type of a person arrives.
type TypeStatus struct {
	Type  string
	State alert.State
	// News is when the newest data came, zero for never.
	News   time.Time
	Rhythm Rhythm
	Limit  Limit
	// Off means that the type was marked as not applicable.
	Off bool
}

// Limit is how long a silence may last.
type Limit struct {
	Is time.Duration
	By LimitBy
	// Own was set for this type, 0 for none; Default applies without it. Box is the
	// global one.
	Own, Default, Box time.Duration
}

// LimitBy is the origin of a limit.
type LimitBy uint8

// The origins: the global limit, the global limit extended for a slow rhythm, or
// one of its own.
const (
	BoxLimit LimitBy = iota
	LengthenedLimit
	OwnLimit
)

// Rhythm is when a type usually comes.
type Rhythm struct {
	// Gap is a day's longest silence, 0 if that is not learned yet.
	Gap time.Duration
	// Daily means that it comes once a day, usually By that instant today.
	Daily bool
	By    time.Time
	// Due is when the next is expected; zero if none is.
	Due time.Time
}

// Clocks are three instants that are easily confused. Each may be
// zero.
type Clocks struct {
	// Sampled is the newest instant that any data reach, on the person's clock;
	// Received is when the newest delivery with data came, Processed when it was
	// processed.
	Sampled, Received, Processed time.Time
}

// Connection is the state of a person's link to Garmin.
type Connection struct {
	// Since is when the person was added; Linked means that a Garmin user id is
	// known.
	Since  time.Time
	Linked bool
	// Granted are the permissions that Garmin named last, nil if it never
	// did; Changed is when.
	Granted []string
	Changed time.Time
	// Notices are the newest of Garmin's, the newest first.
	Notices []Notice
}

// Notice is Garmin's notice about a connection: that it Ended, or that the
// permissions changed; Named means that it named the new ones. Garmin, when asked, said
// the same if it is Confirmed, and otherwise if it is Refuted.
type Notice struct {
	At                               time.Time
	Ended, Named, Confirmed, Refuted bool
}

const (
	// noticesShown and incidentsShown are how many of the newest are returned.
	noticesShown   = 5
	incidentsShown = 20
)

// PersonStatus is that of a person; db.ErrNotFound for one whom the watch does
// not know yet.
func (h *Household) PersonStatus(ctx context.Context, person *db.Person) (*PersonStatus, error) {
	at, err := h.place(person.ID)
	if err != nil {
		return nil, err
	}
	p, f := h.Facts.People[at], h.Found.People[at]
	box := h.Facts.Rules.SilentAfter
	out := &PersonStatus{Person: p, State: h.state(at), PausedUntil: pausedUntil(p.Pauses, h.Facts.Now),
		Limit: limitOf(f.Limit, p.Limit, p.Usual, box)}
	for i := range h.Found.Conditions {
		c := &h.Found.Conditions[i]
		if c.Person != p.ID {
			continue
		}
		out.Conditions = append(out.Conditions, *c)
		if out.Silent == nil && (c.Kind == alert.PersonSilent || c.Kind == alert.PersonLeft) {
			out.Silent = c
		}
	}
	for j := range p.Types {
		out.Types = append(out.Types, h.typeStatus(at, j))
	}
	if out.Clocks, err = h.clocks(ctx, p.ID, ""); err != nil {
		return nil, err
	}
	if out.Connection, err = h.connection(ctx, &p, len(person.UserIDs) > 0); err != nil {
		return nil, err
	}
	out.Incidents, err = h.Store.IncidentsOf(ctx, p.ID, "", incidentsShown)
	return out, err
}

func limitOf(is, own time.Duration, usual alert.Rhythm, box time.Duration) Limit {
	l := Limit{Is: is, Own: own, Default: usual.Limit(box), Box: box}
	switch {
	case own > 0:
		l.By = OwnLimit
	case is > box:
		l.By = LengthenedLimit
	}
	return l
}

// typeStatus is that of one of a person's types.
func (h *Household) typeStatus(at, j int) TypeStatus {
	pair, f := h.Facts.People[at].Types[j], h.Found.People[at].Types[j]
	return TypeStatus{Type: h.Facts.Types[pair.Type].Key, State: f.State, News: pair.News, Off: pair.Off,
		Rhythm: h.rhythm(pair, f.State), Limit: limitOf(f.Limit, pair.Limit, pair.Usual, h.Facts.Rules.SilentAfter)}
}

// once is a day's longest silence from which a type comes once a day.
const once = 18 * time.Hour

func (h *Household) rhythm(pair alert.PersonType, state alert.State) Rhythm {
	r := Rhythm{Gap: pair.Usual.Gap}
	if r.Gap == 0 {
		return r
	}
	if r.Gap >= once && pair.Usual.By >= 0 {
		midnight := h.Facts.Now.UTC().Truncate(24 * time.Hour)
		r.Daily, r.By = true, midnight.Add(time.Duration(pair.Usual.By)*time.Minute)
	}
	if (state == alert.OnTime || state == alert.Late) && !pair.News.IsZero() {
		r.Due = pair.News.Add(r.Gap)
	}
	return r
}

// clocks returns those of a person; of one type by its key, or of all if it is
// empty.
func (h *Household) clocks(ctx context.Context, person int64, typ string) (c Clocks, err error) {
	fresh, err := h.Store.FreshnessOf(ctx, person)
	if err != nil {
		return c, err
	}
	zones, err := zones(ctx, h.Store, []int64{person})
	if err != nil {
		return c, err
	}
	for key, f := range fresh {
		if typ != "" && typ != key {
			continue
		}
		if f.Received.After(c.Received) {
			c.Received, c.Processed = f.Received, f.Processed
		}
		if f.Sample.Unix() > 0 && f.Sample.After(c.Sampled) {
			c.Sampled = f.Sample.In(zones[person])
		}
	}
	return c, nil
}

func (h *Household) connection(ctx context.Context, p *alert.Person, linked bool) (Connection, error) {
	out := Connection{Since: p.Since, Linked: linked, Granted: p.Granted, Changed: p.Changed}
	notices, err := h.Store.NoticesOf(ctx, []int64{p.ID})
	for _, n := range notices[p.ID][:min(noticesShown, len(notices[p.ID]))] {
		_, named := garmin.NoticePermissions(n.Detail)
		out.Notices = append(out.Notices, Notice{At: n.At, Ended: n.Type == garmin.Deregistrations.Key, Named: named,
			Confirmed: n.Verdict == db.Confirmed, Refuted: n.Verdict == db.Refuted})
	}
	return out, err
}

// detailDays is how many days a TypeDetail shows.
const detailDays = 90

// TypeDetail is how one type of a person arrives, day by day.
type TypeDetail struct {
	TypeStatus
	// Rhythmic types are expected daily.
	Rhythmic bool
	// Condition is the one of the person's type, of the person as a whole, or of the
	// type for all people; nil for none.
	Condition *alert.Condition
	Clocks    Clocks
	// First is the first of the Days, which are the last ones up to today; Share
	// counts those expected.
	First health.Day
	Days  []health.DayState
	Share health.Share
	// Incidents are those of the type and of the person, the newest first.
	Incidents []alert.Incident
}

// TypeDetail is that of a person's type by its key; db.ErrNotFound for an
// unknown type.
func (h *Household) TypeDetail(ctx context.Context, person int64, typ string) (*TypeDetail, error) {
	c, err := h.coverageOf(ctx, person)
	if err != nil {
		return nil, err
	}
	j, ok := c.Type(typ)
	if !ok {
		return nil, db.ErrNotFound
	}
	out := &TypeDetail{TypeStatus: h.typeStatus(c.at, j), Rhythmic: c.typ(j).Rhythmic, First: c.Today - detailDays + 1,
		Condition: h.concerning(person, typ)}
	if out.Days, err = c.Days(ctx, j, out.First, c.Today); err != nil {
		return nil, err
	}
	out.Share.Add(out.Days)
	if out.Clocks, err = h.clocks(ctx, person, typ); err != nil {
		return nil, err
	}
	out.Incidents, err = h.Store.IncidentsOf(ctx, person, typ, incidentsShown)
	return out, err
}

// concerning is the condition that affects a type of a person.
func (h *Household) concerning(person int64, typ string) *alert.Condition {
	i := slices.IndexFunc(h.Found.Conditions, func(c alert.Condition) bool {
		return c.Type == typ && (c.Person == person || c.Person == 0) ||
			c.Person == person && (c.Kind == alert.PersonSilent || c.Kind == alert.PersonLeft)
	})
	if i < 0 {
		return nil
	}
	return &h.Found.Conditions[i]
}
