package ui

import (
	"strings"
	"testing"
	"time"

	"garner/health"
)

func TestEveryUnitReadsWellInBothSystems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit             health.Unit
		value            float64
		decimals         int
		metric, imperial string
	}{
		{health.None, 11204, 0, "11 204", "11 204"},
		{health.BPM, 49, 0, "49 bpm", "49 bpm"},
		{health.Millisecond, 52, 0, "52 ms", "52 ms"},
		{health.Second, 27660, 0, "7 h 41", "7 h 41"},
		{health.Meter, 842, 0, "842 m", "2 762 ft"},
		{health.Meter, 8420, 0, "8.42 km", "5.23 mi"},
		{health.Meter, 80_574.4, 1, "80.6 km", "50.1 mi"},
		{health.MeterPerSecond, 2.5, 0, "9.0 km/h", "5.6 mph"},
		{health.MinutePerKM, 5.5, 0, "5:30/km", "8:51/mi"},
		{health.MinutePer100M, 2, 0, "2:00/100 m", "1:50/100 yd"},
		{health.Gram, 72_400, 0, "72.4 kg", "159.6 lb"},
		{health.Gram, 118.6, 0, "119 g", "119 g"},
		{health.Gram, 999, 0, "999 g", "999 g"},
		{health.Gram, 1000, 0, "1.0 kg", "2.2 lb"},
		{health.Milliliter, 2_250, 0, "2 250 ml", "76 fl oz"},
		{health.Minute, 96, 0, "96 min", "96 min"},
		{health.Kilocalorie, 540, 0, "540 kcal", "540 kcal"},
		{health.Percent, 96, 0, "96 %", "96 %"},
		{health.Celsius, 36.6, 1, "36.6 °C", "97.9 °F"},
		{health.BreathsPerMin, 13.4, 1, "13.4 brpm", "13.4 brpm"},
		{health.MMHG, 121, 0, "121 mmHg", "121 mmHg"},
		{health.VO2Max, 51, 0, "51 ml/kg/min", "51 ml/kg/min"},
		{health.Degree, 59.913, 3, "59.913°", "59.913°"},
		{health.StepsPerMin, 172, 0, "172 spm", "172 spm"},
		{health.RoundsPerMin, 88, 0, "88 rpm", "88 rpm"},
		{health.StrokesPerMin, 26, 0, "26 strokes/min", "26 strokes/min"},
		{health.PushesPerMin, 40, 0, "40 pushes/min", "40 pushes/min"},
		{health.Watt, 212, 0, "212 W", "212 W"},
		{health.Year, 34, 0, "34 years", "34 years"},
		{health.Year, 1, 0, "1 year", "1 year"},
		{health.Days, -1, 0, "−1 day", "−1 day"},
		{health.Days, 28, 0, "28 days", "28 days"},
		{health.MET, 1.2, 1, "1.2 MET", "1.2 MET"},
		{health.MilligramPerDL, 92, 0, "92 mg/dl", "92 mg/dl"},
		{health.Centimeter, 180, 0, "180 cm", "71 in"},
	} {
		for units, want := range map[Units]string{Metric: c.metric, {}: c.metric, Imperial: c.imperial} {
			v := Val(c.value, c.unit, c.decimals)
			if got := strings.ReplaceAll(units.Format(v), thin, " "); got != want {
				t.Errorf("%v %v %q: %q, want %q", units, c.value, c.unit, got, want)
			}
			if strings.Contains(units.Format(v), " ") {
				t.Errorf("%v %q may break across lines", units, units.Format(v))
			}
		}
	}
}

func TestMissingIsNeverZero(t *testing.T) {
	t.Parallel()
	for _, u := range []Units{Metric, Imperial} {
		if got := u.Format(Value{Unit: health.BPM}); got != "–" {
			t.Errorf("missing: %q", got)
		}
		if got := u.Number(Val(0, health.None, 0)); got != "0" {
			t.Errorf("a measured zero: %q", got)
		}
	}
}

// TestLengthsReadTheSameEverywhere: a column of lengths has short and long
// ones, so each names its unit, and none is a quarter of a million feet.
func TestLengthsReadTheSameEverywhere(t *testing.T) {
	t.Parallel()
	for _, u := range []Units{Metric, Imperial} {
		for _, x := range []float64{0, 1.5, 25, 842, 999.96, 8420, 9_999, 80_574.4, 1_234_567} {
			v := Val(x, health.Meter, 1)
			if number, text := u.Number(v), u.Format(v); number != text {
				t.Errorf("%v: %v m is %q in a column and %q elsewhere", u, x, number, text)
			}
		}
		if got := u.Header(health.Meter); got != "" {
			t.Errorf("%v: a column of lengths is headed %q", u, got)
		}
	}
	if got := Imperial.Number(Val(80_574.4, health.Meter, 1)); got != "50.1"+thin+"mi" {
		t.Errorf("80 km are %q", got)
	}
}

func TestHeightsStayInMetresAndFeet(t *testing.T) {
	t.Parallel()
	v := Val(1841.2, health.Meter, 1)
	v.Height = true
	for u, want := range map[Units]string{Metric: "1 841 m", Imperial: "6 041 ft"} {
		for _, got := range []string{u.Format(v), u.Number(v)} {
			if got = strings.ReplaceAll(got, thin, " "); got != want {
				t.Errorf("%v: %q, want %q", u, got, want)
			}
		}
	}
}

func TestTemperatureDifferencesHaveNoOffset(t *testing.T) {
	t.Parallel()
	v := Val(-0.5, health.Celsius, 1)
	v.Delta = true
	if got := Imperial.Number(v); got != "−0.9" {
		t.Errorf("%q", got)
	}
	if got := Metric.Number(Val(-0.04, health.Celsius, 1)); got != "0.0" {
		t.Errorf("a rounded zero: %q", got)
	}
}

func TestTimesInWords(t *testing.T) {
	t.Parallel()
	plain := func(s string) string { return strings.ReplaceAll(s, thin, " ") }
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 40 * time.Second: "40 s", 25 * time.Minute: "25 min", time.Hour - time.Second: "1 h 00",
		7*time.Hour + 41*time.Minute: "7 h 41", 25*time.Hour + 5*time.Minute: "25 h 05",
	} {
		if got := plain(Duration(d)); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
	now := sampleNow
	for d, want := range map[time.Duration]string{
		-time.Hour: "just now", 5 * time.Second: "just now", 4 * time.Minute: "4 min ago", 23 * time.Hour: "23 h ago",
		25 * time.Hour: "1 day ago", 72 * time.Hour: "3 days ago", 100 * 24 * time.Hour: "15 Aug 2026",
	} {
		if got := plain(Ago(now.Add(-d), now)); got != want {
			t.Errorf("Ago(%v) = %q, want %q", d, got, want)
		}
	}
	if got := Date(sampleDay); got != "Mon 23 Nov 2026" {
		t.Errorf("Date = %q", got)
	}
	for offset, want := range map[int]string{0: "UTC", 3600: "UTC+1", 19800: "UTC+5:30", -12600: "UTC−3:30"} {
		if got := Zone(now.In(time.FixedZone("", offset))); got != want {
			t.Errorf("Zone(%d) = %q, want %q", offset, got, want)
		}
	}
}

func TestWhenLeavesOutWhatIsPlain(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]string{
		sampleClock(23, 7, 2): "07:02", sampleClock(21, 21, 10): "Sat 21 Nov 21:10",
		sampleNow.AddDate(-1, 0, 0): "Sun 23 Nov 2025 07:56",
		sampleNow.UTC():             "06:56 UTC", sampleNow.In(time.FixedZone("", 9*3600)): "15:56 UTC+9",
		sampleNow.In(time.FixedZone("", 3600)): "07:56", sampleNow.In(time.Local): "07:56",
	} {
		if got := (Preferences{}).When(at, sampleNow); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestUTCIsNeverTakenForTheReadersClock: a box without a zone of its own runs
// on UTC, and says so.
func TestUTCIsNeverTakenForTheReadersClock(t *testing.T) {
	t.Parallel()
	now := sampleNow.UTC()
	for at, want := range map[time.Time]string{now: "06:56 UTC", sampleNow: "07:56 UTC+1",
		now.AddDate(0, 0, -2): "Sat 21 Nov 06:56 UTC"} {
		if got := (Preferences{}).When(at, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (Preferences{}).TimeOfDay(now, now); got != "06:56 UTC" {
		t.Errorf("%q", got)
	}
}

func TestARangeNamesBothYearsWhereTheyDiffer(t *testing.T) {
	t.Parallel()
	day := health.DayOf(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC).Unix(), 0)
	for from, want := range map[health.Day]string{day - 27: "Fri 30 Oct to Thu 26 Nov 2026",
		day - 364: "Thu 27 Nov 2025 to Thu 26 Nov 2026"} {
		if got := Dates(from, day); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := nightTitle(day); got != "Night to Thu 26 Nov 2026" {
		t.Errorf("a night is %q", got)
	}
}
