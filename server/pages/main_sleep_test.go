package pages_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/server/servertest"
)

// sleepOf is a sleep of the newest day: so long, so many hours after its
// midnight (UTC).
func sleepOf(day time.Time, hours int, seconds string, rest string) string {
	start := day.Add(time.Duration(hours) * time.Hour)
	return `"summaryId":"x` + seconds + `","calendarDate":"` + day.Format(time.DateOnly) + `","startTimeInSeconds":` +
		unix(start) +
		`,"startTimeOffsetInSeconds":0,"durationInSeconds":` + seconds + rest + `,"validation":"AUTO_FINAL"`
}

func TestTheMainSleepOfADateIsTheLongestInEveryOrderOfArrival(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC().Truncate(24 * time.Hour)
	night := sleepOf(day, -1, "27000", `,"overallSleepScore":{"value":81,"qualifierKey":"GOOD"}`)
	siesta := sleepOf(day, 12, "4800", `,"overallSleepScore":{"value":40,"qualifierKey":"POOR"}`)
	for name, order := range map[string][]string{"night first": {night, siesta}, "night last": {siesta, night}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := servertest.Ada(t)
			s.Push("sleeps", order...)
			home, page := s.Page("/"), s.Page("/p/ada/day/"+day.Format(time.DateOnly))
			lane := servertest.LaneOf(t, page, "sleep")
			if !strings.Contains(home, "7 h 30") || strings.Contains(home, "1 h 20") {
				t.Error("Home does not show the night of 7 h 30")
			}
			if !strings.Contains(lane, "Asleep 7 h 30") || !strings.Contains(lane, "Also slept 1 h 20") {
				t.Errorf("the lane tells the two sleeps otherwise: %s", servertest.Tags.ReplaceAllString(lane, ""))
			}
			if got := servertest.MetricOf(t, page,
				"sleep") + ", " + servertest.MetricOf(t, page, "sleep_score"); got != "7 h 30, 81" {
				t.Errorf("the metrics are those of %s", got)
			}
			if !strings.Contains(page, "also slept") {
				t.Error("the other sleep is not among the naps")
			}
		})
	}
}

func TestALongNightWithoutTheWatchIsNotTheMainSleep(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC().Truncate(24 * time.Hour)
	unworn := strings.Replace(sleepOf(day, -2, "14400", `,"sleepLevelsMap":{"light":[{"startTimeInSeconds":`+
		unix(day.Add(-2*time.Hour))+`,"endTimeInSeconds":`+unix(day.Add(2*time.Hour))+`}]}`), "AUTO_FINAL", "OFF_WRIST", 1)
	morning := sleepOf(day, 3, "10800", `,"overallSleepScore":{"value":55,"qualifierKey":"POOR"}`)
	s := servertest.Ada(t)
	s.Push("sleeps", unworn, morning)
	home, page := s.Page("/"), s.Page("/p/ada/day/"+day.Format(time.DateOnly))
	if lane := servertest.LaneOf(t, page, "sleep"); !strings.Contains(lane, "Asleep 3 h") ||
		strings.Contains(lane, "lso slept") {
		t.Errorf("the lane tells the night otherwise: %s", servertest.Tags.ReplaceAllString(lane, ""))
	}
	if text := servertest.Tags.ReplaceAllString(home, ""); !strings.Contains(text, "3 h 00") ||
		strings.Contains(text, "4 h 00") {
		t.Error("Home does not show the sleep of 3 h")
	}
	if got := servertest.MetricOf(t, page, "sleep"); !strings.HasPrefix(got, "3 h") {
		t.Errorf("the metric is %s", got)
	}
}

func TestFurtherSleepsThatAreNotListedAreCounted(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC().Truncate(24 * time.Hour).Add(-24 * time.Hour)
	var all []string
	for i := range 30 { // one of them is the night
		start := day.Add(time.Duration(i) * 30 * time.Minute)
		all = append(all,
			fmt.Sprintf(`"summaryId":"x%d","calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,`+
				`"durationInSeconds":%d,"validation":"AUTO_FINAL"`, i, day.Format(time.DateOnly), start.Unix(), 600+i))
	}
	s := servertest.Ada(t)
	s.Push("sleeps", all...)
	if page := s.Page("/p/ada/day/" + day.Format(time.DateOnly)); !strings.Contains(page, "5 more are not shown") {
		t.Error("of 29 further sleeps 24 are listed, and nothing is said of the others")
	}
}

func TestSimulatedDataAreMarkedWhereTheyShowAndHiddenByRealOnes(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC().Truncate(24 * time.Hour)
	daily := func(mark, steps string) string {
		return `"summaryId":"` + mark + `-1","calendarDate":"` + day.Format(time.DateOnly) + `","startTimeInSeconds":` +
			unix(day) +
			`,"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"steps":` + steps
	}
	heart := func(mark string, ms int) string {
		start := day.Add(time.Duration(ms) * time.Minute) // those of the greater numbers are later
		return fmt.Sprintf(
			`"summaryId":"%s-2","calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,`+
				`"durationInSeconds":3600,"lastNightAvg":%d`,
			mark,
			day.Format(time.DateOnly),
			start.Unix(),
			ms,
		)
	}
	s := servertest.Ada(t)
	s.Push("dailies", daily("sd", "19999"))
	path := "/p/ada/day/" + day.Format(time.DateOnly)
	for _, page := range []string{"/", path, "/p/ada/data/dailies"} {
		if text := s.Page(page); !strings.Contains(text, "imulated") || !strings.Contains(text, "19 999") &&
			!strings.Contains(text, "19999") {
			t.Errorf("%s does not show the simulated steps as such", page)
		}
	}
	s.Push("dailies", daily("x", "412"))
	s.Push("hrv", heart("x", 41), heart("sd", 98), heart("sd", 99))
	for _, page := range []string{"/", path, "/p/ada/data/dailies"} {
		if text := s.Page(page); strings.Contains(text, "imulated") || strings.Contains(text, "19 999") ||
			!strings.Contains(text, "412") && !strings.Contains(text, "41") {
			t.Errorf("%s shows more than the real steps", page)
		}
	}
	if got := servertest.MetricOf(t, s.Page(path), "hrv"); got != "41 ms" {
		t.Errorf("the day's HRV is %q", got)
	}
	if home := servertest.Tags.ReplaceAllString(s.Page("/"), ""); !strings.Contains(home, "41 ms") {
		t.Error("Home does not show the HRV that is real")
	}
}

func TestHomeMarksSimulatedValuesOfWhateverDayAndNoOthers(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	daily := func(mark string, day time.Time) string {
		return `"summaryId":"` + mark + `-1","calendarDate":"` + day.Format(time.DateOnly) + `","startTimeInSeconds":` +
			unix(day) +
			`,"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"steps":412,"restingHeartRateInBeatsPerMinute":51`
	}
	yesterday := today.Add(-24 * time.Hour)
	heart := `"summaryId":"sd-2","calendarDate":"` + yesterday.Format(time.DateOnly) + `","startTimeInSeconds":` +
		unix(yesterday) +
		`,"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"lastNightAvg":98`
	ride := `"summaryId":"sd-3","activityId":3,"startTimeInSeconds":` + unix(yesterday) +
		`,"startTimeOffsetInSeconds":0,"durationInSeconds":60`
	for name, tt := range map[string]struct {
		typ, more string
		want      bool
	}{
		"yesterday's, which is not shown": {"dailies", daily("sd", yesterday), false},
		"yesterday's, which is shown":     {"hrv", heart, true},
		"an activity":                     {"activities", ride, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := servertest.Ada(t)
			s.Push("dailies", daily("x", today))
			s.Push(tt.typ, tt.more)
			if marked := strings.Contains(s.Page("/"), `data-testid="simulated"`); marked != tt.want {
				t.Errorf("Home is marked: %v", marked)
			}
		})
	}
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
