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
	t.Logf("%d looks, %d told, false alarms: %v, %d silences missed", a.looks, len(a.told), falseAlarms, missed)
	// Whoever at times sleeps without the watch will now and then do so three
	// nights on end. No other alarm may be false.
	for kind, n := range falseAlarms {
		if most := len(a.w.people); kind != alert.PairStopped || n > most/5 {
			t.Errorf("%d false alarms of %s for %d people in a year", n, kind, most)
		}
	}
}

// once: every episode is told to have opened exactly once, and at most once to
// be over, and its end after its beginning.
func (a *audit) once(t *testing.T) {
	opened, ended := map[int64]int{}, map[int64]int{}
	for _, m := range a.told {
		switch m.event {
		case alert.Opened, alert.Noticed:
			opened[m.e.ID]++
		case alert.Recovered:
			ended[m.e.ID]++
			if opened[m.e.ID] == 0 {
				t.Errorf("the end of %v was told and its beginning never", m.e.Subject)
			}
		}
	}
	for id, n := range opened {
		if n != 1 {
			t.Errorf("episode %d was opened %d times", id, n)
		}
		if ended[id] > 1 {
			t.Errorf("episode %d ended %d times", id, ended[id])
		}
	}
}

// storms: no look tells of more than the people who fell silent in its own
// days can explain. Whatever happens to everybody is told once.
func (a *audit) storms(t *testing.T) {
	byDay := map[int64]int{}
	for _, m := range a.told {
		if m.event == alert.Opened {
			byDay[m.at.Unix()/86400]++
		}
	}
	for day, n := range byDay {
		if most := 3 + len(a.w.people)/8; n > most {
			t.Errorf("%d episodes opened on %s, with %d people", n, time.Unix(day*86400, 0).UTC().Format(time.DateOnly), len(a.w.people))
		}
	}
}

// flapping: a trouble that comes and goes every half hour is one episode.
func (a *audit) flapping(t *testing.T) {
	n := map[alert.Event]int{}
	for _, m := range a.told {
		if m.e.Kind == alert.DiskLow {
			n[m.event]++
		}
	}
	if days := int(a.w.flaps.Length()/(24*time.Hour)) + 1; n[alert.Opened] != 1 || n[alert.Recovered] != 1 || n[alert.Reminded] > days {
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
		if garmin || off {
			d += step
		}
	}
	return d
}

// falseAlarms counts openings about people whose data were not truly missing.
func (a *audit) falseAlarms(t *testing.T) map[alert.Kind]int {
	n := map[alert.Kind]int{}
	for _, m := range a.told {
		if m.event != alert.Opened || m.at.Before(a.w.warmedUp) {
			continue
		}
		if why := a.isFalse(m); why != "" {
			n[m.e.Kind]++
			t.Logf("false: %s %v since %s: %s", m.at.Format("Jan 2 15:04"), m.e.Subject, m.e.Since.Format("Jan 2 15:04"), why)
		}
	}
	return n
}

// isFalse says why an opening was false, from what truly happened; empty where
// it was right.
func (a *audit) isFalse(m told) string {
	since := a.truly(m.e.Since)
	silent := m.at.Sub(since) - a.deafTime(since, m.at)
	switch m.e.Kind {
	case alert.NothingArrives:
		if slices.ContainsFunc(a.w.garmin, func(s alert.Span) bool { return m.at.After(s.From) && m.at.Before(s.To.Add(2*time.Hour)) }) {
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
		if _, paused := in(b.holidays, m.at); paused {
			return "they were paused"
		}
		if silent < 47*time.Hour { // an outage is told from its last news on
			return fmt.Sprintf("only %s of silence are theirs", silent)
		}
		return "" // whoever does not sync for two days is silent
	case alert.PairStopped:
		b := a.w.people[m.e.Person-1]
		if in1(b.broken, m.at) || in1(b.revoked, m.at) {
			return ""
		}
		return fmt.Sprintf("their watch measured nights (%.2f off)", b.nightOff)
	}
	return ""
}

// missed counts the true silences of 80 hours and more that nobody was told of
// in time. They overlap with nothing else by more than their length allows.
func (a *audit) missed(t *testing.T) int {
	n := 0
	for _, b := range a.w.people {
		for _, s := range b.away {
			if !b.left.IsZero() && s.To.After(b.left) {
				continue
			}
			if a.covered(b, s) {
				continue
			}
			n++
			t.Errorf("person %d was silent %s to %s and nobody was told", b.id, s.From.Format("Jan 2 15:04"), s.To.Format("Jan 2 15:04"))
		}
		gone := !b.left.IsZero() && b.left.Before(b.broken.To)
		if s := b.broken; !gone && s.Length() > 7*24*time.Hour && b.nightOff < 0.1 && b.skip < 0.1 && !a.nightsTold(b, s) {
			n++
			t.Errorf("person %d's nights were missing %s to %s and nobody was told", b.id, s.From.Format("Jan 2 15:04"), s.To.Format("Jan 2 15:04"))
		}
	}
	for _, s := range a.w.garmin {
		if s.Length() > 48*time.Hour && !a.opened(alert.Subject{Kind: alert.NothingArrives}, s.From, s.To) {
			n++
			t.Errorf("Garmin was silent from %s for %s and nobody was told", s.From, s.Length())
		}
	}
	if !a.opened(alert.Subject{Kind: alert.TypeStopped, Type: "nights"}, a.w.hold.From, a.w.hold.To) {
		n++
		t.Errorf("nights were on hold from %s for %s and nobody was told", a.w.hold.From, a.w.hold.Length())
	}
	for _, s := range a.w.off {
		if s.Length() > alert.OffNotice && !a.opened(alert.Subject{Kind: alert.WasOff}, s.To, s.To.Add(2*time.Hour)) {
			n++
			t.Errorf("Garner was off from %s for %s and nobody was told", s.From, s.Length())
		}
	}
	return n
}

func (a *audit) opened(s alert.Subject, from, to time.Time) bool {
	return slices.ContainsFunc(a.told, func(m told) bool {
		return (m.event == alert.Opened || m.event == alert.Noticed) && m.e.Subject == s && !m.at.Before(from) && m.at.Before(to)
	})
}

// covered says whether a silence was told of in time, or need not be: it ran
// into a pause, or what Garmin or Garner explain left less than the limit.
func (a *audit) covered(b *body, s alert.Span) bool {
	last := s.From // the last sync before
	for _, sy := range b.syncs {
		if sy.at.Before(s.From) {
			last = sy.at
		}
	}
	due := last.Add(72*time.Hour + a.deafTime(last, s.To)*2 + 3*time.Hour)
	if last.Before(a.w.jump.To) && due.After(a.w.jump.From) {
		due = due.Add(2 * a.w.jump.Length()) // lost, and the grace after it
	}
	if in1(a.w.jump, last) {
		due = due.Add(clockJump) // it was noted under a time that had not come
	}
	if due.After(s.To) {
		return true
	}
	for _, h := range b.holidays {
		if h.From.Before(s.To) && h.To.Add(72*time.Hour).After(s.From) {
			return true
		}
	}
	return a.opened(alert.Subject{Kind: alert.PersonSilent, Person: b.id}, last.Add(47*time.Hour), due)
}

// nightsTold says whether missing nights were told of, or need not be.
func (a *audit) nightsTold(b *body, s alert.Span) bool {
	for _, other := range slices.Concat(b.away, b.holidays, a.w.garmin, a.w.off, []alert.Span{a.w.hold, b.revoked}) {
		if other.From.Before(s.To) && other.To.Add(20*24*time.Hour).After(s.From) {
			return true
		}
	}
	return a.opened(alert.Subject{Kind: alert.PairStopped, Person: b.id, Type: "nights"}, s.From, s.To)
}
