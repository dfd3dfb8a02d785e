package alert

import (
	"slices"
	"time"
)

// soonestType is the shortest silence of a type for all people that is reported.
const soonestType = 6 * time.Hour

// nextRound is how long after a type's return it may take until it has come
// again for each of those who send it once a day.
const nextRound = 24 * time.Hour

// members of a type are people who send it regularly; those for whom it already
// stopped have been reported.
func (e *evaluation) member(p *Person, pair *PersonType) bool {
	_, stopped := e.Open[Subject{PersonTypeStopped, p.ID, e.Types[pair.Type].Key}]
	if stopped || pair.unsupported() {
		return false
	}
	return e.watched(p) && !pair.News.IsZero() && e.regular(p, pair) && !e.notShared(p, pair) &&
		!paused(pair.Pauses, e.Now)
}

func (e *evaluation) regular(p *Person, pair *PersonType) bool {
	return pair.Usual.RegularFor(p.Usual, e.Now.Sub(pair.News))
}

// types looks for types that stopped, or nearly so, for all people at once.
func (e *evaluation) types() {
	n := len(e.Types)
	e.typeNews, e.typeHeard, e.typeStopped = make([]time.Time, n), make([]time.Time, n), make([]bool, n)
	e.typeJudged, e.typeHearing = make([]time.Time, n), make([]*ObservableTime, n)
	members, flowing := make([]int, n), make([]int, n)
	for i := range e.People {
		for _, pair := range e.People[i].Types {
			e.typeNews[pair.Type] = later(e.typeNews[pair.Type], pair.News)
			e.typeHeard[pair.Type] = later(later(e.typeHeard[pair.Type], pair.News), pair.Parked)
		}
	}
	e.eachMember(func(_ *Person, pair *PersonType) { members[pair.Type]++ })
	e.eachMember(func(p *Person, pair *PersonType) {
		if p.News.After(e.typeNews[pair.Type].Add(soonestType / 2)) {
			flowing[pair.Type]++
		}
	})
	for t := range e.Types {
		e.typeHearing[t], e.typeJudged[t] = e.hearing.Excluding(e.silences(Subject{Kind: TypeStopped, Type: e.Types[t].Key},
			e.Types[t].Stopped), nextRound), e.judged
		lasts := e.lasts(Subject{Kind: TypeStopped, Type: e.Types[t].Key}, e.typeNews[t])
		if members[t] < 2 && !lasts || lasts && e.unwanted(t) || e.Paused {
			continue
		}
		e.typeForAll(t, members[t], flowing[t])
		e.collapsed(t)
	}
}

func (e *evaluation) eachMember(do func(*Person, *PersonType)) {
	for i := range e.People {
		p := &e.People[i]
		for j := range p.Types {
			if pair := &p.Types[j]; e.Types[pair.Type].Rhythmic && e.member(p, pair) {
				do(p, pair)
			}
		}
	}
}

func (e *evaluation) typeForAll(t, members, flowing int) {
	typ := &e.Types[t]
	limit := e.Rules.SilentAfter
	if typ.Usual.known() {
		limit = min(max(3*typ.Usual.Gap, soonestType), typ.Usual.Limit(limit))
		e.typeJudged[t] = earlier(e.judged, e.typeHeard[t].Add(max(typ.Usual.Gap*5/4, time.Hour)))
	}
	since := e.since(e.typeHeard[t], nil)
	silence := e.hearing.Between(since, e.judged)
	lasts := e.lasts(Subject{Kind: TypeStopped, Type: typ.Key}, e.typeNews[t])
	if !lasts && (silence < limit || flowing < 2 || flowing*2 <= members) {
		return
	}
	e.typeStopped[t] = true
	e.add(Condition{Subject: Subject{Kind: TypeStopped, Type: typ.Key}, Since: e.typeNews[t], Evidence: Evidence{
		Limit: limit, Silence: silence, Others: e.out.News, People: flowing, Of: members,
		Unreachable: e.hearing.Lost(since, e.Now, time.Hour)}})
}

// A volume must be at least this many a day before its decline means anything,
// and must fall below this percentage of the usual number.
const (
	leastVolume = 20
	fallenTo    = 25
)

// collapsed compares the last two complete days of a type with the days before.
func (e *evaluation) collapsed(t int) {
	v := e.Types[t].Volume
	if e.typeStopped[t] || len(v) < regularDays+2 {
		return
	}
	before := make([]int64, 0, len(v))
	for _, n := range v[:len(v)-2] {
		before = append(before, int64(n))
	}
	usual := int(percentile(before, 50))
	now, known := e.lately(t)
	if usual < leastVolume || now*100 >= usual*fallenTo || !known {
		return
	}
	e.add(Condition{Subject: Subject{Kind: Collapsed, Type: e.Types[t].Key},
		Since:    e.Now.Truncate(24 * time.Hour).Add(-48 * time.Hour),
		Evidence: Evidence{Usual: usual, Count: int64(now), Others: e.out.News}})
}

// lately is how many elements of a type came a day in the last two complete days;
// known means that almost all of that time was observable.
func (e *evaluation) lately(t int) (n int, known bool) {
	v := e.Types[t].Volume
	end := e.Now.Truncate(24 * time.Hour)
	if len(v) < 2 || e.hearing.Between(end.Add(-48*time.Hour), end) < 40*time.Hour {
		return 0, false
	}
	return (v[len(v)-1] + v[len(v)-2]) / 2, true
}

func (e *evaluation) pair(p *Person, pair *PersonType, person *Finding, out *TypeFinding) {
	typ := &e.Types[pair.Type]
	out.Limit = e.limit(p, pair)
	switch {
	case pair.unsupported():
		out.State = Unsupported
	case person.State == Paused || paused(pair.Pauses, e.Now):
		out.State = Paused
	case person.State == Disconnected:
		out.State = Disconnected
	case e.notShared(p, pair):
		out.State = NotShared
	case !typ.Rhythmic:
		out.State = AsItComes
	case pair.News.IsZero() && p.Usual.Days >= LearnDays*3/4:
		out.State = Unsupported // other types came on most days, this one never
	case pair.News.IsZero():
		out.State = Waiting
	default:
		out.State = e.pairSilence(p, pair, person, out.Limit)
	}
}

// pairSilence evaluates how much of a person's type is missing while others came.
func (e *evaluation) pairSilence(p *Person, pair *PersonType, person *Finding, limit time.Duration) State {
	late, typ := pair.Usual.Late(limit), &e.Types[pair.Type]
	lasts := e.lasts(Subject{PersonTypeStopped, p.ID, typ.Key}, pair.News)
	if wall := e.Now.Sub(pair.News); wall >= 0 && wall < late && !lasts {
		return OnTime
	}
	if e.typeStopped[pair.Type] && e.regular(p, pair) {
		return Overdue // with the person's other types
	}
	since := e.since(later(later(pair.News, pair.Parked), p.regained(typ.Permission, e.Now)),
		slices.Concat(p.Pauses, pair.Pauses))
	silence := e.typeHearing[pair.Type].Between(since, e.typeJudged[pair.Type])
	switch {
	case silence < late && !lasts:
		return OnTime
	case person.State == Overdue:
		return Overdue
	case silence < limit && !lasts:
		return Late
	}
	hours := e.Arrivals(p.ID, since)
	if flow := min(Flow(hours, since, e.typeJudged[pair.Type]), silence); flow < limit && !lasts {
		return Late
	}
	// Days without any data of the person mean nothing for the type.
	missed := min(time.Duration(daysOf(hours))*24*time.Hour, e.Now.Sub(pair.News))
	if !lasts && pair.Limit == 0 && silence < pair.Usual.Unusual(p.Usual, missed) {
		return Late
	}
	if lasts || pair.Limit > 0 || pair.Usual.RegularFor(p.Usual, missed) {
		e.add(Condition{Subject: Subject{Kind: PersonTypeStopped, Person: p.ID, Type: typ.Key}, Since: pair.News,
			Evidence: Evidence{
				Limit: limit, Silence: silence, Own: p.News, Others: e.typeNews[pair.Type]}})
		return Overdue
	}
	return Late
}
