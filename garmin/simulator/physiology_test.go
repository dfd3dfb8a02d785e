package simulator

import (
	"strconv"
	"testing"
	"time"
)

// mean is the mean of a field over the days of a span, counted back from the
// end, without days that lack it.
func mean(t *testing.T, w *World, person, from, to int, kind, field string) float64 {
	t.Helper()
	var sum, n float64
	for back := from; back >= to; back-- {
		for _, e := range of(t, w.Final(person, daysBefore(back)), kind) {
			if v, ok := e[field].(float64); ok {
				sum, n = sum+v, n+1
			}
		}
	}
	if n == 0 {
		t.Fatalf("no %s.%s from %d to %d days ago", kind, field, from, to)
	}
	return sum / n
}

func TestIllnessShows(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := household(1)
	for _, c := range []struct {
		kind, field string
		least       float64 // how much more when ill
	}{
		{"dailies", "restingHeartRateInBeatsPerMinute", 4},
		{"dailies", "averageStressLevel", 5},
		{"skinTemp", "avgDeviationCelsius", 0.5},
		{"hrv", "lastNightAvg", -1},
		{"dailies", "steps", -1},
	} {
		well := mean(t, w, 0, 42, 29, c.kind, c.field)
		ill := mean(t, w, 0, 26, 21, c.kind, c.field)
		if c.least > 0 && ill < well+c.least {
			t.Errorf("%s: %.1f well, %.1f ill", c.field, well, ill)
		}
		if c.least < 0 && ill > well*0.85 {
			t.Errorf("%s: %.1f well, %.1f ill", c.field, well, ill)
		}
	}
}

func TestTheHeartIsSlowerAsleep(t *testing.T) {
	t.Parallel()
	w := household(1)
	for back := 1; back < 200; back += 7 {
		d := w.day(&w.people[0], w.end-civil(back))
		var sum, n [2]float64
		for i := range d.minutes {
			m, k := &d.minutes[i], 0
			if m.stage.asleep() {
				k = 1
			}
			if m.hr[0] > 0 && !m.sport {
				sum[k], n[k] = sum[k]+float64(m.hr[0]), n[k]+1
			}
		}
		if n[1] > 0 && sum[1]/n[1] > sum[0]/n[0]-8 {
			t.Errorf("%d days ago: %.0f bpm asleep, %.0f awake", back, sum[1]/n[1], sum[0]/n[0])
		}
	}
}

func TestBodyBatteryRisesAtNightAndFallsByDay(t *testing.T) {
	t.Parallel()
	w := household(1)
	for back := 1; back < 300; back += 3 {
		y := w.cycle(&w.people[back%3], w.end-civil(back))
		bed, wake := y.minutes[0].level, y.minutes[y.at(y.wake)-1].level
		evening := y.minutes[len(y.minutes)-1].level
		if wake < bed+10 || evening > wake-10 {
			t.Errorf("%d days ago: %d at bedtime, %d in the morning, %d in the evening", back, bed, wake, evening)
		}
	}
}

func TestBodyBatteryNeverJumps(t *testing.T) {
	t.Parallel()
	w := household(1)
	last := -1
	for back := 60; back > 0; back-- {
		d := w.day(&w.people[0], w.end-civil(back))
		for i := range d.minutes {
			now := int(d.minutes[i].level)
			if last >= 0 && max(now-last, last-now) > 3 {
				t.Fatalf("%d days ago, minute %d: from %d to %d", back, i, last, now)
			}
			last = now
		}
	}
}

func TestWeekendsEndLater(t *testing.T) {
	t.Parallel()
	w := household(1)
	var sum, n [2]float64
	p := &w.people[0]
	for c := w.end - 300; c < w.end; c++ {
		k := 0
		if c.weekend() {
			k = 1
		}
		sum[k] += float64(w.night(p, c).wake - p.start(c))
		n[k]++
	}
	if later := sum[1]/n[1] - sum[0]/n[0]; later < 45*60 || later > 150*60 {
		t.Errorf("weekends end %.0f s later", later)
	}
}

func TestNightsHaveDeepSleepFirstAndREMLast(t *testing.T) {
	t.Parallel()
	w := household(1)
	var first, second [nap + 1]int
	for back := 1; back < 60; back++ {
		y := w.cycle(&w.people[0], w.end-civil(back))
		half := int(y.wake-y.bed) / 120
		for _, l := range y.laps {
			if l.from < half {
				first[l.stage] += l.to - l.from
			} else {
				second[l.stage] += l.to - l.from
			}
		}
	}
	if first[deep] < 2*second[deep] || second[rem] < first[rem] {
		t.Errorf("first half %v, second half %v", first, second)
	}
}

func TestAWatchOffTheWristMeasuresNothing(t *testing.T) {
	t.Parallel()
	w := household(1)
	hours := 0
	for back := 1; back < 40; back++ {
		final := w.Final(2, daysBefore(back))
		for _, e := range of(t, final, "dailies") {
			if len(e["timeOffsetHeartRateSamples"].(map[string]any)) < 5000 {
				hours++
			}
		}
		for _, e := range of(t, final, "stressDetails") {
			stress := e["timeOffsetStressLevelValues"].(map[string]any)
			battery := e["timeOffsetBodyBatteryValues"].(map[string]any)
			for k, v := range stress {
				if _, measured := battery[k]; (v.(float64) == offWrist) == measured {
					t.Fatalf("%d days ago at %s: stress %v, battery %v", back, k, v, battery[k])
				}
			}
		}
	}
	if hours < 5 {
		t.Errorf("the watch was off for long on %d days only", hours)
	}
	if all := w.Final(2, daysBefore(11)); len(of(t, all, "dailies")) > 0 {
		t.Error("a watch at home sent a day")
	}
}

func TestBenHasNoOximeter(t *testing.T) {
	t.Parallel()
	w := household(1)
	for back := range 30 {
		final := w.Final(1, daysBefore(back+1))
		if len(of(t, final, "pulseox")) > 0 {
			t.Fatal("saturation from a watch without sensor")
		}
		for _, e := range of(t, final, "sleeps") {
			if len(e["sleepLevelsMap"].(map[string]any)) > 0 && e["timeOffsetSleepSpo2"] != nil {
				t.Fatal("saturation in sleep")
			}
		}
	}
}

func TestRespirationComesInQuartersOfAnHour(t *testing.T) {
	t.Parallel()
	for _, e := range of(t, household(1).Final(0, daysBefore(5)), "allDayRespiration") {
		for k, v := range e["timeOffsetEpochToBreaths"].(map[string]any) {
			offset, err := strconv.Atoi(k)
			if breaths := v.(float64); err != nil || offset >= 900 || breaths < 8 || breaths > 30 {
				t.Fatalf("%s: %v", k, v)
			}
		}
	}
}

func TestEpochsOfASliceShareItsTime(t *testing.T) {
	t.Parallel()
	type slice struct{ spent, kinds float64 }
	slices := map[float64]slice{}
	for _, e := range of(t, household(1).Final(0, daysBefore(5)), "epochs") {
		s := slices[num(e, "startTimeInSeconds")]
		slices[num(e, "startTimeInSeconds")] = slice{s.spent + num(e, "activeTimeInSeconds"), s.kinds + 1}
	}
	several := 0
	for start, s := range slices {
		if s.spent > 900 {
			t.Errorf("slice at %v holds %v s", time.Unix(int64(start), 0), s.spent)
		}
		if s.kinds > 1 {
			several++
		}
	}
	if several < 5 {
		t.Errorf("%d slices hold several ways of moving", several)
	}
}
