package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"garner/health"
	"garner/health/alert"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

// Hours writes a limit as people type it.
func Hours(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", d.Hours()), "0"), ".")
}

// fill adds the limit that holds, unless the form is shown again for a mistake.
func (f LimitForm) fill(l query.Limit) LimitForm {
	if f.Error == "" && l.Own > 0 {
		f.Hours = Hours(l.Own)
	}
	f.Default = Hours(l.Default) + " h"
	return f
}

func clocksOf(c query.Clocks) Clocks {
	return Clocks{Sampled: c.Sampled, Received: c.Received, Processed: c.Processed}
}

// PersonSync is the view of how one person's data arrive, with the form of the
// limit as it was typed.
func (n *Names) PersonSync(s *query.PersonStatus, limit LimitForm) PersonSyncView {
	v := PersonSyncView{Person: n.People[s.Person.ID], State: stateOf(s.State), Clocks: clocksOf(s.Clocks),
		Facts: connection(s), Incidents: n.Incidents(s.Incidents), Limit: limit.fill(s.Limit)}
	v.Sentence, v.Diagnosis = n.ofPerson(s)
	for i := range s.Types {
		v.Pairs = append(v.Pairs, n.typeRow(&s.Types[i]))
	}
	return v
}

// ofPerson says how one person is doing, and why.
func (n *Names) ofPerson(s *query.PersonStatus) (string, Diagnosis) {
	if s.Silent != nil {
		e, w := n.now(s.Silent)
		return w.Headline + ".", Diagnose(e, w)
	}
	name, came := s.Person.Name, "The newest data arrived "+Ago(s.Person.News, n.Now)+"."
	switch s.State {
	case alert.Waiting:
		return "Waiting for the first data from " + name + ".", Diagnosis{
			Known: []string{"No data has arrived from " + name + " yet."},
			Next:  "Sync the watch with Garmin Connect; data arrives about a minute later."}
	case alert.Paused:
		d := Diagnosis{Known: []string{"Data that arrives is stored as usual; no alert is sent for silence."}}
		if !s.Person.News.IsZero() {
			d.Known = append(d.Known, came)
		}
		if note := pausedNote(s.PausedUntil, n.Now); note != "" {
			return name + " is " + note + ".", d
		}
		return name + " is paused.", d
	case alert.NotShared:
		return name + " currently shares no data.", Diagnosis{
			Known: []string{"All permissions were withdrawn in Garmin Connect."},
			Next:  "Nothing, if this was intended. Otherwise turn them on again in Garmin Connect under connected apps."}
	case alert.Late:
		return name + "'s data is later than usual.", Diagnosis{Known: []string{came},
			Follows: []string{"This is not an alert yet; one is sent after " + Hours(s.Limit.Is) + " h."}}
	}
	d := Diagnosis{Known: []string{came}}
	for i := range s.Conditions {
		_, w := n.now(&s.Conditions[i])
		d.Known, d.Next = append(d.Known, w.Headline+"."), w.Next
	}
	if len(d.Known) > 1 {
		return name + "'s data arrives, but not of every type.", d
	}
	return name + "'s data arrives as expected.", d
}

// connection is what is known of a person's link to Garmin.
func connection(s *query.PersonStatus) []SyncFact {
	c := &s.Connection
	out := []SyncFact{{Term: "Added", Text: Date(health.DayOf(c.Since.Unix(), 0)), Status: OK}}
	switch key := s.Person.Key; {
	case key != nil && !key.Refused.IsZero():
		out = append(out, SyncFact{Term: "Key", Text: "refused by Garmin: a new one is needed", At: key.Refused,
			Status: Down})
	case key != nil:
		out = append(out, SyncFact{Term: "Key", Text: "in use for Garmin’s Personal API", Status: OK})
	}
	if !s.Person.Pushed && s.Person.Key == nil {
		out = append(out, SyncFact{Term: "Garmin", Text: "not linked to a Garmin user id", Status: NoData})
	}
	if c.Granted != nil {
		text := "nothing"
		if len(c.Granted) > 0 {
			text = strings.Join(permissionWords(c.Granted), ", ")
		}
		out = append(out, SyncFact{Term: "Shared data, according to Garmin", Text: text, At: c.Changed, Status: OK})
	}
	for _, notice := range c.Notices {
		fact := SyncFact{Term: "Garmin's last notice", Text: "the permissions changed", At: notice.At, Status: NoData}
		switch {
		case notice.Ended:
			fact.Text, fact.Status = "the connection was ended", Late
		case !notice.Named:
			fact.Text = "the permissions changed, without saying how"
		}
		switch {
		case notice.Confirmed:
		case !notice.Refuted:
			fact.Text += ", not confirmed so far"
		default:
			fact.Text, fact.Status = fact.Text+"; Garmin, when asked, says otherwise", NoData
		}
		out = append(out, fact)
	}
	return out
}

func permissionWords(keys []string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, alert.PermissionWord(k))
	}
	slices.Sort(out)
	return out
}

func (n *Names) typeRow(s *query.TypeStatus) SyncTypeRow {
	row := SyncTypeRow{Type: n.Types[s.Type], State: stateOf(s.State), Received: s.News}
	if s.State == alert.AsItComes || s.State == alert.Unsupported {
		return row
	}
	row.Usual, row.Next = n.usual(s.Rhythm)
	row.Limit = Hours(s.Limit.Is) + " h"
	return row
}

// usual says when a type usually comes, and by when the next is expected.
func (n *Names) usual(r query.Rhythm) (usual, next string) {
	switch {
	case r.Gap == 0:
		return "not known yet", ""
	case r.Daily:
		usual = "usually by " + n.TimeOfDay(r.By.In(n.Now.Location()), n.Now)
	default:
		usual = "usually every " + text.Length(r.Gap) + " or sooner"
	}
	switch {
	case r.Due.IsZero():
		return usual, ""
	case r.Due.Before(n.Now):
		return usual, "was expected by " + n.When(r.Due, n.Now)
	}
	return usual, "by " + n.When(r.Due, n.Now)
}

// TypeSync is the view of how one type of a person arrives, with the form of the
// limit as it was typed.
func (n *Names) TypeSync(person PersonLink, s *query.TypeDetail, limit LimitForm) TypeSyncView {
	v := TypeSyncView{Person: person, Type: n.Types[s.Type], State: stateOf(s.State), NotApplicable: s.Off,
		Clocks: clocksOf(s.Clocks), Strip: dayMarks(person.Slug, s.First, s.Days), Incidents: n.Incidents(s.Incidents),
		Limit: limit.fill(s.Limit)}
	v.Sentence, v.Diagnosis = n.ofType(person, s)
	v.Usual, v.Next = n.usual(s.Rhythm)
	v.LimitIs, v.LimitHow = Hours(s.Limit.Is)+" h", limitHow(s)
	switch {
	case s.Share.Of == 0:
		v.Arrived = "Not expected on these days"
	case !s.Rhythmic:
		v.Arrived = "Arrived on " + Plural(s.Share.Got, "day", "days")
	default:
		v.Arrived = fmt.Sprintf("Arrived on %d of %d expected days", s.Share.Got, s.Share.Of)
	}
	return v
}

// ofType says how one type of a person is doing.
func (n *Names) ofType(person PersonLink, s *query.TypeDetail) (string, Diagnosis) {
	if s.Condition != nil {
		e, w := n.now(s.Condition)
		return w.Headline + ".", Diagnose(e, w)
	}
	state := stateOf(s.State)
	d := Diagnosis{Known: []string{state.Meaning()}}
	if !s.News.IsZero() {
		d.Known = append([]string{"The newest data arrived " + Ago(s.News, n.Now) + "."}, d.Known...)
	}
	return fmt.Sprintf("%s of %s: %s.", n.Types[s.Type].Title, person.Name, state.Word()), d
}

// limitHow says how a limit came about.
func limitHow(s *query.TypeDetail) string {
	switch s.Limit.By {
	case query.OwnLimit:
		return "Set for this type of this person."
	case query.LengthenedLimit:
		return fmt.Sprintf("The default of %s h, extended because the longest silence of a day is usually %s.",
			Hours(s.Limit.Box), text.Length(s.Rhythm.Gap))
	}
	return "The default limit."
}

// deliveryMarks marks days from first on, each with how many of the expected types came.
func deliveryMarks(slug string, first health.Day, days []health.Delivered) []chart.DayMark {
	var out []chart.DayMark
	for i, d := range days {
		day := first + health.Day(i)
		mark := chart.DayMark{Label: ShortDate(day), Date: day.String(), State: d.State, Href: dayURL(slug, day)}
		if d.Share.Of > 0 {
			mark.Share = float64(d.Share.Got) / float64(d.Share.Of)
			mark.Came = Count(d.Share.Got) + " of " + Plural(d.Share.Of, "type", "types") + " complete"
		}
		out = append(out, mark)
	}
	return out
}

// dayMarks marks days from first on, each with what is known of it.
func dayMarks(slug string, first health.Day, states []health.DayState) []chart.DayMark {
	var out []chart.DayMark
	for i, state := range states {
		day := first + health.Day(i)
		mark := chart.DayMark{Label: ShortDate(day), Date: day.String(), State: state, Href: dayURL(slug, day)}
		if state.Absence == health.Present {
			mark.Share = 1
		}
		out = append(out, mark)
	}
	return out
}
