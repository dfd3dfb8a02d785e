package ui

import (
	"strings"
	"time"

	"garner/health/alert"
	"garner/ui/text"
)

// Names are what a page about arrivals calls people, by id, and types, by key,
// and the instant that it is made for.
type Names struct {
	Now    time.Time
	People map[int64]PersonLink
	Types  map[string]SyncType
}

// shortTitles fit the head of a narrow column, by callback key; others are cut
// to their first word.
var shortTitles = map[string]string{
	"dailies": "Day", "stressDetails": "Stress", "hrv": "HRV", "epochs": "¼ hours", "pulseox": "SpO₂",
	"allDayRespiration": "Breath", "userMetrics": "Fitness",
	"bodyComps": "Body", "bloodPressures": "Pressure", "skinTemp": "Skin", "healthSnapshot": "Snapshot", "mct": "Cycle",
	"activityDetails":  "Samples",
	"moveIQActivities": "Moves", "thirdPartyDailies": "Other",
}

// TypeNames names types.
func TypeNames(types []alert.Type) map[string]SyncType {
	out := make(map[string]SyncType, len(types))
	for _, t := range types {
		short, ok := shortTitles[t.Key]
		if !ok {
			short, _, _ = strings.Cut(t.Title, " ")
		}
		out[t.Key] = SyncType{Key: t.Key, Title: t.Title, Short: short}
	}
	return out
}

// Words puts an incident into words.
func (n *Names) Words(e *alert.Incident) text.Words {
	return text.Explain(e, text.Names{Type: n.Types[e.Type].Title, Person: n.People[e.Person].Name}, n.Now,
		n.Now.Location())
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
		out = append(out, IncidentRow{ID: e.ID, Headline: n.Words(e).Headline, Status: IncidentStatus(e), Since: e.Since,
			Closed: e.Closed})
	}
	return out
}
