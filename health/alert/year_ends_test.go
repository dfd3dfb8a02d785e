package alert_test

import (
	"slices"
	"testing"
	"time"

	"garner/health/alert"
)

// ends: what is told to be over is, data prove it; and what is over is told,
// unless someone had acknowledged it before.
func (a *audit) ends(t *testing.T) {
	byIncident := map[int64][]told{}
	for _, m := range a.told {
		if m.e.Kind.Silence() {
			byIncident[m.e.ID] = append(byIncident[m.e.ID], m)
		}
	}
	for _, story := range byIncident {
		for _, m := range story {
			if news := a.newsAfter(m.e.Subject, a.truly(m.e.Began())); m.event == alert.Recovered && news.After(m.at) {
				t.Errorf("%v since %s was told to be over at %s, and no data came before %s", m.e.Subject,
					m.e.Began().Format("Jan 2 15:04"), m.at.Format("Jan 2 15:04"), news.Format("Jan 2 15:04"))
			}
		}
		a.endIsTold(t, story[len(story)-1])
	}
}

// endIsTold holds the last word of an incident against what came of it.
func (a *audit) endIsTold(t *testing.T, last told) {
	news := a.newsAfter(last.e.Subject, last.at.Add(step))
	// It may have come back after a short end; then the end waits.
	due := news.Add(alert.ReuseWithin + time.Hour)
	if last.event == alert.Recovered || due.After(a.w.end) || a.answered(last.e.Subject,
		alert.Span{From: last.at, To: due}) {
		return
	}
	t.Errorf("%v was told at %s and nothing was after data came at %s", last.e.Subject, last.at.Format("Jan 2 15:04"),
		news.Format("Jan 2 15:04"))
}

// newsAfter is when data of a silence's subject truly came after an instant;
// the end of the year where none did.
func (a *audit) newsAfter(s alert.Subject, after time.Time) time.Time {
	first := a.w.end
	for i, came := range a.came {
		if s.Person != 0 && s.Person != int64(i+1) {
			continue
		}
		for _, r := range came {
			if r.at.After(after) && r.at.Before(first) && (s.Type != "nights" || r.night) && (!r.garbled || s.Person == 0) {
				first = r.at
			}
		}
	}
	return first
}

// answered reports whether the admin or the person gave the answer to a silence:
// a pause, a type that does not apply, a permission, the end of the connection.
func (a *audit) answered(s alert.Subject, within alert.Span) bool {
	if s.Person == 0 {
		return false
	}
	b := a.w.people[s.Person-1]
	spans := append(b.pauses(), b.revoked2)
	if s.Type == "nights" {
		spans = append(spans, b.given, b.revoked)
	}
	return !b.connected(within.To) || !b.left.IsZero() && in1(within, b.left) ||
		slices.ContainsFunc(spans, func(q alert.Span) bool { return q.From.Before(within.To) && q.To.After(within.From) })
}

// withdrawals: each is told, and that it was given back.
func (a *audit) withdrawals(t *testing.T) {
	told := func(b *body, event alert.Event, from, to time.Time) bool {
		return slices.ContainsFunc(a.told, func(m told) bool {
			again := event == alert.Opened && m.event == alert.Relapsed
			return m.e.Kind == alert.Withdrawn && m.e.Person == b.id && (m.event == event || again) && !m.at.Before(from) &&
				m.at.Before(to)
		})
	}
	for _, b := range a.w.people {
		for _, s := range []alert.Span{b.revoked, b.revoked2} {
			other := b.revoked
			if s == b.revoked {
				other = b.revoked2
			}
			if b.given.From.Before(s.To.Add(24*time.Hour)) && b.given.To.After(s.From) {
				continue // the admin said that it does not apply
			}
			apart := other.To.Before(s.From.Add(-24*time.Hour)) || other.From.After(s.To.Add(24*time.Hour))
			if s.Length() < 12*time.Hour || !apart || !b.left.IsZero() || a.deafTime(s.From.Add(-time.Hour),
				s.From.Add(4*time.Hour)) > 0 || a.deafTime(s.To, s.To.Add(30*time.Hour)) > 0 {
				continue
			}
			if !told(b, alert.Opened, s.From, s.From.Add(2*time.Hour)) {
				t.Errorf("person %d withdrew a permission at %s and no notification was sent", b.id, s.From.Format("Jan 2 15:04"))
			}
			if !told(b, alert.Recovered, s.To, s.To.Add(8*time.Hour)) {
				t.Errorf("person %d gave a permission back at %s and no notification was sent", b.id, s.To.Format("Jan 2 15:04"))
			}
		}
	}
}
