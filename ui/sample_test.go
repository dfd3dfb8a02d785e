package ui

import (
	"math"
	"math/rand/v2"
	"time"

	"garner/health"
	"garner/ui/chart"
)

// The samples are one made-up household at one made-up moment.
var (
	oslo      = time.FixedZone("", 3600)
	sampleNow = time.Date(2026, 11, 23, 7, 56, 0, 0, oslo)
	ada       = PersonLink{"Ada", "ada"}
	ben       = PersonLink{"Ben", "ben"}
	mira      = PersonLink{"Mira", "mira"}
	sampleDay = health.DayOf(sampleNow.Unix(), 3600)
)

func samplePage(title string, active Nav, person *PersonLink) Page {
	values := person
	if values == nil {
		values = &ada
	}
	return Page{Operates: true, Changes: true, Values: values,
		Title: title, Active: active, Demo: true, DemoProgress: "412 of 730 days sent.",
		People: []PersonLink{ada, ben, mira}, PeopleTotal: 3, Person: person, Path: "/", Now: sampleNow, Version: "1.0.0", Trouble: 2,
	}
}

func sampleClock(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, oslo)
}

// sampleStages is a night in cycles.
func sampleStages(from time.Time, minutes []int, classes []string) []chart.Block {
	labels := map[string]string{"awake": "Awake", "light": "Light", "deep": "Deep", "rem": "REM"}
	var out []chart.Block
	t := from.UnixMilli()
	for i, m := range minutes {
		to := t + int64(m)*60_000
		out = append(out, chart.Block{From: t, To: to, Class: classes[i], Label: labels[classes[i]]})
		t = to
	}
	return out
}

func sampleNight() *Night {
	minutes := []int{9, 28, 46, 12, 21, 33, 38, 14, 4, 52, 19, 31, 47, 7, 40, 35, 37}
	classes := []string{"awake", "light", "deep", "light", "rem", "light", "deep", "rem", "awake", "light", "deep",
		"light", "rem", "awake", "light", "rem", "light"}
	start := sampleClock(22, 23, 12)
	return &Night{
		Day: sampleDay, Start: start, End: sampleClock(23, 7, 5), Asleep: 7*time.Hour + 41*time.Minute,
		Score: 84, ScoreWord: "good", Stages: sampleStages(start, minutes, classes),
	}
}

func sampleStrip(states ...chart.Absence) []chart.DayMark {
	out := make([]chart.DayMark, 0, 14)
	for i := range 14 {
		d := sampleDay - health.Day(13-i)
		state := chart.Present
		if k := i - (14 - len(states)); k >= 0 {
			state = states[k]
		}
		out = append(out, chart.DayMark{Label: ShortDate(d), Date: d.String(), State: health.DayState{Absence: state},
			Share: 0.6, Href: dayURL("ada", d)})
	}
	return out
}

func sampleHome() HomeView {
	return HomeView{
		Summary: Summary{Sentence: "Ada and Mira are up to date. Ben’s watch last synced on Saturday.", Status: Late,
			Detail: "Garmin’s link works: the last delivery for anyone came 4 min ago. Ben’s silence is on the side of the " +
				"watch or phone.",
			Fix: &Link{"See 2 deliveries that need attention", "/inbox?state=parked"}},
		Cards: []PersonCard{sampleAda(), sampleMira(), sampleBen()}, Total: 3,
	}
}

func sampleAda() PersonCard {
	return PersonCard{
		Person: ada, Status: OK, DataUpTo: sampleClock(23, 7, 52), Received: sampleNow.Add(-4 * time.Minute), Day: sampleDay,
		Night:       sampleNight(),
		RestingHR:   Vital{Value: Val(49, health.BPM, 0), Low: 48, High: 54, Note: "3 below your usual", Status: OK},
		HRV:         Vital{Value: Val(52, health.Millisecond, 0), Low: 46, High: 61, Note: "in your range 46" + dash + "61", Status: OK},
		BodyBattery: Vital{Value: Val(78, health.None, 0), Note: "from 21 at bedtime"},
		Steps:       Vital{Value: Val(1204, health.None, 0), Note: "so far, goal 9 000"},
		Activity: &ActivityLine{Name: "Morning run", Start: sampleClock(22, 8, 10), Duration: 48 * time.Minute,
			Distance: Val(8420, health.Meter, 0)},
		Strip: sampleStrip(chart.Partial, chart.Present, chart.Present, chart.Present, chart.Awaited),
	}
}

func sampleMira() PersonCard {
	night := sampleNight()
	night.Tentative, night.Score, night.Asleep = true, 0, 6*time.Hour+12*time.Minute
	return PersonCard{
		Person: mira, Units: Imperial, Status: OK, DataUpTo: sampleClock(23, 6, 31),
		Received: sampleNow.Add(-82 * time.Minute), Day: sampleDay,
		Night:       night,
		RestingHR:   Vital{Value: Val(61, health.BPM, 0), Low: 57, High: 62, Note: "as usual", Status: OK},
		HRV:         Vital{Why: health.DayState{Absence: health.NotExpected}, Note: "9 of 14 nights for your band"},
		BodyBattery: Vital{Value: Val(55, health.None, 0), Age: "yesterday 22:10"},
		Steps:       Vital{Why: health.DayState{Absence: health.Awaited}},
		Activity: &ActivityLine{Name: "Evening walk", Start: sampleClock(21, 18, 40), Duration: 35 * time.Minute,
			Distance: Val(2900, health.Meter, 0)},
		Strip: sampleStrip(chart.Missing, chart.Missing, chart.Present, chart.Failed, chart.Present, chart.Present,
			chart.Tentative),
	}
}

func sampleBen() PersonCard {
	return PersonCard{
		Person: ben, Status: Late, DataUpTo: sampleClock(21, 21, 10), Received: sampleClock(21, 21, 14), Day: sampleDay - 2,
		Note:      "Waiting for Ben’s watch, quiet for 1 day 10 h.",
		RestingHR: Vital{Value: Val(56, health.BPM, 0), Age: "Saturday"},
		HRV: Vital{Value: Val(38, health.Millisecond, 0), Low: 41, High: 58, Note: "below your range 41" + dash + "58",
			Status: Late, Age: "Saturday"},
		Steps:       Vital{Value: Val(11_873, health.None, 0), Age: "Saturday"},
		BodyBattery: Vital{Why: health.DayState{Absence: health.Missing}},
		Strip: sampleStrip(chart.NotExpected, chart.NotExpected, chart.Present, chart.Present, chart.Partial, chart.Missing,
			chart.Missing),
	}
}

// wander makes samples that look like a body's: a slow wave with noise.
func wander(seed uint64, from, to time.Time, step time.Duration, base, wave, noise float64,
	skip func(t time.Time) bool) []chart.Point {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []chart.Point
	drift := 0.0
	for t := from; t.Before(to); t = t.Add(step) {
		drift = drift*0.97 + r.NormFloat64()*noise
		if skip != nil && skip(t) {
			continue
		}
		hour := float64(t.Hour()) + float64(t.Minute())/60
		out = append(out, chart.Point{T: t.UnixMilli(), V: math.Round(base - wave*math.Cos((hour-2)/24*2*math.Pi) + drift)})
	}
	return out
}
