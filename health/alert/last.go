package alert

import (
	"slices"
	"time"
)

// lasts reports whether a silence was reported and no newer data has come.
func (e *evaluation) lasts(s Subject, news time.Time) bool {
	ep, open := e.Open[s]
	return open && !news.After(ep.Began())
}

// lasting handles open incidents whose condition was not found. That alone is no
// end: a limit may be longer now, or a check may have failed. An incident ends if
// its end is certain, or, without a notification, if it was acknowledged.
func (e *evaluation) lasting() {
	found := make(map[Subject]bool, len(e.out.Conditions))
	for _, c := range e.out.Conditions {
		found[c.Subject] = true
	}
	for s, ep := range e.Open {
		switch {
		case found[s]:
		case e.answered(&ep):
			e.out.Acknowledged[s] = true
		case !e.over(&ep):
			e.add(Condition{Subject: s, Since: ep.Began(), Evidence: ep.Evidence, Muted: true})
		}
	}
}

// over reports whether the end of an incident is certain.
func (e *evaluation) over(ep *Incident) bool {
	in := &e.Inside
	switch ep.Kind {
	case NothingArrives, TypeStopped, PersonSilent, PersonTypeStopped:
		return e.newsOf(ep.Subject).After(ep.Began())
	case Collapsed:
		t := e.typeOf(ep.Type)
		n, known := e.lately(t)
		return known && n*100 >= ep.Evidence.Usual*fallenTo*2
	case NeverCame:
		p := &e.People[e.personOf(ep.Person)]
		return !p.News.IsZero() || !p.Parked.IsZero()
	case DiskLow:
		return in.DiskFree >= 0
	case ClockWrong:
		return !in.ClockUnchecked
	case CertificateEnds:
		return !slices.ContainsFunc(in.Certificates, Certificate.missing)
	}
	return true
}

// newsOf is when the newest data came of a silence's subject.
func (e *evaluation) newsOf(s Subject) time.Time {
	switch i := e.personOf(s.Person); {
	case s.Kind == NothingArrives:
		return e.out.News
	case s.Kind == TypeStopped:
		return e.typeNews[e.typeOf(s.Type)]
	case s.Kind == PersonSilent:
		return e.People[i].News
	default:
		return e.pairOf(i, s.Type).News
	}
}

// answered reports whether an incident ended because the admin or the person
// explained it: a pause, a type that does not apply, a withdrawn permission.
func (e *evaluation) answered(ep *Incident) bool {
	person, typ := e.personOf(ep.Person), e.typeOf(ep.Type)
	if ep.Person != 0 && person < 0 || ep.Type != "" && typ < 0 {
		return true // the person or type no longer exists
	}
	switch ep.Kind {
	case NothingArrives:
		return e.noneExpected()
	case TypeStopped:
		return e.unwanted(typ)
	case Collapsed: // what stopped altogether is reported as that; what stays low for a month is usual
		return e.unwanted(typ) || e.typeStopped[typ] || e.Now.Sub(ep.Since) > LearnDays*24*time.Hour
	case PersonSilent, NeverCame:
		return e.out.People[person].State.answered()
	case PersonTypeStopped:
		return e.out.People[person].Types[e.placeOf(person, typ)].State.answered()
	case Withdrawn:
		p := &e.People[person]
		return left(p) || slices.ContainsFunc(p.Types, func(pair PersonType) bool { return e.missesShare(p, &pair) })
	case KeyExpiring: // a key that is refused is reported as that
		return e.People[person].Key != nil && !e.People[person].Key.Refused.IsZero()
	case Unreachable:
		return e.Inside.Unprobed
	case FilesReplaced:
		return true
	}
	return false
}

// answered reports whether no data is expected in a state, for a known reason.
func (s State) answered() bool {
	return s == Paused || s == Disconnected || s == NotShared || s == Unsupported || s == AsItComes
}

// noneExpected reports whether no person is expected to send data.
func (e *evaluation) noneExpected() bool {
	return e.Paused || !slices.ContainsFunc(e.People, func(p Person) bool { return e.watched(&p) })
}

// unwanted reports whether a type is expected from no one: for each person from whom
// it came it is paused, does not apply, or is not shared.
func (e *evaluation) unwanted(t int) bool {
	return e.Paused || !slices.ContainsFunc(e.People, func(p Person) bool {
		return e.watched(&p) && slices.ContainsFunc(p.Types, func(pair PersonType) bool {
			return pair.Type == t && !pair.News.IsZero() && !pair.unsupported() && !e.notShared(&p, &pair) &&
				!paused(pair.Pauses, e.Now)
		})
	})
}

// personOf and typeOf return the index of a person and a type; -1 for none.
func (e *evaluation) personOf(id int64) int {
	return slices.IndexFunc(e.People, func(p Person) bool { return p.ID == id })
}

func (e *evaluation) typeOf(key string) int {
	return slices.IndexFunc(e.Types, func(t Type) bool { return t.Key == key })
}

// placeOf is the index of a person's type.
func (e *evaluation) placeOf(person, typ int) int {
	return slices.IndexFunc(e.People[person].Types, func(p PersonType) bool { return p.Type == typ })
}

func (e *evaluation) pairOf(person int, typ string) *PersonType {
	return &e.People[person].Types[e.placeOf(person, e.typeOf(typ))]
}
