package ui

import (
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

func sampleIndex() DataIndexView {
	row := func(key, title, about string, n int) TypeRow {
		return TypeRow{About: about, TypeExtent: query.TypeExtent{TypeRef: query.TypeRef{Key: key, Title: title}, Records: n,
			Oldest: sampleDay - 730, Newest: sampleDay, Received: sampleNow.Add(-4 * time.Minute)}}
	}
	return DataIndexView{Person: ada, Types: []TypeRow{
		row("dailies", "Daily summaries", "steps, heart rate, stress, floors", 731),
		row("sleeps", "Sleep", "nights with stages, naps", 724),
		row("hrv", "HRV", "heart rate variability of the night", 719),
		{TypeExtent: query.TypeExtent{TypeRef: query.TypeRef{Key: "mct", Title: "Women’s health"}}, About: "cycle tracking",
			Why: chart.NotExpected},
	}}
}

func sampleDictionary() DictionaryView {
	rows := []DictionaryRow{{Name: "distance_m", Label: "Distance", Unit: health.Meter, Garmin: []string{"distanceInMeters"}}}
	return DictionaryView{File: "/export/data-dictionary.md",
		Types: []DictionaryType{{Key: "dailies", Title: "Daily summary", Permission: "HEALTH_EXPORT",
			Identity: []string{"calendarDate"}, Parts: []DictionaryPart{{Title: "Records", Rows: rows},
				{Table: "laps", Title: "Laps", Rows: rows}, {Series: true, Title: "Samples", Rows: []DictionaryRow{
					{Name: "heart_rate", Label: "Heart rate", Unit: health.BPM, Garmin: []string{"x"}, Every: 15}}}}}},
		Metrics: []DictionaryMetric{{HelpMetric{"hrv_band_low", "HRV band", "The 10th percentile."}, health.Millisecond,
			[]Link{TypeHelp("dailies", "Daily summary")}}}}
}

func sampleTable() DataTableView {
	v := DataTableView{
		Person: ada, Key: "dailies", Title: "Daily summaries", About: "One row for each day, as the watch summed it up.",
		From: "2026-10-25", To: "2026-11-23", Next: "/p/ada/data/dailies?before=2026-10-25",
		Export: "/p/ada/export",
		CSV:    "/p/ada/data/dailies.csv", JSON: "/p/ada/data/dailies.json", Device: "Forerunner 965",
		Tables: []Link{{"Heart rate samples", "/p/ada/data/dailies.csv?series=heart_rate"}},
		Columns: []Column{{Label: "Day", Text: true}, {Label: "Steps"}, {Label: "Distance", Unit: health.Meter},
			{Label: "Resting heart rate", Unit: health.BPM}, {Label: "Active energy", Unit: health.Kilocalorie},
			{Label: "Time active", Unit: health.Second}, {Label: "Stress", Text: true}},
	}
	for i := range 12 {
		d := sampleDay - health.Day(i)
		r := DataRow{Day: d, Delivery: int64(4812 - 7*i), Tentative: i == 0, Cells: []Value{
			Word(d.String()), Val(float64(11204-i*431), health.None, 0), Val(float64(9120-i*211), health.Meter, 0),
			Val(float64(49+i%4), health.BPM, 0), Val(float64(540-i*12), health.Kilocalorie, 0),
			Val(float64(5400+i*60), health.Second, 0), Word("balanced")}}
		if i == 4 {
			r.Cells[3] = Value{}
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

func sampleInbox() InboxView {
	row := func(id int64, typ string, s State, reason string) DeliveryRow {
		return DeliveryRow{ID: id, Received: sampleNow.Add(-time.Duration(4900-id) * time.Minute), Type: typ, State: s,
			Elements: 1, Bytes: 18_240, Reason: reason}
	}
	return InboxView{
		Sentence: "12 deliveries are waiting, the oldest for 3 s. One could not be processed.", Status: Late,
		Types: []string{"activities", "dailies", "sleeps"},
		Tabs: []StateTab{{Waiting, 12}, {Fetching, 1}, {Done, 48_213}, {Parked, 14}, {Quarantined, 1}, {Orphaned, 3},
			{Aside, 2}},
		Failures: []query.Failure{{Reason: "calendarDate is no date", Type: "sleeps", Elements: 14,
			First: sampleClock(23, 7, 2), Last: sampleNow}},
		Unknown: []UnknownPerson{{GarminUserID: "d3315b1072421d0dd7c8f6b8e1de4df8", Elements: 3,
			First: sampleClock(22, 19, 12), Until: sampleClock(22, 0, 0).AddDate(0, 0, 30),
			Form: PersonForm{Name: "Ada", NameError: "This name is already taken."}}},
		Rows: []DeliveryRow{
			row(4893, "stressDetails", Waiting, ""), row(4892, "dailies", Done, ""),
			row(4880, "sleeps", Parked, "element 1: calendarDate is no date"),
			row(4851, "activities", Done, ""), row(4720, "epochs", Aside, "")},
		Older: "/inbox?before=4720",
	}
}

func sampleDelivery() DeliveryView {
	at := sampleClock(23, 7, 2)
	return DeliveryView{
		DeliveryRow: DeliveryRow{ID: 4880, Received: at, Type: "sleeps", State: Parked, Elements: 2, Bytes: 18_240},
		People:      []PersonLink{mira}, Source: "push",
		Hash: "9f2c41d07be3a1c8", Sender: "Garmin’s client id was right.",
		Steps: []Step{
			{At: at, Title: "Received", Detail: "18.2 kB, one POST", Status: OK},
			{At: at.Add(6 * time.Millisecond), Title: "Stored", Detail: "durable on disk, answered 200",
				Took: 6 * time.Millisecond, Status: OK},
			{At: at.Add(900 * time.Millisecond), Title: "First attempt", Detail: "calendarDate is no date",
				Took: 894 * time.Millisecond, Status: Down},
			{At: at.Add(time.Hour), Title: "Parked", Detail: "Nothing is lost; the element waits here.", Took: 59 * time.Minute,
				Status: Down}},
		Issues: []Issue{{Element: 0, State: Parked, Reason: "calendarDate is no date: “23.11.2026”"}},
		Payload: "{\n  \"sleeps\": [\n    {\n      \"userId\": \"4aacafe82427c251df9c9592d0c06768\",\n      " +
			"\"calendarDate\": \"23.11.2026\",\n      \"durationInSeconds\": 27660\n    }\n  ]\n}", Truncated: true,
		Actions: []query.DeliveryAction{query.ActionRetry, query.ActionSetAside, query.ActionAccept, query.ActionPutBack},
	}
}

func samplePeople() PeopleView {
	accounts := sampleAccounts()
	return PeopleView{
		Accounts: accounts[2:], Notice: "Mira was added.",
		People: []PersonRow{
			{Person: ada, GarminUserID: "d331…4df8", Since: sampleNow.AddDate(-2, 0, 0), Status: OK,
				StatusText: "received 4 min ago", Account: &accounts[0]},
			{Person: ben, GarminUserID: "4aac…6768", Since: sampleNow.AddDate(-1, 0, 0), Status: Late,
				StatusText: "quiet since Saturday"},
			{Person: mira, Units: Imperial, Status: NoData, StatusText: "nothing received yet"}},
		Form: PersonForm{Name: "ada", GarminUserID: "x y", NameError: "This name is already taken.",
			IDError: "A Garmin user id has no spaces."},
	}
}
