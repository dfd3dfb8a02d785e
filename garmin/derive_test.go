package garmin_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

const today = health.Day(20_000)

func nights(values ...float64) (out []health.Reading) {
	for i, v := range values {
		out = append(out, health.Reading{Metric: "hrv", Day: today - health.Day(i), Value: v})
	}
	return out
}

func derived(list []health.Reading) map[string]string {
	out := map[string]string{}
	for _, r := range list {
		out[r.Metric] = fmt.Sprintf("%.1f", r.Value)
	}
	return out
}

func repeat(v float64, n int) (out []float64) {
	for range n {
		out = append(out, v)
	}
	return out
}

func TestHRVNeedsEnoughNights(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		nights []float64
		want   map[string]string
	}{
		"three nights":    {repeat(50, 3), map[string]string{}},
		"four nights":     {[]float64{40, 50, 60, 70}, map[string]string{"hrv_7_days": "55.0"}},
		"thirteen nights": {repeat(50, 13), map[string]string{"hrv_7_days": "50.0"}},
		"fourteen, balanced": {repeat(50, 14), map[string]string{"hrv_7_days": "50.0", "hrv_band_low": "50.0",
			"hrv_band_high": "50.0", "hrv_status": "2.0"}},
		"a low week": {append(repeat(30, 7), repeat(50, 90)...),
			map[string]string{"hrv_7_days": "30.0", "hrv_band_low": "30.0", "hrv_band_high": "50.0", "hrv_status": "2.0"}},
		"a little low": {append(append([]float64{49, 48, 49, 48}, repeat(0, 3)...), repeat(50, 21)...),
			map[string]string{"hrv_7_days": "48.5", "hrv_band_low": "49.0", "hrv_band_high": "50.0", "hrv_status": "0.0"}},
		"low": {append([]float64{40, 41, 42, 0, 0, 0, 43}, repeat(50, 60)...),
			map[string]string{"hrv_7_days": "41.5", "hrv_band_low": "42.4", "hrv_band_high": "50.0", "hrv_status": "0.0"}},
		"unbalanced": {append([]float64{60, 61, 62, 0, 0, 0, 63}, repeat(50, 60)...),
			map[string]string{"hrv_7_days": "61.5", "hrv_band_low": "50.0", "hrv_band_high": "60.6", "hrv_status": "1.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in []health.Reading
			for _, r := range nights(tt.nights...) {
				if r.Value > 0 { // 0 stands for a night without a reading
					in = append(in, r)
				}
			}
			in = append(in, health.Reading{Metric: "hrv_5_minute_high", Day: today, Value: 900},
				health.Reading{Metric: "hrv", Day: today + 1, Value: 900})
			if diff := cmp.Diff(tt.want, derived(garmin.DeriveNights(today, in))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestNightsCountByTheirDay adds one night to three of this week and ten
// before: only with it there are four of the week and fourteen of four weeks.
func TestNightsCountByTheirDay(t *testing.T) {
	t.Parallel()
	band := map[string]string{"hrv_band_low": "50.0", "hrv_band_high": "50.0"}
	both := map[string]string{"hrv_7_days": "60.0", "hrv_band_low": "50.0", "hrv_band_high": "50.0", "hrv_status": "1.0"}
	for back, want := range map[health.Day]map[string]string{-1: {}, 3: both, 6: both, 7: band, 27: band, 28: {}} {
		in := []health.Reading{{Metric: "hrv", Day: today - back, Value: 90}}
		for _, other := range []health.Day{0, 1, 2, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19} {
			in = append(in, health.Reading{Metric: "hrv", Day: today - other, Value: 50})
		}
		if diff := cmp.Diff(want, derived(garmin.DeriveNights(today, in))); diff != "" {
			t.Errorf("a night %d days back: -want +got:\n%s", back, diff)
		}
	}
}

func part(t *testing.T, key, text string, start, end int64, day health.Day) garmin.Part {
	t.Helper()
	_, v := one(t, key, text)
	return garmin.Part{Start: start, End: end, Day: day, Value: v}
}

func TestDayAndNightAreKeptApart(t *testing.T) {
	t.Parallel()
	night := part(t, "sleeps", `{"userId":"a"}`, 1000, 2000, 0)
	own := part(t, "sleeps", `{"timeOffsetSleepSpo2":{"0":91,"60":93,"120":0},"timeOffsetSleepRespiration":{"0":12.5}}`,
		1000, 2000, 0)
	nap := part(t, "sleeps", `{"timeOffsetSleepSpo2":{"0":70}}`, 3000, 3100, 0)
	next := part(t, "sleeps", `{"userId":"a"}`, 5000, 9000, today+1)
	oxygen := part(t, "pulseox", `{"timeOffsetSpo2Values":{"0":98,"500":99,"1000":95,"1500":97,"3050":90,"6000":80}}`, 0,
		0, 0)
	before := part(t, "pulseox", `{"timeOffsetSpo2Values":{"900":50,"1100":85}}`, 0, 0, today-1)
	breaths := part(t, "allDayRespiration", `{"timeOffsetEpochToBreaths":{"0":16.0,"300":-1,"1200":12.0}}`, 0, 0, 0)
	for name, tt := range map[string]struct {
		in   garmin.Samples
		want map[string]string
	}{
		"nothing": {garmin.Samples{}, map[string]string{}},
		"no night": {garmin.Samples{PulseOx: []garmin.Part{before, oxygen}},
			map[string]string{"spo2_day": "93.2", "spo2_lowest_day": "80.0", "spo2_highest_day": "99.0", "spo2_lowest": "80.0"}},
		"the day's own": {garmin.Samples{Sleeps: []garmin.Part{night}, PulseOx: []garmin.Part{oxygen}},
			map[string]string{"spo2_day": "91.8", "spo2_lowest_day": "80.0", "spo2_highest_day": "99.0", "spo2_night": "96.0",
				"spo2_lowest_night": "95.0", "spo2_highest_night": "97.0", "spo2_lowest": "80.0"}},
		"with neighbours": {garmin.Samples{Sleeps: []garmin.Part{nap, night, next}, PulseOx: []garmin.Part{oxygen, before}},
			map[string]string{"spo2_day": "98.5", "spo2_lowest_day": "98.0", "spo2_highest_day": "99.0", "spo2_night": "92.3",
				"spo2_lowest_night": "85.0", "spo2_highest_night": "97.0", "spo2_lowest": "85.0"}},
		"the sleep's own": {garmin.Samples{Sleeps: []garmin.Part{nap, own}, PulseOx: []garmin.Part{oxygen}},
			map[string]string{"spo2_day": "92.3", "spo2_lowest_day": "80.0", "spo2_highest_day": "99.0", "spo2_night": "92.0",
				"spo2_lowest_night": "91.0", "spo2_highest_night": "93.0", "spo2_lowest": "80.0", "respiration_night": "12.5"}},
		"breaths": {garmin.Samples{Sleeps: []garmin.Part{night}, Respiration: []garmin.Part{breaths}},
			map[string]string{"respiration_day": "16.0", "respiration_night": "12.0"}},
		"breaths of sleep": {garmin.Samples{Sleeps: []garmin.Part{own}, Respiration: []garmin.Part{breaths}},
			map[string]string{"respiration_day": "16.0", "respiration_night": "12.5", "spo2_night": "92.0",
				"spo2_lowest_night": "91.0", "spo2_highest_night": "93.0", "spo2_lowest": "91.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, derived(garmin.DeriveSamples(today, tt.in))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSeriesStopWhenAsked(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		for _, it := range split(t, sample(t, typ.Key), "") {
			for i := range typ.Series {
				n := 0
				typ.Series[i].Each(it.Value, 0, func(int64, element.Num) bool { n++; return false })
				if n > 1 {
					t.Errorf("%s: %s goes on", typ.Key, typ.Series[i].Name)
				}
			}
		}
	}
}
