package alert_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"garner/health/alert"
)

// report holds what was told against what truly happened.
func (a *audit) report(t *testing.T) {
	t.Helper()
	a.once(t)
	a.storms(t)
	a.flapping(t)
	falseAlarms := a.falseAlarms(t)
	missed := a.missed(t)
	a.ends(t)
	a.withdrawals(t)
	t.Logf("%d looks, %d told, false alarms: %v, %d silences missed", a.looks, len(a.told), falseAlarms, missed)
	// A person who at times sleeps without the watch will now and then do so three
	// nights on end. No other alarm may be false.
	for kind, n := range falseAlarms {
		if most := len(a.w.people); kind != alert.PersonTypeStopped || n > most/5+1 {
			t.Errorf("%d false alarms of %s for %d people in a year", n, kind, most)
		}
	}
}

// once: every incident is told to have opened exactly once, and at most once to
// be over, and its end after its beginning.
func (a *audit) once(t *testing.T) {
	opened, ended, again := map[int64]int{}, map[int64]int{}, map[int64]int{}
	for _, m := range a.told {
		switch m.event {
		case alert.Opened, alert.Noticed:
			opened[m.e.ID]++
		case alert.Relapsed:
			again[m.e.ID]++
		case alert.Recovered:
			ended[m.e.ID]++
			if opened[m.e.ID] == 0 {
				t.Errorf("the end of %v was told and its beginning never", m.e.Subject)
			}
		}
	}
	for id, n := range opened {
		if n != 1 {
			t.Errorf("incident %d was opened %d times", id, n)
		}
		if ended[id] > 1+again[id] {
			t.Errorf("incident %d ended %d times", id, ended[id])
		}
	}
}

// storms: no look tells of more than the people who fell silent in its own
// days can explain. What happens to all people is reported once.
func (a *audit) storms(t *testing.T) {
	byDay := map[int64]int{}
	for _, m := range a.told {
		if m.event == alert.Opened {
			byDay[m.at.Unix()/86400]++
		}
	}
	for day, n := range byDay {
		if most := 3 + len(a.w.people)/8; n > most {
			t.Errorf("%d incidents opened on %s, with %d people", n, time.Unix(day*86400, 0).UTC().Format(time.DateOnly),
				len(a.w.people))
		}
	}
}

// flapping: a trouble that comes and goes every half hour is one incident.
func (a *audit) flapping(t *testing.T) {
	n := map[alert.Event]int{}
	for _, m := range a.told {
		if m.e.Kind == alert.DiskLow {
			n[m.event]++
		}
	}
	if days := int(a.w.flaps.Length()/(24*time.Hour)) + 1; n[alert.Opened] != 1 || n[alert.Recovered] != 1 ||
		n[alert.Reminded] > days {
		t.Errorf("%s of flapping were told as %v", a.w.flaps.Length(), n)
	}
}

// truly is the instant at which the clock said t.
func (a *audit) truly(t time.Time) time.Time {
	if wrong := (alert.Span{From: a.w.jump.From.Add(clockJump), To: a.w.jump.To.Add(clockJump)}); in1(wrong, t) {
		return t.Add(-clockJump)
	}
	return t
}

// deafTime is how much of a span Garner or Garmin explains.
func (a *audit) deafTime(from, to time.Time) time.Duration {
	var d time.Duration
	for at := from; at.Before(to); at = at.Add(step) {
		_, garmin := in(a.w.garmin, at)
		_, off := in(a.w.off, at)
		if garmin || off || in1(a.w.full, at) {
			d += step
		}
	}
	return d
}

// falseAlarms counts openings about people whose data were not truly missing.
func (a *audit) falseAlarms(t *testing.T) map[alert.Kind]int {
	n := map[alert.Kind]int{}
	for _, m := range a.told {
		if m.event != alert.Opened && m.event != alert.Relapsed {
			continue
		}
		if why := a.isFalse(m); why != "" {
			n[m.e.Kind]++
			t.Logf("false: %s %v since %s: %s", m.at.Format("Jan 2 15:04"), m.e.Subject, m.e.Since.Format("Jan 2 15:04"), why)
		}
	}
	return n
}

// isFalse says why an opening was false, from what truly happened; empty if
// it was right.
func (a *audit) isFalse(m told) string {
	switch m.e.Kind {
	case alert.NothingArrives:
		if slices.ContainsFunc(a.w.garmin, func(s alert.Span) bool {
			return m.at.After(s.From) &&
				m.at.Before(s.To.Add(2*time.Hour))
		}) {
			return ""
		}
		return "Garmin was well"
	case alert.TypeStopped:
		if in1(a.w.hold, m.at) {
			return ""
		}
		return "the type was not on hold"
	case alert.PersonSilent:
		b := a.w.people[m.e.Person-1]
		if _, paused := in(b.pauses(), m.at); paused || !b.connected(m.at) {
			return "they were paused or not connected"
		}
		last := a.lastBefore(m.e.Person, m.at, func(reached) bool { return true })
		silent, limit := m.at.Sub(last)-a.deafTime(last, m.at), 48*time.Hour
		if in1(b.rule, m.at) {
			limit = b.limit
		}
		if _, out := in(a.w.garmin, m.at); out && m.e.Evidence.Alone {
			return "" // no one to compare with, and it says so
		}
		if silent < limit-a.w.unclear(m.at) { // an outage begins with its last news
			return fmt.Sprintf("only %s of silence are theirs", silent)
		}
		return "" // a person who does not sync for two days is silent
	case alert.PersonTypeStopped:
		b := a.w.people[m.e.Person-1]
		if in1(b.broken, m.at) || in1(b.revoked, m.at) {
			return ""
		}
		if in1(a.w.hold, m.at) && !m.e.Evidence.Others.After(m.e.Began()) {
			return "" // too few to tell whose fault it is, and it says so
		}
		return fmt.Sprintf("their watch measured nights (%.2f off)", b.nightOff)
	}
	return ""
}

// lastBefore is when something of a person came last before an instant.
func (a *audit) lastBefore(person int64, at time.Time, which func(reached) bool) (last time.Time) {
	last = a.w.start
	for _, r := range a.came[person-1] {
		if r.at.Before(at) && which(r) {
			last = r.at
		}
	}
	return last
}

// missed counts what was not reported in time: silences of any reason,
// types that stopped, outages.
func (a *audit) missed(t *testing.T) int {
	n := 0
	miss := func(format string, args ...any) {
		n++
		t.Errorf(format+" and no notification was sent", args...)
	}
	for i, b := range a.w.people {
		came := a.came[i]
		for k := range came {
			next := a.w.end
			if k+1 < len(came) {
				next = came[k+1].at
			}
			if s := (alert.Span{From: came[k].at, To: next}); s.Length() > 72*time.Hour && !a.covered(b, s) {
				miss("person %d was silent %s to %s", b.id, s.From.Format("Jan 2 15:04"), s.To.Format("Jan 2 15:04"))
			}
		}
		gone := !b.left.IsZero() && b.left.Before(b.broken.To)
		if s := b.broken; !gone && s.Length() > 7*24*time.Hour && b.nightOff < 0.1 && b.skip < 0.1 && !a.nightsTold(b, s) {
			miss("person %d's nights were missing %s to %s", b.id, s.From.Format("Jan 2 15:04"), s.To.Format("Jan 2 15:04"))
		}
	}
	for _, s := range a.w.garmin {
		if s.Length() > 50*time.Hour && !a.opened(alert.Subject{Kind: alert.NothingArrives}, s.From, s.To) &&
			a.senders(s) > 1 {
			miss("Garmin was silent from %s for %s", s.From, s.Length())
		}
	}
	if s := a.w.hold; a.senders(s) > 1 && !a.opened(alert.Subject{Kind: alert.TypeStopped, Type: "nights"}, s.From, s.To) {
		miss("nights were on hold from %s for %s", s.From, s.Length())
	}
	for _, s := range a.w.off {
		if s.Length() > alert.OffNotice && !a.opened(alert.Subject{Kind: alert.WasOff}, s.To, s.To.Add(2*time.Hour)) {
			miss("Garner was off from %s for %s", s.From, s.Length())
		}
	}
	return n
}

// senders counts who was there to send around a span.
func (a *audit) senders(s alert.Span) (n int) {
	day := 24 * time.Hour
	for i, b := range a.w.people {
		quiet := slices.Concat(b.pauses(), b.away, []alert.Span{b.broken, b.given, b.revoked, b.revoked2, b.garbled})
		if before := a.lastBefore(b.id, s.From, func(reached) bool { return true }); s.From.Sub(before) > 2*day ||
			len(a.came[i]) == 0 {
			continue
		}
		if !slices.ContainsFunc(quiet, func(q alert.Span) bool { return q.From.Before(s.To) && q.To.After(s.From) }) &&
			b.connected(s.To) && b.nightOff < 0.1 && b.skip < 0.1 {
			n++
		}
	}
	return n
}

func (a *audit) opened(s alert.Subject, from, to time.Time) bool {
	return slices.ContainsFunc(a.told, func(m told) bool {
		return (m.event == alert.Opened || m.event == alert.Noticed || m.event == alert.Relapsed) && m.e.Subject == s &&
			!m.at.Before(from) && m.at.Before(to)
	})
}

// covered reports whether a silence was reported in time, or need not be: it ran
// into a pause, the person had ended it, or what Garmin or Garner explain left
// less than the limit.
func (a *audit) covered(b *body, s alert.Span) bool {
	limit := 72 * time.Hour
	if b.rule.From.Before(s.To) && b.rule.To.After(s.From) {
		limit = max(limit, b.limit) + b.rule.Length() // it began or ended in it
	}
	due := s.From.Add(limit + a.deafTime(s.From, s.To)*2 + 3*time.Hour)
	if s.From.Before(a.w.jump.To) && due.After(a.w.jump.From) {
		due = due.Add(2 * a.w.jump.Length()) // lost, and the grace after it
	}
	if in1(a.w.jump, s.From) {
		due = due.Add(clockJump) // it was noted under a time that had not come
	}
	if due.After(s.To) {
		return true
	}
	for _, q := range append(b.pauses(), b.revoked2) {
		if q.From.Before(due) && q.To.Add(72*time.Hour).After(s.From) {
			return true
		}
	}
	return !b.connected(due) || in1(s, b.left) || a.opened(alert.Subject{Kind: alert.PersonSilent, Person: b.id},
		s.From.Add(23*time.Hour), due)
}

// nightsTold reports whether missing nights were reported, or need not be.
func (a *audit) nightsTold(b *body, s alert.Span) bool {
	for _, other := range slices.Concat(b.away, b.pauses(), a.w.garmin, a.w.off,
		[]alert.Span{a.w.hold, b.revoked, b.revoked2, b.garbled, a.w.full}) {
		if other.From.Before(s.To) && other.To.Add(20*24*time.Hour).After(s.From) {
			return true
		}
	}
	return a.opened(alert.Subject{Kind: alert.PersonTypeStopped, Person: b.id, Type: "nights"}, s.From, s.To)
}
