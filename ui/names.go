package ui

import (
	"strings"
	"time"

	"garner/health/alert"
	"garner/query"
	"garner/ui/text"
)

// Names are what a page about arrivals calls people, by id, and types, by key,
// and the instant and the reader that it is made for.
type Names struct {
	Preferences
	Now    time.Time
	People map[int64]PersonLink
	Types  map[string]SyncType
	// Operates is that of the page: the reader can add people.
	Operates bool
}

// shortTitles fit the head of a narrow column, by callback key; others are cut
// to their first word.
var shortTitles = map[string]string{
	"dailies": "Day", "stressDetails": "Stress", "hrv": "HRV", "epochs": "¼ hours", "pulseox": "SpO₂",
	"allDayRespiration": "Breath", "userMetrics": "Fitness",
	"bodyComps": "Body", "bloodPressures": "Pressure", "skinTemp": "Skin", "healthSnapshot": "Snapshot", "mct": "Cycle",
	"activityDetails":  "Samples",
	"moveIQActivities": "Moves", "thirdPartyDailies": "Other",
	"hydration": "Water", "hrvStatus": "HRV status", "fitnessAges": "Age", "heartRateZones": "Zones",
	"weightGoals": "Goal", "wellnessActivities": "Calm",
}

// NewNames are the names of a page.
func NewNames(from *query.Names, p Page) *Names {
	n := &Names{Preferences: p.Preferences, Now: p.Now, Operates: p.Operates,
		People: make(map[int64]PersonLink, len(from.People)), Types: make(map[string]SyncType, len(from.Types))}
	for id, p := range from.People {
		n.People[id] = PersonLink(p)
	}
	for key, t := range from.Types {
		short, ok := shortTitles[key]
		if !ok {
			short, _, _ = strings.Cut(t.Title, " ")
		}
		n.Types[key] = SyncType{Key: key, Title: t.Title, Short: short}
	}
	return n
}

// Words puts an incident into words.
func (n *Names) Words(e *alert.Incident) text.Words {
	return text.Explain(e, text.Names{Type: n.Types[e.Type].Title, Person: n.People[e.Person].Name}, n.Now,
		n.Now.Location(), n.Clock)
}

// now puts a condition that holds now into words.
func (n *Names) now(c *alert.Condition) (*alert.Incident, text.Words) {
	e := &alert.Incident{Subject: c.Subject, Since: c.Since, Opened: n.Now, Evidence: c.Evidence}
	return e, n.Words(e)
}

// Incidents are the lines of a list of incidents.
func (n *Names) Incidents(list []alert.Incident) []IncidentRow {
	var out []IncidentRow
	for i := range list {
		e := &list[i]
		out = append(out, incidentRow(e, n.Words(e)))
	}
	return out
}
