package watch

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/query"
)

// watchedTypes returns the types that make records, in the form of the rules.
func watchedTypes() []alert.Type {
	var out []alert.Type
	for _, t := range garmin.Types {
		if t.HasRecords() {
			out = append(out, alert.Type{Key: t.Key, Title: t.Title, Permission: t.Permission, Rhythmic: t.Rhythm != ""})
		}
	}
	return out
}

// facts collects everything that is known as of now. unread returns, after the
// rules were evaluated, why arrivals could not be read: the result must then not
// be used.
func (w *Watch) facts(ctx context.Context, now time.Time) (f *alert.Facts, unread *error, err error) {
	unread = new(error)
	g := &gathering{Watch: w, usual: w.rhythms(), ctx: ctx, now: now,
		f: &alert.Facts{Now: now, Until: now, Rules: w.Rules, Types: watchedTypes(),
			Open: map[alert.Subject]alert.Incident{}}}
	for _, step := range []func() error{g.hearing, g.incidents, g.types, g.people, g.parked, g.pauses, g.rules, g.consents,
		g.keys, g.insideFacts} {
		if err := step(); err != nil {
			return nil, unread, err
		}
	}
	g.f.Arrivals = func(person int64, since time.Time) []int64 {
		hours, err := w.Store.Arrivals(ctx, person, "", since)
		*unread = errors.Join(*unread, err)
		return hours
	}
	return g.f, unread, nil
}

// gathering is one collection of facts.
type gathering struct {
	*Watch
	ctx context.Context
	now time.Time
	f   *alert.Facts
	at  map[int64]int  // indexes of people
	typ map[string]int // indexes of types
	// usual are the rhythms that were learned.
	usual map[rhythmKey]alert.Rhythm
	ran   []alert.Span
}

// backTo is how far back silences and rhythms look.
func backTo(now time.Time) time.Time { return now.AddDate(0, 0, -120) }

func (g *gathering) hearing() error {
	ran, err := g.Store.UptimeIntervals(g.ctx, db.Up, backTo(g.now))
	if err != nil {
		return err
	}
	deaf, err := g.Store.UptimeIntervals(g.ctx, db.Unreachable, backTo(g.now))
	if err != nil {
		return err
	}
	g.ran = spans(ran)
	if n := len(g.ran); n > 0 && g.now.Sub(g.ran[n-1].To) < missedBeat {
		g.ran[n-1].To = g.now // it runs; the next beat is not yet due
	}
	g.f.ObservableTime, g.f.Running = alert.NewObservableTime(g.ran, spans(deaf), g.Rules.Grace),
		alert.NewObservableTime(g.ran, nil, 0)
	return nil
}

func spans(list []db.UptimeInterval) []alert.Span {
	out := make([]alert.Span, 0, len(list))
	for _, s := range list {
		out = append(out, alert.Span{From: s.From, To: s.To})
	}
	return out
}

// incidents returns what earlier checks found: silences of all people, types that
// stopped, and what is open.
func (g *gathering) incidents() error {
	list, err := g.Store.IncidentsSince(g.ctx, backTo(g.now))
	if err != nil {
		return err
	}
	g.typ = map[string]int{}
	for i, t := range g.f.Types {
		g.typ[t.Key] = i
	}
	for _, e := range list {
		if e.Closed.IsZero() {
			g.f.Open[e.Subject] = e
			continue
		}
		span := alert.Span{From: e.Since, To: e.Closed}
		switch e.Kind {
		case alert.NothingArrives:
			g.f.Silences = append(g.f.Silences, span)
		case alert.TypeStopped:
			if i, ok := g.typ[e.Type]; ok {
				g.f.Types[i].Stopped = append(g.f.Types[i].Stopped, span)
			}
		}
	}
	return nil
}

func (g *gathering) types() error {
	volumes, err := g.Store.Volumes(g.ctx, g.now, alert.LearnDays)
	if err != nil {
		return err
	}
	g.f.Usual = g.usual[rhythmKey{0, ""}]
	for i := range g.f.Types {
		t := &g.f.Types[i]
		t.Usual = g.usual[rhythmKey{0, t.Key}]
		if v := volumes[t.Key]; len(v) > 0 {
			t.Volume = v[:len(v)-1] // today is not complete
		}
	}
	return nil
}

func (g *gathering) people() error {
	people, err := g.Store.People(g.ctx)
	if err != nil {
		return err
	}
	fresh, err := g.Store.Freshness(g.ctx)
	if err != nil {
		return err
	}
	g.at = make(map[int64]int, len(people))
	g.f.People = make([]alert.Person, len(people))
	pairs := make([]alert.PersonType, len(people)*len(g.f.Types))
	for i, p := range people {
		g.at[p.ID] = i
		own := pairs[i*len(g.f.Types):][:len(g.f.Types):len(g.f.Types)]
		for t := range own {
			own[t] = alert.PersonType{Type: t, Usual: g.usual[rhythmKey{p.ID, g.f.Types[t].Key}]}
		}
		g.f.People[i] = alert.Person{ID: p.ID, Name: p.Name, Since: p.Created, Usual: g.usual[rhythmKey{p.ID, ""}],
			Types: own}
	}
	for _, f := range fresh {
		i, ok := g.at[f.Person]
		t, known := g.typ[f.Type]
		if !ok || !known {
			continue
		}
		p := &g.f.People[i]
		p.Types[t].News, p.Types[t].Reach = f.News, f.Reach
		if f.Reach.After(p.Reach) {
			p.Reach = f.Reach
		}
		if f.News.After(p.News) {
			p.News = f.News
		}
	}
	return nil
}

// parked sets for each person and type what came but could not be processed.
func (g *gathering) parked() error {
	list, err := g.Store.ParkedNews(g.ctx)
	if err != nil {
		return err
	}
	for _, n := range list {
		i, ok := g.at[n.Person]
		if !ok {
			continue
		}
		p := &g.f.People[i]
		if n.At.After(p.Parked) {
			p.Parked = n.At
		}
		if t, known := g.typ[n.Type]; known {
			p.Types[t].Parked = n.At
		}
	}
	return nil
}

func (g *gathering) pauses() error {
	list, err := g.Store.Pauses(g.ctx, backTo(g.now))
	if err != nil {
		return err
	}
	for _, p := range list {
		span := alert.Span{From: p.From, To: p.To}
		if p.Person == 0 && p.Type == "" {
			g.f.Paused = g.f.Paused || !span.From.After(g.now) && span.To.After(g.now)
		}
		for i := range g.f.People {
			if p.Person == 0 || p.Person == g.f.People[i].ID {
				g.pause(&g.f.People[i], p.Type, span)
			}
		}
	}
	return nil
}

func (g *gathering) pause(p *alert.Person, typ string, span alert.Span) {
	if typ == "" {
		p.Pauses = append(p.Pauses, span)
		return
	}
	if t, ok := g.typ[typ]; ok {
		p.Types[t].Pauses = append(p.Types[t].Pauses, span)
	}
}

func (g *gathering) rules() error {
	rules, err := g.Store.AlertRules(g.ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		for i := range g.f.People {
			if r.Person == 0 || r.Person == g.f.People[i].ID {
				g.rule(&g.f.People[i], r)
			}
		}
	}
	return nil
}

// rule applies a rule. Rules for all people come first, so that a person's own
// takes precedence.
func (g *gathering) rule(p *alert.Person, r db.Rule) {
	if r.Type == "" {
		p.Limit = r.Limit
		return
	}
	if t, ok := g.typ[r.Type]; ok {
		p.Types[t].Limit, p.Types[t].Off = r.Limit, r.Off
	}
}

// consents sets what is believed of each person's consent at Garmin.
func (g *gathering) consents() error {
	people := make([]int64, 0, len(g.f.People))
	for i := range g.f.People {
		people = append(people, g.f.People[i].ID)
	}
	list, err := query.Consents(g.ctx, g.Store, people)
	if err != nil {
		return err
	}
	for i := range g.f.People {
		p := &g.f.People[i]
		c := list[p.ID]
		p.Refused, p.AnswerLost = c.Refused != health.CauseNone, c.Refused == health.CauseRefreshLost
		p.Given = c.Given()
		if len(c.Absences) > 0 {
			p.Left, p.Rejoined = c.Absences[0].From, c.Absences[0].To
		}
		if len(c.Granted) > 0 {
			p.Granted, p.Changed = named(c.Granted[0]), c.Granted[0].At
		}
		if len(c.Granted) > 1 {
			p.Former = named(c.Granted[1])
		}
	}
	return nil
}

// named are the permissions of a set, never nil: nil means unknown.
func named(g db.Grant) []string { return append([]string{}, g.Granted...) }
