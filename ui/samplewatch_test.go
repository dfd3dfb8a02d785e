package ui

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

var (
	sampleSleep = SyncType{"sleeps", "Sleep", "Sleep"}
	sampleHRV   = SyncType{"hrv", "Heart rate variability", "HRV"}
	sampleTypes = []SyncType{{"dailies", "Daily summary", "Day"}, sampleSleep, sampleHRV}
	hostile     = PersonLink{Name: `<script>alert(1)</script> & "Zoë" 'x'`, Slug: "zoe"}
)

func sampleDiagnosis() Diagnosis {
	return Diagnosis{Known: []string{"The last came at Sat 21:10.", "Others' data came at 07:40."},
		Follows: []string{"The silence is on the side of the watch or the phone."},
		Next:    "Open Garmin Connect on the phone.", Fix: &Link{"Open the inbox", "/inbox"}}
}

// sampleSync has a matrix of some people, of whom every state is one.
func sampleSync(people int) SyncView {
	v := SyncView{Summary: Summary{Sentence: "No news of Ben.", Status: Late, Detail: "Others' data came 4 min ago.",
		Fix: &Link{"See what is known", "/alerts"}}, Types: sampleTypes,
		Total: people, Matching: people, First: 1, Sorting: Sorting{Path: "/sync", By: query.BySilence}, Next: "/sync?from=100",
		Lamps: []Lamp{{"Garmin", "Garner", OK, "The newest data arrived 4 min ago.", "", nil},
			{"Garner", "stored", Down, "2 deliveries are waiting.", "The disk is nearly full.", &Link{"Inbox", "/inbox"}},
			{"stored", "you", NoData, "No notification channel is set up.", "", &Link{"Alerts", "/alerts"}}}}
	for i := range min(people, 100) {
		row := SyncRow{Person: PersonLink{fmt.Sprintf("Person %d", i), fmt.Sprintf("person-%d", i)},
			State: SyncStates[i%len(SyncStates)], Received: sampleNow.Add(-time.Duration(i) * time.Hour)}
		if i == 1 {
			row.Person, row.Note = hostile, "paused until Tue 1 Dec"
		}
		for j := range sampleTypes {
			row.Cells = append(row.Cells, SyncCell{State: SyncStates[(i+j)%len(SyncStates)], Received: row.Received})
		}
		v.Rows = append(v.Rows, row)
	}
	for _, t := range sampleTypes {
		vol := Volume{Type: t, Words: "9 today, usually 12 a day", Status: OK}
		for d := range 28 {
			state := chart.Present
			if d < 3 {
				state = chart.NotExpected
			}
			vol.Days = append(vol.Days, VolumeDay{Day: sampleDay - 27 + health.Day(d), Count: d % 5, State: state})
		}
		v.Volumes = append(v.Volumes, vol)
	}
	return v
}

func samplePauses() []PauseRow {
	return []PauseRow{{ID: 4, Person: &hostile, From: sampleNow, Until: sampleNow.AddDate(0, 0, 3),
		Reason: `a <b>holiday</b>`}, {ID: 5, Until: sampleNow}, {ID: 6, Type: &sampleHRV, Until: sampleNow}}
}

func sampleIncidents() []IncidentRow {
	return []IncidentRow{{9, "No data from Ben", Down, sampleNow.Add(-70 * time.Hour), time.Time{}},
		{8, "No data from <b>Zoë</b>", OK, sampleNow.AddDate(0, 0, -9), sampleNow.AddDate(0, 0, -6)}}
}

func sampleNotifications() []query.Notification {
	var out []query.Notification
	for i, state := range []query.NotificationState{query.NotificationSent, query.NotificationWaiting,
		query.NotificationFailed, query.NotificationHeld, query.NotificationDigest, query.NotificationUnneeded} {
		out = append(out, query.Notification{ID: int64(i), Created: sampleNow, Destination: "admin@example.org",
			Channel: "mail", Subject: "No data from <i>Ben</i>", State: state, Answer: `550 "unknown" <x>`,
			Due: sampleNow.Add(time.Hour), Incident: 9})
	}
	return out
}

func sampleAlerts() AlertsView {
	e := Incident{ID: 9, Headline: "No data from " + hostile.Name, Status: Down, Person: &hostile, Type: &sampleHRV,
		Since: sampleNow.Add(-70 * time.Hour), Opened: sampleNow.Add(-20 * time.Hour),
		Diagnosis: sampleDiagnosis(), Timeline: []Step{{At: sampleNow, Title: "opened"},
			{At: sampleNow, Title: "sent to admin@example.org by mail", Detail: "250 ok"}}, Pausable: true}
	return AlertsView{
		Said:     Said{Error: "The test by mail failed: 535 <no>"},
		Sentence: "1 alert is open.",
		Status:   Down,
		Detail:   "No notification channel is set up, so alerts only show here.",
		Open:     []Incident{e},
		Past:     sampleIncidents(),
		Older:    "/alerts?before=3",
		Rules: []RuleRow{
			{
				Text:    "Alert when a person has been silent for longer than 48 h.",
				Setting: "person_silent_after",
			},
			{ID: 2, Person: &hostile, Hours: "36"},
			{ID: 3, Type: &sampleHRV, Hours: "90"},
			{ID: 4, Text: "No HRV is expected from Ben."},
		},
		Rule:   RuleForm{Person: "zoe", Type: "hrv", Hours: "abc", HoursError: "Give hours, such as 36."},
		Pauses: samplePauses(),
		Pause:  PauseForm{Person: "zoe", Until: "1999-01-01", UntilError: "This day is in the past."},
		Channels: []ChannelRow{
			{Key: "mail", Title: "Mail", To: "admin@example.org", Status: Down, Channel: query.Channel{
				Succeeded: sampleNow, Answer: "250 ok", Failed: sampleNow, Failure: "<421>", Waiting: 2}},
			{Key: "ntfy", Title: "ntfy", Write: "[alerts]\nntfy_url = \"…\"", Status: NoData},
		},
		Notifications: sampleNotifications(),
		AllPeople:     []PersonLink{ada, hostile},
		Types:         sampleTypes,
	}
}

func sampleGaps() []GapRow {
	return []GapRow{
		{
			Person: hostile,
			Type:   sampleSleep,
			From:   sampleDay - 9,
			To:     sampleDay,
			Kind:   chart.Missing,
			Why:    "No data from <b>Ben</b>",
			Help:   "Let the watch sync.",
			Link:   &Link{"Open the alert", "/alerts/9"},
			Ask:    &Link{"Ask for these days", "/p/zoe/backfill/plan"},
			Open:   true,
		},
		{
			Person: ada,
			Type:   sampleHRV,
			From:   sampleDay - 30,
			To:     sampleDay - 30,
			Kind:   chart.Failed,
			Help:   "Try it again.",
		},
	}
}

func samplePersonCoverage() PersonCoverageView {
	v := PersonCoverageView{Person: hostile, Sentence: "97% of what was expected is here.", Status: Late, Year: 2026,
		Month: time.November, Today: sampleDay,
		Years: []CoverageYear{{2024, health.Share{Got: 0, Of: 0}}, {2025, health.Share{Got: 364, Of: 365}},
			{2026, health.Share{Got: 300, Of: 300}}}, Gaps: sampleGaps()}
	for _, t := range sampleTypes {
		row := CoverageTypeRow{Type: t, Share: health.Share{Got: 290, Of: 300}}
		for d := range 365 {
			row.Days = append(row.Days, CoverageDay{State: health.DayState{Absence: chart.Absence(d / 50 % 8)}})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// watchPages are the pages about arrival, in their states.
func watchPages() map[string]templ.Component {
	none := sampleSync(0)
	none.Query, none.Total = "zzz", 3
	calm := sampleSync(0)
	calm.Troubled, calm.Total = true, 3
	person := PersonSyncView{
		Said:      Said{Notice: "Saved."},
		Person:    hostile,
		State:     SyncOverdue,
		Sentence:  "No data from Zoë.",
		Diagnosis: sampleDiagnosis(),
		Clocks: Clocks{Sampled: sampleNow, Received: sampleNow,
			Processed: sampleNow},
		Facts: []SyncFact{{"Added", "Mon 2 Feb 2026", time.Time{}, OK},
			{"Garmin's last notice", "the connection was <ended>", sampleNow, Late}},
		Pairs: []SyncTypeRow{{sampleSleep, SyncOnTime, sampleNow, "usually by 08:30", "by 09:00", "48 h"},
			{sampleHRV, SyncWaiting, time.Time{}, "", "", ""}},
		Incidents: sampleIncidents(),
		Limit:     LimitForm{Hours: "abc", Default: "48 h", Error: "Give hours."},
		Pause:     PauseForm{Until: "x", UntilError: "Give a date."},
		Paused:    samplePauses(),
	}
	pair := TypeSyncView{Person: hostile, Type: sampleHRV, State: SyncLate, Sentence: "HRV of Zoë: late.",
		Diagnosis: sampleDiagnosis(), Arrived: "Arrived on 81 of 90 expected days", Usual: "by 08:30", LimitIs: "60 h",
		LimitHow:  "Lengthened.",
		Incidents: sampleIncidents(), Limit: LimitForm{Default: "60 h"}, NotApplicable: true}
	for d := range 90 {
		pair.Strip = append(pair.Strip, chart.DayMark{Label: ShortDate(sampleDay - 89 + health.Day(d)),
			State: health.DayState{Absence: chart.Absence(d % 8)}, Share: 0.5, Href: "/p/zoe/day/2026-11-01"})
	}
	alerts := sampleAlerts()
	return map[string]templ.Component{
		"sync":       Sync(samplePage("Sync", NavSync, nil), sampleSync(12)),
		"sync-crowd": Sync(samplePage("Sync", NavSync, nil), sampleSync(1000)),
		"sync-no-person": Sync(
			samplePage("Sync", NavSync, nil),
			SyncView{Summary: Summary{Sentence: "No people yet.", Status: NoData}},
		),
		"sync-none":   Sync(samplePage("Sync", NavSync, nil), none),
		"sync-calm":   Sync(samplePage("Sync", NavSync, nil), calm),
		"sync-person": PersonSync(samplePage("Sync of Zoë", NavSync, &hostile), person),
		"sync-pair":   TypeSync(samplePage("HRV of Zoë", NavSync, &hostile), pair),
		"coverage": Coverage(samplePage("Coverage", NavCoverage, nil),
			CoverageView{
				Sentence: "1 gap is still open.",
				Status:   Late,
				Detail:   "Counted for 2 people.",
				People: []CoverageRow{
					{hostile, health.Share{Got: 9, Of: 28}, health.Share{Got: 0, Of: 0}, 12, "Sleep", 1},
				},
				Gaps:      sampleGaps(),
				GapsTotal: 2,
				AllPeople: []PersonLink{hostile},
				Types:     sampleTypes,
				Total:     2,
				Next:      "/coverage?from=20",
				MoreGaps:  "/coverage?gaps=60",
			}),
		"coverage-person": PersonCoverage(
			samplePage("Coverage of Zoë", NavCoverage, &hostile),
			samplePersonCoverage(),
		),
		"coverage-empty": PersonCoverage(samplePage("Coverage of Zoë", NavCoverage, &hostile),
			PersonCoverageView{Person: hostile, Sentence: "Nothing has come.", Status: NoData,
				Empty: &Empty{What: "A calendar.", Why: "No data."}}),
		"alerts": Alerts(samplePage("Alerts", NavAlerts, nil), alerts),
		"alerts-calm": Alerts(samplePage("Alerts", NavAlerts, nil), AlertsView{Sentence: "No alerts are open.",
			Status: OK}),
		"alerts-incident": IncidentPage(samplePage("Alert", NavAlerts, nil),
			IncidentView{Incident: alerts.Open[0], Notifications: sampleNotifications()}),
	}
}
