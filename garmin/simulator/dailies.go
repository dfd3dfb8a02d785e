package simulator

import (
	"slices"
	"time"
)

// total adds up what the minutes of a day say.
type total struct {
	steps, floors, active    int
	metres, kcal             float64
	moderate, vigorous       int
	lowest, highest          uint8
	stress                   [4]int // minutes resting, low, medium, high
	moving, known, sum, most int
	charged, drained         int
}

// tally adds up minutes of someone of a weight, which decides what is effort.
func tally(minutes []minute, weight float64) total {
	t := total{lowest: 255}
	level := -1
	for i := range minutes {
		m := &minutes[i]
		if !m.worn {
			continue
		}
		t.move(m, weight)
		for _, h := range m.hr {
			if h > 0 {
				t.lowest, t.highest = min(t.lowest, h), max(t.highest, h)
			}
		}
		t.strain(int(m.stress))
		if now := int(m.level); level >= 0 {
			t.charged += max(0, now-level)
			t.drained += max(0, level-now)
			level = now
		} else {
			level = now
		}
	}
	return t
}

func (t *total) move(m *minute, weight float64) {
	t.steps += int(m.steps)
	t.floors += int(m.floors)
	t.metres += float64(m.metres)
	t.kcal += float64(m.kcal)
	if m.kind != sedentary {
		t.active++
	}
	switch met := 1 + float64(m.kcal)*60/weight; {
	case met > 6:
		t.vigorous++
	case met > 3.6:
		t.moderate++
	}
}

func (t *total) strain(s int) {
	switch {
	case s > 0:
		t.stress[min(3, (s-1)/25)]++
		t.known++
		t.sum += s
		t.most = max(t.most, s)
	case s == largeMotion:
		t.moving++
	}
}

// mood is Garmin's word for a day of such stress.
func (t *total) mood() string {
	switch mean := t.sum / max(1, t.known); {
	case t.known < 60:
		return "unknown"
	case mean <= 25:
		return "calm"
	case mean <= 36:
		return "balanced"
	case mean <= 52:
		return "stressful_awake"
	}
	return "very_stressful"
}

// dailies writes the day's summary as it is known at to.
func (d *day) dailies(b *body, from, to int64) {
	n := d.known(to)
	if n == 0 || from >= d.end || d.worn(n) == 0 {
		return
	}
	t := tally(d.minutes[:n], d.p.weight)
	b.open(d.p, d.start)
	b.date("calendarDate", d.date)
	b.str("activityType", "GENERIC")
	b.int("startTimeInSeconds", d.start)
	b.int("startTimeOffsetInSeconds", int64(d.offset))
	b.int("durationInSeconds", int64(n)*60)
	b.int("steps", int64(t.steps))
	b.dec("distanceInMeters", t.metres, 1)
	b.int("activeTimeInSeconds", int64(t.active)*60)
	b.int("activeKilocalories", int64(t.kcal))
	b.int("bmrKilocalories", int64(d.p.weight*24*float64(n)/1440))
	b.int("moderateIntensityDurationInSeconds", int64(t.moderate)*60)
	b.int("vigorousIntensityDurationInSeconds", int64(t.vigorous)*60)
	b.int("floorsClimbed", int64(t.floors))
	d.dailyHeart(b, t, n)
	d.dailyStress(b, t)
	b.int("stepsGoal", d.p.stepsGoal())
	b.int("intensityDurationGoalInSeconds", 9000)
	b.int("floorsClimbedGoal", 10)
	b.close()
}

// stepsGoal is how many steps a day the person wants to walk.
func (p *Person) stepsGoal() int64 { return 6500 + int64(p.bounce*2000)/10*10 }

// rested reports whether the resting heart rate is known after n minutes: it is
// once the night is over.
func (d *day) rested(t total, n int) bool {
	return d.own.worn && n > d.index(d.own.wake) || t.known > 300
}

func (d *day) dailyHeart(b *body, t total, n int) {
	if t.highest > 0 {
		b.int("minHeartRateInBeatsPerMinute", int64(t.lowest))
		b.int("maxHeartRateInBeatsPerMinute", int64(t.highest))
		b.int("averageHeartRateInBeatsPerMinute", int64(d.own.rest+17))
	}
	if d.rested(t, n) {
		b.int("restingHeartRateInBeatsPerMinute", int64(d.own.rest+0.5))
	}
	b.begin("timeOffsetHeartRateSamples", '{')
	b.b = slices.Grow(b.b, n*4*len(`"86385":123,`))
	for i := range d.minutes[:n] {
		for q, h := range d.minutes[i].hr {
			if h > 0 {
				b.sample(int64(i*60+q*15), int64(h))
			}
		}
	}
	b.end('}')
}

func (d *day) dailyStress(b *body, t total) {
	if t.known < 60 {
		b.int("averageStressLevel", -1)
	} else {
		b.int("averageStressLevel", int64(t.sum/t.known))
		b.int("maxStressLevel", int64(t.most))
	}
	b.int("stressDurationInSeconds", int64(t.stress[1]+t.stress[2]+t.stress[3])*60)
	b.int("restStressDurationInSeconds", int64(t.stress[0])*60)
	b.int("activityStressDurationInSeconds", int64(t.moving)*60)
	b.int("lowStressDurationInSeconds", int64(t.stress[1])*60)
	b.int("mediumStressDurationInSeconds", int64(t.stress[2])*60)
	b.int("highStressDurationInSeconds", int64(t.stress[3])*60)
	b.str("stressQualifier", t.mood())
	// Garmin moved these two here in August 2025.
	if !d.date.utc().Before(time.Date(2025, time.August, 1, 0, 0, 0, 0, time.UTC)) {
		b.int("bodyBatteryChargedValue", int64(t.charged))
		b.int("bodyBatteryDrainedValue", int64(t.drained))
	}
}
