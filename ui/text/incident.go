// Package text holds the words that pages, commands and notifications share.
package text

import (
	"fmt"
	"strings"
	"time"

	"garner/health/alert"
)

// Words say what an incident is, in sentences for people.
type Words struct {
	// Headline is the whole matter in one line, without values.
	Headline string
	// Known is what is known, Follows what follows from it, Next what the
	// reader can do.
	Known   []string
	Follows string
	Next    string
	// Ended is the line of the recovery; empty while the incident is open.
	Ended string
}

// Names are what the words call the person and the type.
type Names struct{ Person, Type string }

// Explain puts an incident into words. Instants are said in zone as clock writes
// them; now tells which day is today.
func Explain(e *alert.Incident, n Names, now time.Time, zone *time.Location, clock Clock) Words {
	s := speaker{e: e, n: n, now: now.In(zone), zone: zone, clock: clock}
	tell, ok := ofSilence[e.Kind]
	if !ok {
		tell, ok = ofTrouble[e.Kind]
	}
	if !ok {
		tell, ok = ofKeys[e.Kind]
	}
	if !ok { // of a newer program
		return Words{Headline: string(e.Kind), Known: []string{"This version of Garner does not know this kind of alert."}}
	}
	w := tell(&s)
	s.pulled(&w)
	if n := e.Evidence.Aside; n > 0 {
		w.Known = append(w.Known,
			fmt.Sprintf("But %s with the wrong client id arrived in the meantime and are in quarantine. The missing data may "+
				"be among them.", people(int(n), "delivery", "deliveries")))
		w.Follows = "Garner cannot tell whether data is missing until these deliveries are reviewed."
		w.Next = "Review them in the inbox first. Compare client_id with Garmin's developer portal, and accept them if " +
			"they are yours."
	}
	for _, d := range e.Evidence.Unreachable {
		w.Known = append(w.Known, fmt.Sprintf("Garner could not receive anything for %s from %s; that time is not counted.",
			length(d.Length()), s.at(d.From)))
	}
	if !e.Closed.IsZero() {
		w.Ended = s.ended()
	}
	return w
}

// speaker knows whom and when it speaks of.
type speaker struct {
	e     *alert.Incident
	n     Names
	now   time.Time
	zone  *time.Location
	clock Clock
}

// at says an instant: "14:05", "Sat 21:10", "Sat 14 Nov 21:10".
func (s *speaker) at(t time.Time) string {
	t = t.In(s.zone)
	clock := s.clock.Minutes()
	switch d := s.now.Sub(t); {
	case t.Format(time.DateOnly) == s.now.Format(time.DateOnly):
		return t.Format(clock)
	case d > 0 && d < 6*24*time.Hour:
		return t.Format("Mon " + clock)
	}
	return t.Format("Mon 2 Jan " + clock)
}

// until is when an incident ended, or now.
func (s *speaker) until() time.Time {
	if s.e.Closed.IsZero() {
		return s.now
	}
	return s.e.Closed
}

// others says what the data of others prove.
func (s *speaker) others() string {
	switch {
	case s.e.Evidence.Others.IsZero():
		return "No one else sends data, so Garner cannot tell by comparison where it stopped."
	case s.e.Evidence.Alone && s.e.Evidence.Others.After(s.e.Began()):
		return fmt.Sprintf("Data of others last arrived at %s, too long ago to tell by comparison where this data stopped.",
			s.at(s.e.Evidence.Others))
	case s.e.Evidence.Alone:
		return "No one else's data has arrived since then either, so Garner cannot tell by comparison where it stopped."
	}
	return fmt.Sprintf("Data of others last arrived at %s, so Garmin and the connection to this machine work.",
		s.at(s.e.Evidence.Others))
}

// length says a length of time in its two largest units.
func length(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return strings.TrimSuffix(fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60), " 00 min")
	}
	return strings.TrimSuffix(fmt.Sprintf("%d days %d h", int(d.Hours())/24, int(d.Hours())%24), " 0 h")
}

// Length says a length of time for people: "40 s", "25 min", "7 h 41 min",
// "2 days 3 h".
func Length(d time.Duration) string { return length(d) }

func (s *speaker) ended() string {
	e := s.e
	took := length(e.Closed.Sub(e.Since))
	var line string
	switch e.Kind {
	case alert.NothingArrives, alert.PersonSilent, alert.PersonTypeStopped, alert.TypeStopped:
		line = fmt.Sprintf("Data has been arriving again since %s, after %s without data.", s.at(e.Closed), took)
		if !e.Evidence.Relapsed.IsZero() {
			line = fmt.Sprintf("Data has been arriving again since %s, after %s with little data in between.", s.at(e.Closed),
				took)
		}
	case alert.NeverCame:
		line = fmt.Sprintf("The first data arrived at %s.", s.at(e.Closed))
	case alert.WasOff:
		line = fmt.Sprintf("Garner has been running again since %s, after %s.", s.at(e.Closed), took)
	default:
		line = fmt.Sprintf("It ended at %s and lasted %s.", s.at(e.Closed), took)
	}
	return line + s.missing()
}

// missing says which gaps remain.
func (s *speaker) missing() string {
	ev := s.e.Evidence
	if len(ev.Missing) == 0 {
		return ""
	}
	text := " Still missing: " + strings.Join(ev.Missing, "; ")
	if ev.MissingMore > 0 {
		text += fmt.Sprintf("; and %d more", ev.MissingMore)
	}
	return text + "."
}
