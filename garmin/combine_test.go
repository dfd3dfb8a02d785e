package garmin_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// dayOf is a version of one day from a source. Members are JSON without braces.
func dayOf(t *testing.T, source health.Source, arrival int64, members string) *health.Version {
	t.Helper()
	return versionOf(t, garmin.Dailies, source, arrival,
		`"calendarDate":"2026-11-20","startTimeInSeconds":1763596800,"startTimeOffsetInSeconds":3600,`+members)
}

func versionOf(t *testing.T, typ *garmin.Type, source health.Source, arrival int64, members string) *health.Version {
	t.Helper()
	_, v := one(t, typ.Key, "{"+members+"}")
	d := typ.Decode(v)
	if d.Fault != "" {
		t.Fatal(d.Fault)
	}
	out := &health.Version{Type: typ.Key, Key: d.Key, Day: d.Day, Start: d.Start, End: d.End, Body: v.AppendPacked(nil),
		Sum: v.Sum(), Order: health.Order{Class: d.Class, Source: source, Reach: d.Reach,
			Arrival: health.Arrival{Delivery: arrival}}}
	if source >= health.FirstPersonal {
		out.Origin = health.Personal
	}
	return out
}

func TestARecordShowsOfEachFieldTheFirstSourceThatHasIt(t *testing.T) {
	t.Parallel()
	push := dayOf(t, health.Pushed, 9, `"steps":100,"floorsClimbed":null,"timeOffsetHeartRateSamples":{}`)
	summary := dayOf(t, 32, 1, `"steps":90,"floorsClimbed":3,"bodyBatteryHighestValue":80`)
	pulse := dayOf(t, 36, 2, `"restingHeartRateInBeatsPerMinute":50,"floorsClimbed":4,"timeOffsetHeartRateSamples":{"0":60,"120":61}`)
	top, needed := garmin.Dailies.Kind().Blend([]*health.Version{push, summary, pulse})
	if slices.Contains(needed, false) {
		t.Errorf("each source must be kept: %v", needed)
	}
	got, err := element.Unpack(top.Body)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"steps": "100", "floorsClimbed": "3", "bodyBatteryHighestValue": "80",
		"restingHeartRateInBeatsPerMinute": "50", "timeOffsetHeartRateSamples.120": "61"} {
		if text := got.Path(path).Text(); text != want {
			t.Errorf("%s is %q, want %q", path, text, want)
		}
	}
	if top.AllOrigins().String() != "push+personal" || top.Sum != push.Sum || top.Blended {
		t.Errorf("origins %v, blended %v", top.AllOrigins(), top.Blended)
	}
	value := -1.0
	for _, r := range top.Readings {
		if r.Metric == "floors_climbed" {
			value = r.Value
		}
	}
	if value != 3 {
		t.Errorf("the metric is %v", value)
	}
}

func TestSamplesOfAnotherSourceKeepTheirTime(t *testing.T) {
	t.Parallel()
	push := versionOf(t, garmin.Sleeps, health.Pushed, 1, `"startTimeInSeconds":1763596800,"durationInSeconds":25200`)
	pull := versionOf(t, garmin.Sleeps, 40, 2, `"startTimeInSeconds":1763596860,"durationInSeconds":25100,"timeOffsetSleepSpo2":{"0":95,"60":96}`)
	top, _ := garmin.Sleeps.Kind().Blend([]*health.Version{push, pull})
	got, err := element.Unpack(top.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got.Path("timeOffsetSleepSpo2.60").Text(), got.Path("timeOffsetSleepSpo2.120").Text(); a != "95" || b != "96" {
		t.Errorf("samples at 60 and 120 seconds are %q and %q", a, b)
	}
}

func TestAFieldByAnotherOfItsNamesIsNotFilled(t *testing.T) {
	t.Parallel()
	push := versionOf(t, garmin.Sleeps, health.Pushed, 1, `"startTimeInSeconds":1763596800,"durationInSeconds":25200,"remSleepInSeconds":null,`+
		`"remSleepDurationInSeconds":600`)
	pull := versionOf(t, garmin.Sleeps, 40, 2, `"startTimeInSeconds":1763596800,"durationInSeconds":25200,"remSleepInSeconds":900,`+
		`"overallSleepScore":{"value":80},"sleepScores":{"stress":{"value":7}}`)
	top, _ := garmin.Sleeps.Kind().Blend([]*health.Version{push, pull})
	got, err := element.Unpack(top.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got.Get("remSleepInSeconds").Kind() != element.Null || got.Path("sleepScores.stress.value").Text() != "7" {
		t.Errorf("shown: %s", got.AppendJSON(nil))
	}
}

func TestAWatchThatWasNotWornLosesToASourceWithData(t *testing.T) {
	t.Parallel()
	worn := health.Order{Class: health.Tentative, Source: 40}
	if off := (health.Order{Class: health.OffWrist, Source: health.Pushed}); off.Compare(worn) >= 0 {
		t.Error("off wrist won")
	}
	if pushed := (health.Order{Class: health.Tentative}); pushed.Compare(health.Order{Class: health.Edited, Source: 40}) <= 0 {
		t.Error("the source must come before the class")
	}
}

// What is kept after each arrival must be enough for what is shown at the end.
func TestWhatSourcesShowDoesNotDependOnTheOrderOfProcessing(t *testing.T) {
	t.Parallel()
	sources := []health.Source{health.Pushed, health.Pushed, 32, 33, 36, 36, health.Imported}
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var all []*health.Version
		for i := range 2 + rng.IntN(7) {
			members := []string{fmt.Sprintf(`"durationInSeconds":%d`, 3600*(1+rng.IntN(24)))}
			for _, name := range []string{"steps", "floorsClimbed", "restingHeartRateInBeatsPerMinute", "bodyBatteryHighestValue"} {
				if rng.IntN(2) == 0 {
					members = append(members, fmt.Sprintf(`%q:%d`, name, rng.IntN(90)))
				}
			}
			if rng.IntN(2) == 0 {
				members = append(members, `"timeOffsetHeartRateSamples":`+someSamples(rng))
			}
			all = append(all, dayOf(t, sources[rng.IntN(len(sources))], int64(i), strings.Join(members, ",")))
		}
		want := shownAfter(all, slices.Collect(upTo(len(all))))
		for range 4 {
			if got := shownAfter(all, rng.Perm(len(all))); got != want {
				t.Fatalf("seed %d: another order shows\n%s\ninstead of\n%s", seed, got, want)
			}
		}
	}
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func someSamples(rng *rand.Rand) string {
	var out []string
	for at := 0; at < 7200; at += []int{600, 900, 1800}[rng.IntN(3)] {
		out = append(out, fmt.Sprintf(`"%d":%d`, at, 50+rng.IntN(50)))
	}
	return "{" + strings.Join(out, ",") + "}"
}

// shownAfter is what is shown after versions were processed in an order, with only those
// kept each time that were needed.
func shownAfter(all []*health.Version, order []int) string {
	var have []*health.Version
	var top *health.Version
	for _, i := range order {
		have = append(have, all[i])
		slices.SortFunc(have, func(a, b *health.Version) int { return b.Order.Compare(a.Order) })
		var needed []bool
		top, needed = garmin.Dailies.Kind().Blend(have)
		var kept []*health.Version
		for k, v := range have {
			if needed[k] {
				kept = append(kept, v)
			}
		}
		have = kept
	}
	v, err := element.Unpack(top.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(top.AllOrigins(), " ", string(v.AppendJSON(nil)))
}
