package simulator

import "time"

// zone loads a zone that is compiled in.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	return loc
}

// back is a span of dates counted from the end of the history.
func (w *World) back(from, to int) dates {
	return dates{w.end - civil(from), w.end - civil(to)}
}

// ada runs, travels, and fell ill three weeks ago.
func (w *World) ada(p *Person) {
	p.Name, p.Zone = "Ada Lindqvist", zone("Europe/Berlin")
	p.Devices = []string{"Forerunner 965"}
	p.traits = traits{age: 41, height: 1.71, weight: 61.5, rest: 49, peak: 182, hrv: 58,
		breaths: 13.2, vo2: 51, tension: 27, oximeter: true, skin: true, menstrual: true}
	p.habits = habits{bed: -65, wake: 395, bounce: 0.95, nightsOff: 0.01, hoursOff: 0.05,
		scale: true, manualEntry: 0.008}
	p.week = []habit{
		{time.Monday, strength, 1130, 40, 50, 0.55, 0.7},
		{time.Tuesday, run, 1080, 40, 60, 0.70, 0.95},
		{time.Thursday, intervals, 1085, 42, 55, 0.80, 0.9},
		{time.Friday, swim, 1050, 35, 45, 0.62, 0.35},
		{time.Saturday, run, 660, 32, 45, 0.72, 0.7},
		{time.Sunday, run, 645, 75, 90, 0.66, 0.9},
	}
	p.trips = []trip{
		{w.back(60, 50), zone("Asia/Tokyo")},
		{w.back(402, 396), zone("Europe/Lisbon")},
		{w.back(431, 421), zone("Asia/Tokyo")},
	}
	p.ill = []dates{w.back(26, 19), w.back(310, 303)}
}

// ben lives in miles, wears a watch without oximeter, and takes a second
// device on rides. Last week he was out of his phone's reach.
func (w *World) ben(p *Person) {
	p.Name, p.Zone, p.Imperial = "Ben Okafor-Lind", zone("America/Denver"), true
	p.Devices = []string{"Forerunner 55", "Edge 840"}
	p.traits = traits{age: 44, height: 1.84, weight: 86, rest: 58, peak: 178, hrv: 42,
		breaths: 14.1, vo2: 43, tension: 36, pressure: true}
	p.habits = habits{bed: -25, wake: 390, bounce: 0.8, nightsOff: 0.03, splits: 0.04, hoursOff: 0.12,
		scale: true, manualEntry: 0.015}
	p.week = []habit{
		{time.Monday, strength, 1060, 40, 55, 0.55, 0.65},
		{time.Wednesday, trainer, 1100, 40, 60, 0.72, 0.8},
		{time.Thursday, run, 1065, 30, 40, 0.68, 0.55},
		{time.Saturday, ride, 640, 165, 190, 0.62, 0.75},
	}
	p.trips = []trip{{w.back(152, 143), zone("Europe/Berlin")}}
	p.ill = []dates{w.back(95, 88), w.back(520, 513)}
	p.unsynced = []dates{w.back(9, 5), w.back(260, 258)}
}

// mira is fourteen, and her watch is on her wrist when she thinks of it.
func (w *World) mira(p *Person) {
	p.Name, p.Zone = "Mira Lindqvist", zone("Europe/Berlin")
	p.Devices = []string{"Venu Sq 2"}
	p.traits = traits{age: 14, height: 1.62, weight: 50, rest: 63, peak: 204, hrv: 71,
		breaths: 16, vo2: 46, tension: 30, oximeter: true}
	p.habits = habits{bed: -80, wake: 400, bounce: 1.05, nightsOff: 0.35, hoursOff: 0.4}
	p.week = []habit{
		{time.Tuesday, football, 1020, 75, 90, 0.72, 0.8},
		{time.Friday, dance, 1005, 50, 60, 0.6, 0.6},
		{time.Sunday, walk, 840, 35, 55, 0.4, 0.4},
	}
	p.ill = []dates{w.back(130, 124), w.back(480, 474)}
	p.unworn = []dates{w.back(12, 11), w.back(75, 70), w.back(340, 336)}
	p.withdrawn = []dates{w.back(33, 30)}
}
