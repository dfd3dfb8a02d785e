package alert

import (
	"slices"
	"time"
)

// Evaluate returns what follows from the facts.
func Evaluate(f *Facts) *Findings {
	e := &evaluation{Facts: f, out: &Findings{People: make([]Finding, len(f.People)), Acknowledged: map[Subject]bool{}}}
	e.box()
	e.types()
	for i := range f.People {
		e.person(&f.People[i], &e.out.People[i])
	}
	e.keys()
	e.inside()
	e.lasting()
	return e.out
}

// evaluation is one run of the rules.
type evaluation struct {
	*Facts
	out *Findings
	// hearing is the observable time of people: without times in which no data came.
	hearing *ObservableTime
	// second is when the newest data came from anyone but the newest person.
	newest int64
	second time.Time
	// usual is how long it is normal that no data comes at all; judged is the time up
	// to which people are evaluated.
	usual  time.Duration
	judged time.Time
	// alone means that there are no others to compare with.
	alone bool
	// typeNews is when a type last came from anyone; typeStopped the types that
	// stopped for all; typeJudged up to when each is evaluated for one person.
	typeNews    []time.Time
	typeHeard   []time.Time // the same, including data that could not be processed
	typeStopped []bool
	typeJudged  []time.Time
	typeHearing []*ObservableTime
}

func (e *evaluation) add(c Condition) { e.out.Conditions = append(e.out.Conditions, c) }

// regained is when a permission came back, any if need is empty; zero if it was
// always there. What was not shared is not missing.
func (p *Person) regained(need string, now time.Time) time.Time {
	had := len(p.Former) > 0
	if need != "" {
		had = slices.Contains(p.Former, need)
	}
	at := p.rejoined()
	if p.Former != nil && !had {
		at = later(at, p.Changed)
	}
	if at.After(now) {
		return time.Time{}
	}
	return at
}

// watched reports whether a person can be silent at all.
func (e *evaluation) watched(p *Person) bool {
	return !p.News.IsZero() && !paused(p.Pauses, e.Now) && !left(p) && !e.asItComes(p)
}

// KnownAfter is how long after a person was added it is known what they send.
const KnownAfter = 48 * time.Hour

// asItComes reports whether a person sends only data without a rhythm: a person
// with a scale and no watch is silent most of the time.
func (e *evaluation) asItComes(p *Person) bool {
	return p.Limit == 0 && e.Now.Sub(p.Since) > KnownAfter && !slices.ContainsFunc(p.Types, func(pair PersonType) bool {
		return e.Types[pair.Type].Rhythmic && !pair.News.IsZero()
	})
}

// left reports whether the person ended the connection. Later data, or a
// renewed consent, disproves it.
func left(p *Person) bool { return p.Left.After(p.Reach) && p.rejoined().IsZero() }

// rejoined is when the person gave their consent again after they had ended the
// connection; zero if they did not.
func (p *Person) rejoined() time.Time {
	switch {
	case p.Left.IsZero():
		return time.Time{}
	case p.Rejoined.IsZero() && p.Changed.After(p.Left) && len(p.Granted) > 0:
		return p.Changed
	}
	return p.Rejoined
}

func paused(pauses []Span, now time.Time) bool {
	return slices.ContainsFunc(pauses, func(s Span) bool { return !s.From.After(now) && s.To.After(now) })
}

// since is from when a silence counts: the last news, or the end of a later pause.
// News from the future come from a wrong clock; they count as of the last
// unobservable time.
func (e *evaluation) since(news time.Time, pauses []Span) time.Time {
	if news.After(e.Now) {
		news = e.ObservableTime.began
		for _, s := range e.ObservableTime.lost {
			if s.From.Before(e.Now) {
				news = later(news, earlier(s.To, e.Now))
			}
		}
	}
	for _, s := range pauses {
		if s.To.After(news) && !s.To.After(e.Now) {
			news = s.To
		}
	}
	return news
}

// crowd is how many people must send before their common silence means more than
// a family holiday.
const crowd = 4

// heard finds when data last came from anyone, and from anyone else.
func (e *evaluation) heard() {
	for i := range e.People {
		p := &e.People[i]
		news := later(p.News, p.Parked)
		if news.After(e.Now) {
			news = e.since(news, nil)
		}
		switch {
		case news.After(e.out.News):
			e.second, e.out.News, e.newest = e.out.News, news, p.ID
		case news.After(e.second):
			e.second = news
		}
	}
}

// box evaluates all people together.
func (e *evaluation) box() {
	e.heard()
	active := 0
	for i := range e.People {
		p := &e.People[i]
		if e.watched(p) && e.out.News.Sub(p.News) < e.limit(p, nil) {
			active++
		}
	}
	e.alone = active < 2
	e.hearing, e.judged = e.ObservableTime.Excluding(e.silences(Subject{Kind: NothingArrives}, e.Silences), e.Rules.Grace),
		e.Until
	limit := e.Rules.SilentAfter
	e.usual = limit / 4 // not enough data yet for a rhythm
	if e.Usual.known() {
		if active >= crowd {
			// The fewer people, the more often all of them are silent by chance.
			limit = min(max(e.Usual.Gap*time.Duration(3*active+8)/time.Duration(active), 2*time.Hour), limit)
		}
		e.usual = max(e.Usual.Gap*5/4, time.Hour)
	}
	lasts := e.lasts(Subject{Kind: NothingArrives}, e.out.News)
	if e.alone && !lasts || e.noneExpected() || e.allExplained() && !lasts {
		return
	}
	// A silence of all beyond the usual length counts for no single person.
	e.judged = earlier(e.Until, e.out.News.Add(e.usual))
	since := e.since(e.out.News, nil)
	silence := e.ObservableTime.Between(since, e.Until)
	if silence < limit && !lasts {
		return
	}
	e.hearing = e.hearing.Excluding([]Span{{since, e.Now}}, e.Rules.Grace)
	e.add(Condition{Subject: Subject{Kind: NothingArrives}, Since: e.out.News, Evidence: Evidence{
		Limit: limit, Silence: silence, Of: active, Unreachable: e.ObservableTime.Lost(since, e.Now, time.Hour),
		Aside: e.aside(since), Pull: e.pullOfAll()}})
}

// silences are the spans of a past silence and of an open one.
func (e *evaluation) silences(s Subject, over []Span) []Span {
	if ep, open := e.Open[s]; open {
		return append(slices.Clone(over), Span{ep.Since, e.Now})
	}
	return over
}

// limit is how long a person, or one of a person's types, may be silent.
// A limit that was set for exactly that applies unchanged.
func (e *evaluation) limit(p *Person, pair *PersonType) time.Duration {
	switch {
	case pair != nil && pair.Limit > 0:
		return pair.Limit
	case pair != nil:
		return pair.Usual.Limit(e.Rules.SilentAfter)
	case p.Limit > 0:
		return p.Limit
	}
	return p.Usual.Limit(e.Rules.SilentAfter)
}

func (e *evaluation) person(p *Person, out *Finding) {
	out.Limit = e.limit(p, nil)
	out.Types = make([]TypeFinding, len(p.Types))
	e.personState(p, out)
	if p.Granted != nil {
		e.withdrawn(p)
	}
	if p.Refused {
		e.add(Condition{Subject: Subject{Kind: ReconnectNeeded, Person: p.ID}, Since: e.Now,
			Evidence: Evidence{AnswerLost: p.AnswerLost, Own: p.News}})
	}
	for i := range p.Types {
		e.pair(p, &p.Types[i], out, &out.Types[i])
	}
}

func (e *evaluation) personState(p *Person, out *Finding) {
	switch {
	case left(p): // a fact, which a pause does not change
		out.State = Disconnected
		e.add(Condition{Subject: Subject{Kind: PersonLeft, Person: p.ID}, Since: p.Left, Evidence: Evidence{Own: p.News}})
		return
	case e.Paused || paused(p.Pauses, e.Now):
		out.State = Paused
		return
	case !e.mayCome(p, false):
		out.State = NotShared
		return
	case p.News.IsZero():
		out.State = Waiting
		if e.mayCome(p, true) {
			e.neverCame(p, out)
		}
		return
	case e.sharesNothing(p):
		out.State = NotShared
		return
	case e.asItComes(p):
		out.State = AsItComes
		return
	}
	out.State = OnTime
	e.personSilence(p, out)
}

// neverCame reports a person whose first data do not arrive. If none of many
// people has data yet, Garner is still being set up.
func (e *evaluation) neverCame(p *Person, out *Finding) {
	waited := e.hearing.Between(e.since(p.Since, p.Pauses), e.judged)
	if waited < out.Limit || !p.Parked.IsZero() || e.explained(p) || e.out.News.IsZero() && len(e.People) >= crowd {
		return
	}
	e.add(Condition{Subject: Subject{Kind: NeverCame, Person: p.ID}, Since: p.Since, Evidence: Evidence{
		Limit: out.Limit, Silence: waited, Own: p.Reach, Others: e.out.News, Alone: e.Until.Sub(e.out.News) > e.usual,
		Pull: e.pull(p), Answered: p.answered()}})
}

func (e *evaluation) personSilence(p *Person, out *Finding) {
	lasts := e.lasts(Subject{Kind: PersonSilent, Person: p.ID}, p.News)
	late := p.Usual.Late(out.Limit)
	// A counted silence is never longer than the elapsed time.
	if wall := e.Now.Sub(p.News); wall >= 0 && wall < late && !lasts {
		return
	}
	since := e.since(later(later(p.News, p.Parked), p.regained("", e.Now)), p.Pauses)
	out.Silence = e.hearing.Between(since, e.judged)
	switch {
	case out.Silence >= out.Limit || lasts:
		out.State = Overdue
		if e.explained(p) && !lasts {
			return
		}
		others := e.out.News
		if p.ID == e.newest {
			others = e.second
		}
		_, nothing := e.Open[Subject{Kind: NothingArrives}]
		e.add(Condition{Subject: Subject{Kind: PersonSilent, Person: p.ID}, Since: p.News, Muted: nothing,
			Evidence: Evidence{
				Limit: out.Limit, Silence: out.Silence, Others: others, Alone: !others.After(p.News) ||
					e.Until.Sub(others) > e.usual,
				Unreachable: e.hearing.Lost(since, e.Now, time.Hour), Aside: e.aside(since),
				Pull: e.pull(p), Answered: p.answered()}})
	case out.Silence >= late:
		out.State = Late
	}
}

// aside is how many deliveries are quarantined for their client id, if any of them
// came since an instant: they may contain the missing data.
func (e *evaluation) aside(since time.Time) int64 {
	if e.Inside.QuarantinedAt.After(since) {
		return e.Inside.Quarantined
	}
	return 0
}

// sharesNothing reports whether the permissions for all types that ever came are gone.
func (e *evaluation) sharesNothing(p *Person) bool {
	return p.Granted != nil && !slices.ContainsFunc(p.Types, func(pair PersonType) bool {
		return !pair.News.IsZero() &&
			!e.notShared(p, &pair)
	})
}

// notShared reports whether the permission for a type was withdrawn. Later data
// means that it was granted again.
func (e *evaluation) notShared(p *Person, pair *PersonType) bool {
	need := e.Types[pair.Type].Permission
	return p.Granted != nil && need != "" && !slices.Contains(p.Granted, need) && !pair.Reach.After(p.Changed)
}

// mayCome reports whether the permissions let anything come; with rhythmic, anything
// that is expected daily.
func (e *evaluation) mayCome(p *Person, rhythmic bool) bool {
	return p.Granted == nil || slices.ContainsFunc(p.Types, func(pair PersonType) bool {
		return (e.Types[pair.Type].Rhythmic || !rhythmic) && !e.notShared(p, &pair)
	})
}

// missesShare reports whether a type that has come before is no longer shared. What
// Garmin never confirmed as granted was not withdrawn.
func (e *evaluation) missesShare(p *Person, pair *PersonType) bool {
	return !pair.News.IsZero() && e.notShared(p, pair) &&
		(p.Given == nil || slices.Contains(p.Given, e.Types[pair.Type].Permission))
}

// withdrawn makes one condition of all that a person stopped sharing. Types
// that never came are not missed.
func (e *evaluation) withdrawn(p *Person) {
	var what []string
	for i := range p.Types {
		pair := &p.Types[i]
		if t := e.Types[pair.Type]; e.missesShare(p, pair) && !pair.unsupported() && !slices.Contains(what, t.Permission) {
			what = append(what, t.Permission)
		}
	}
	if len(what) == 0 || left(p) {
		return
	}
	e.add(Condition{Subject: Subject{Kind: Withdrawn, Person: p.ID}, Since: p.Changed,
		Evidence: Evidence{Detail: permissionWords(what), Own: p.News}})
}
