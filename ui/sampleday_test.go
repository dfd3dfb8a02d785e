package ui

import (
	"time"

	"garner/health"
	"garner/ui/chart"
)

func sampleOff(t time.Time) bool { return t.Hour() == 18 || t.Hour() == 19 && t.Minute() < 20 }
func sampleGap(t time.Time) bool { return sampleOff(t) || t.Hour() == 14 }

func sampleRibbon(offset int32, from, until time.Time, length time.Duration) chart.Ribbon {
	to := from.Add(length)
	end := to
	r := chart.Ribbon{Title: "Sun 22 Nov 2026, Ada", From: from.UnixMilli(), To: to.UnixMilli(), Offset: offset}
	if !until.IsZero() {
		r.Until, end = until.UnixMilli(), until
	}
	off := []chart.Span{{From: from.Add(18 * time.Hour).UnixMilli(), To: from.Add(19*time.Hour +
		20*time.Minute).UnixMilli(), Word: "not worn"}}
	if !until.IsZero() {
		off = nil
	}
	heart := wander(1, from, end, 15*time.Second, 68, 14, 1.1, sampleGap)
	for i := range heart {
		if at := time.UnixMilli(heart[i].T).In(from.Location()); at.Hour() == 8 && at.Minute() >= 10 && at.Minute() < 58 {
			heart[i].V += 72
		}
	}
	stress := wander(2, from, end, 3*time.Minute, 38, 24, 9, sampleGap)
	for i := range stress {
		stress[i].V = min(max(stress[i].V, 1), 99)
	}
	battery := wander(3, from, end, 3*time.Minute, 54, -30, 0.2, sampleOff)
	steps := wander(4, from, end, 15*time.Minute, 180, 190, 120, sampleOff)
	for i := range steps {
		steps[i].V = max(steps[i].V, 0)
	}
	at := func(h, m int) int64 {
		return from.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute).UnixMilli()
	}
	night := sampleStages(from, []int{24, 46, 12, 21, 33, 38, 14, 4, 52, 19, 31, 47, 7, 40, 37},
		[]string{"light", "deep", "light", "rem", "light", "deep", "rem", "awake", "light", "deep", "light", "rem", "awake",
			"rem", "light"})
	oxygen := wander(5, from, from.Add(7*time.Hour), 6*time.Minute, 95, 0, 0.5, nil)
	r.Lanes = []chart.Lane{
		{Key: "sleep", Kind: chart.Stages, Title: "Sleep", Sentence: "7 h 05 after midnight, 1 h 43 of it deep.",
			Blocks: night},
		{Key: "stress", Kind: chart.Levels, Title: "Stress", Sentence: "Mostly low; 52 min high in the afternoon.",
			Series: chart.Series{Name: "stress", Cadence: 3 * time.Minute, Points: stress, OffBody: off}},
		{Key: "battery", Kind: chart.Area, Title: "Body Battery", Sentence: "Charged 61, drained 58.",
			Series: chart.Series{Cadence: 3 * time.Minute, Points: battery, OffBody: off}, Max: 100},
		{Key: "heart", Kind: chart.Line, Title: "Heart rate", Sentence: "49 at rest, up to 168 on the run.",
			Series: chart.Series{Unit: "bpm", Cadence: 15 * time.Second, Points: heart, OffBody: off}, Mark: 49,
			MarkLabel: "rest 49"},
		{Key: "steps", Kind: chart.Bars, Title: "Steps", Sentence: "11 204, most of them before noon.",
			Series: chart.Series{Cadence: 15 * time.Minute, Points: steps, OffBody: off}},
		{Key: "activities", Kind: chart.Spans, Title: "Activities", Sentence: "A run and a swim.", Blocks: []chart.Block{
			{From: at(8, 10), To: at(8, 58), Class: "activity", Label: "Run 8.4 km"},
			{From: at(20, 5), To: at(20, 50), Class: "activity", Label: "Swim 1.2 km"}}},
		{Key: "spo2", Kind: chart.Dots, Title: "Blood oxygen", Sentence: "94 to 97 % in the night.",
			Series: chart.Series{Unit: "%", Cadence: 6 * time.Minute, Points: oxygen}, Min: 88, Max: 100},
		{Key: "respiration", Kind: chart.Dots, Title: "Respiration", Absent: chart.NotExpected,
			Sentence: "This watch does not measure it by day."},
		{Key: "worn", Kind: chart.Spans, Title: "Worn", Sentence: "22 h 40; off the wrist 18:00" + dash + "19:20.",
			Blocks: []chart.Block{
				{From: at(0, 0), To: at(18, 0), Class: "worn", Label: "worn"}, {From: at(19, 20), To: r.To, Class: "worn",
					Label: "worn"}}},
	}
	if !until.IsZero() {
		r.Lanes[5].Blocks = nil
		r.Lanes[5].Absent = chart.Awaited
		r.Lanes[8].Blocks = []chart.Block{{From: r.From, To: r.Until, Class: "worn", Label: "worn"}}
	}
	return r
}

func sampleDayView() DayView {
	day := sampleDay - 1
	prev, next := day-1, day+1
	return DayView{
		Person: ada, Day: day, Prev: &prev, Next: &next, Status: OK,
		Note: "travel to Tokyo", NoteForm: &NoteForm{Text: "travel to Tokyo and back", Error: NoteTooLong},
		Clock: "UTC+1", Coverage: "22 h 40 worn", Sentence: "A full day: slept well, ran in the morning, quiet evening.",
		Ribbon: sampleRibbon(3600, sampleClock(22, 0, 0), time.Time{}, 24*time.Hour),
		Groups: sampleGroups(), Devices: []string{"Forerunner 965"},
		Activities: []ActivityLine{
			{Name: "Run", Start: sampleClock(22, 8, 10), Duration: 48 * time.Minute, Distance: Val(8420, health.Meter, 0),
				Calories: Val(540, health.Kilocalorie, 0), HeartAvg: Val(148, health.BPM, 0), Device: "Forerunner 965"},
			{Name: "Pool swim", Start: sampleClock(22, 20, 5), Duration: 45 * time.Minute,
				Distance: Val(1200, health.Meter, 0)}},
		Naps: []Nap{{Start: sampleClock(22, 15, 0), End: sampleClock(22, 15, 25), Asleep: 22 * time.Minute}},
		Exports: []Link{{"Daily summary (CSV)", "/p/ada/data/dailies.csv?from=2026-11-22&to=2026-11-22"},
			{"Heart rate, every sample (CSV)", "/p/ada/data/dailies.csv?series=heart_rate"}},
		Deliveries: []Link{{"#4812 dailies, 21:04", "/inbox/4812"}, {"#4815 sleeps, 07:12", "/inbox/4815"}},
	}
}

func sampleGroups() []MetricGroup {
	row := func(name, label string, v, median Value) MetricRow {
		return MetricRow{Name: name, Label: label, Value: v, Median: median, Received: sampleNow.Add(-11 * time.Hour),
			Device: "Forerunner 965", Delivery: 4812}
	}
	band := row("hrv_band", "HRV, usual band", Word("46"+dash+"61 ms"), Word("47"+dash+"60 ms"))
	band.Rule = "The middle 80 % of the nightly averages of the last 28 days, once there are 14 of them."
	none := MetricRow{Name: "spo2_day", Label: "Blood oxygen by day", Why: health.DayState{Absence: health.NotExpected}}
	return []MetricGroup{
		{"Heart", []MetricRow{row("resting_heart_rate", "Resting heart rate", Val(49, health.BPM, 0), Val(52, health.BPM, 0)),
			row("hrv", "HRV, last night", Val(52, health.Millisecond, 0), Val(54, health.Millisecond, 0)), band}},
		{"Sleep", []MetricRow{row("sleep_duration", "Time asleep", Val(27660, health.Second, 0),
			Val(26400, health.Second, 0)), row("sleep_score", "Sleep score", Val(84, health.None, 0), Val(79, health.None, 0))}},
		{"Movement", []MetricRow{row("steps", "Steps", Val(11204, health.None, 0), Val(9120, health.None, 0)),
			row("distance", "Distance", Val(9120, health.Meter, 0), Val(7300, health.Meter, 0)),
			row("floors", "Floors climbed", Val(0, health.None, 0), Val(9, health.None, 0)), none}},
	}
}
