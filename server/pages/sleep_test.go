package pages_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/health"
	"garner/server/servertest"
)

// textOf is what a page says between a test id and an end.
func textOf(t *testing.T, page, testid, end string) string {
	t.Helper()
	_, part, ok := strings.Cut(page, `data-testid="`+testid+`"`)
	if !ok {
		t.Fatalf("no %s", testid)
	}
	part, _, _ = strings.Cut(part, end)
	_, part, _ = strings.Cut(part, ">")
	return strings.Join(strings.Fields(servertest.Tags.ReplaceAllString(part, " ")), " ")
}

func TestTheNewestNightIsWhereSleepLeads(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	if to := s.Get("/p/ada/sleep").Header().Get("Location"); to != "/p/ada/sleep/2026-11-20" {
		t.Errorf("it leads to %q", to)
	}
	if w := s.Get("/p/ada/sleep/tomorrow"); w.Code != http.StatusNotFound {
		t.Errorf("a word for a date: %d", w.Code)
	}
}

func TestANightSaysHowCertainItIsAndKeepsItsVersions(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for _, c := range [][2]string{{"OFF_WRIST", "off-wrist: times only"}, {"AUTO_TENTATIVE", "may still change"},
		{"AUTO_FINAL", "final"}, {"MANUAL", "entered by hand"}} {
		s.Push("sleeps", nightTo20(c[0]))
		page := s.Page("/p/ada/sleep/2026-11-20")
		if got := textOf(t, page, "trust", "</span>"); got != c[1] {
			t.Errorf("%s: the chip says %q", c[0], got)
		}
	}
	page := s.Page("/p/ada/sleep/2026-11-20")
	if got := textOf(t, page, "versions", "</table>"); strings.Count(got, "#") != 4 ||
		strings.Count(got, "22:30–\u206006:20") != 4 || strings.Count(got, "(shown)") != 1 ||
		!strings.Contains(got, "entered by hand (shown)") {
		t.Errorf("the versions are %q", got)
	}
}

func TestANightWithoutStagesIsOneBarAndAsleepToItsEnd(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", fmt.Sprintf(`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
		`"durationInSeconds":28800,"validation":"DEVICE"`, midnight20-3600))
	page := s.Page("/p/ada/sleep/2026-11-20")
	if got, want := servertest.TwinOf(t, page, "sleep"),
		"From To What 23:00 07:00 asleep, no stages from this device"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if lane := servertest.LaneOf(t, page, "sleep"); !strings.Contains(lane, `class="stage asleep"`) {
		t.Error("no bar")
	}
}

func TestTimeOfANightThatCouldNotBeMeasuredIsDrawnUpToItsEnd(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL")+`,"unmeasurableSleepInSeconds":600`)
	page := s.Page("/p/ada/sleep/2026-11-20")
	if got := servertest.TwinOf(t, page, "sleep"); !strings.HasSuffix(got, "00:30 06:20 deep 06:20 06:30 not measured") {
		t.Errorf("%q", got)
	}
	if got := textOf(t, page, "stages", "</table>"); !strings.Contains(got, "Not measured 10 min 100 %") {
		t.Errorf("the stages are %q", got)
	}
}

func TestANightThatWasMeasuredThroughoutHasNoRowOfTimeNotMeasured(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL")+`,"deepSleepDurationInSeconds":600,"unmeasurableSleepInSeconds":0`)
	for path, table := range map[string]string{"/p/ada/sleep/2026-11-20": "stages",
		"/p/ada/sleep/compare?a=2026-11-20&b=2026-11-20": "compared"} {
		got := textOf(t, s.Page(path), table, "</table>")
		if !strings.Contains(got, "Deep 10 min") || strings.Contains(got, "Not measured") {
			t.Errorf("%s says %q", path, got)
		}
	}
}

// TestANightIsOnTheClockOfItsRecordsEverywhere is of people far from the server's zone.
func TestANightIsOnTheClockOfItsRecordsEverywhere(t *testing.T) {
	t.Parallel()
	const midnight = 1795132800 // 2026-11-20 in UTC
	for _, hours := range []int{-11, 0, 14} {
		s := servertest.Ada(t)
		start := midnight - hours*3600 - 3600 // 23:00
		s.Push("sleeps", fmt.Sprintf(`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,`+
			`"durationInSeconds":28800,"validation":"DEVICE","sleepLevelsMap":{"light":[{"startTimeInSeconds":%d,`+
			`"endTimeInSeconds":%d}]}`, start, hours*3600, start, start+28800))
		page := s.Page("/p/ada/sleep/2026-11-20")
		if got, want := servertest.TwinOf(t, page, "sleep"), "From To What 23:00 07:00 light"; got != want {
			t.Errorf("UTC%+d: %q, want %q", hours, got, want)
		}
		if want := fmt.Sprintf(`data-from="%d"`, (midnight-(hours+6)*3600)*1000); !strings.Contains(page, want) {
			t.Errorf("UTC%+d: the drawing does not begin at 18:00", hours)
		}
		if want := fmt.Sprintf(`data-to="%d"`, (midnight+(12-hours)*3600)*1000); !strings.Contains(page, want) {
			t.Errorf("UTC%+d: the drawing does not end at 12:00", hours)
		}
		row := textOf(t, s.Page("/p/ada/sleep/weeks?to=2026-11-20"), "weeks-table", "</table>")
		if !strings.Contains(row, "Fri 20 Nov 23:00–\u206007:00 8 h 00") {
			t.Errorf("UTC%+d: the weeks say %.200s", hours, row)
		}
	}
}

func TestANightOfTheClockPutBackEndsAtItsNoon(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	const midnight25 = 1792879200 // 2026-10-25 at UTC+2; at 03:00 it is 02:00 again
	s.Push("sleeps", fmt.Sprintf(`"calendarDate":"2026-10-25","startTimeInSeconds":%d,"startTimeOffsetInSeconds":7200,`+
		`"durationInSeconds":32400,"validation":"DEVICE"`, midnight25-3600))
	s.Push("dailies", fmt.Sprintf(`"calendarDate":"2026-10-25","startTimeInSeconds":%d,"startTimeOffsetInSeconds":7200,`+
		`"durationInSeconds":90000,"steps":1`, midnight25))
	page := s.Page("/p/ada/sleep/2026-10-25")
	if want := fmt.Sprintf(`data-to="%d"`, (midnight25+13*3600)*1000); !strings.Contains(page, want) {
		t.Error("the drawing does not end at 12:00 of the later clock")
	}
	if got := servertest.TwinOf(t, page, "sleep"); !strings.Contains(got, "23:00 07:00 asleep") {
		t.Errorf("the times are %q", got)
	}
	const weeks = "/p/ada/sleep/weeks"
	if row := textOf(t, s.Page(weeks+"?to=2026-10-25"), "weeks-table", "</table>"); !strings.Contains(row, "23:00–\u206007:00") {
		t.Errorf("the weeks say %.200s", row)
	}
	const want = "2026-10-24T23:00:00+02:00,2026-10-25T07:00:00+01:00"
	if file := s.Get(weeks + ".csv?to=2026-10-25").Body.String(); !strings.Contains(file, want) {
		t.Errorf("the file lacks %s: %.300s", want, file)
	}
}

// TestANightOfAFlightIsOnTheClockThatItsRecordNames, although the day before ends later on another.
func TestANightOfAFlightIsOnTheClockThatItsRecordNames(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	const midnight9 = 1791496800 // 2026-10-09 at UTC+2, where 2026-10-08 of UTC+9 ended after 31 hours
	s.Push("dailies", fmt.Sprintf(`"summaryId":"d8","calendarDate":"2026-10-08","startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":32400,"durationInSeconds":111600,"steps":1`, midnight9-111_600))
	s.Push("dailies", fmt.Sprintf(`"summaryId":"d9","calendarDate":"2026-10-09","startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":7200,"durationInSeconds":86400,"steps":1`, midnight9))
	s.Push("sleeps", fmt.Sprintf(`"calendarDate":"2026-10-09","startTimeInSeconds":%d,"startTimeOffsetInSeconds":7200,`+
		`"durationInSeconds":25920,"validation":"DEVICE"`, midnight9-1320))
	row := textOf(t, s.Page("/p/ada/sleep/weeks?to=2026-10-09"), "weeks-table", "</table>")
	if !strings.Contains(row, "23:38–\u206006:50") {
		t.Errorf("the weeks say %.200s", row)
	}
}

func TestTwoSleepsOfANightAreTheMainOneAndAFurtherOne(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"), fmt.Sprintf(`"summaryId":"siesta","calendarDate":"2026-11-20",`+
		`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":3600,"validation":"AUTO_FINAL"`,
		midnight20+14*3600))
	page := s.Page("/p/ada/sleep/2026-11-20")
	if lane := servertest.LaneOf(t, page, "sleep"); !strings.Contains(lane, "Asleep 7 h 50, from 22:30 to 06:20.") ||
		!strings.Contains(lane, "Also slept 1 h 00") {
		t.Error("the two sleeps are told otherwise")
	}
	if !strings.Contains(page, "Naps and further sleep") {
		t.Error("the further sleep is not listed")
	}
}

func TestEachDifferenceOfTwoNightsHasItsSign(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for i, score := range []int{61, 85} {
		s.Push("sleeps", fmt.Sprintf(`"summaryId":"s%d","calendarDate":"2026-11-%d","startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"overallSleepScore":{"value":%d}`,
			i, 20+i, 1795129200+i*86400, 28800-i*600, score))
	}
	for address, want := range map[string]string{"a=2026-11-20&b=2026-11-21": "61 85 +24",
		"a=2026-11-21&b=2026-11-20": "85 61 −24"} {
		if got := textOf(t, s.Page("/p/ada/sleep/compare?"+address), "compared", "</table>"); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", address, got, want)
		}
	}
}

func TestWeeksSayWhyANightHasNoSleepAndOnHowManyTheMeanRests(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	page := s.Page("/p/ada/sleep/weeks?to=2026-11-21")
	if !strings.Contains(page, "Asleep 7 h 50 on average in 1 night.") || !strings.Contains(page, "27 nights have no sleep") {
		t.Error("it does not say on how many nights the mean rests")
	}
	if got := textOf(t, page, "night-2026-11-19", "</a>"); !strings.Contains(got, "before the first data") {
		t.Errorf("the night before says %q", got)
	}
	csv := s.Page("/p/ada/sleep/weeks.csv?to=2026-11-20")
	if !strings.Contains(csv, "\n2026-11-20,present,2026-11-19T22:30:00+01:00,2026-11-20T06:20:00+01:00,28200,") ||
		!strings.Contains(csv, "\n2026-11-19,not_expected,,,,") {
		t.Errorf("the CSV is\n%s", csv)
	}
}

func TestComparedNightsHaveOneAxis(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"), fmt.Sprintf(`"calendarDate":"2026-11-21","startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":3600,"durationInSeconds":14400,"validation":"DEVICE"`, midnight20+86400-8*3600))
	page := s.Page("/p/ada/sleep/compare?a=2026-11-20&b=2026-11-21")
	for _, from := range []int{midnight20 - 8*3600, midnight20 + 86400 - 8*3600} {
		if want := fmt.Sprintf(`data-from="%d"`, from*1000); !strings.Contains(page, want) {
			t.Errorf("no drawing begins at 16:00: %s", want)
		}
	}
	if got := textOf(t, page, "compared", "</table>"); !strings.Contains(got, "Asleep 7 h 50 4 h 00 −3 h 50") {
		t.Errorf("side by side: %q", got)
	}
}

// TestWeeksOfNightsLieBetweenTheFirstNightAndToday wherever the address has them end.
func TestWeeksOfNightsLieBetweenTheFirstNightAndToday(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	start := health.DayOf(time.Now().Unix(), 0) - 10
	s.Push("sleeps", fmt.Sprintf(`"summaryId":"s1","calendarDate":"%s","startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,
		"durationInSeconds":28800`, start, start.Midnight().Unix()-3600))
	if page := s.Page("/p/ada/sleep/weeks?to=9999-12-31"); strings.Contains(page, "night-9999") ||
		!strings.Contains(page, "night-"+start.String()) {
		t.Error("nights of the future are listed, or not those up to today")
	}
	page := s.Page("/p/ada/sleep/weeks?to=" + (start - 1).String())
	if !strings.Contains(page, "There is no night before the one to "+start.Midnight().Format("Mon 2 Jan 2006")) ||
		strings.Contains(page, `data-testid="nights"`) || !strings.Contains(page, "weeks?to="+(start+27).String()) {
		t.Error("nights before the first are drawn, or it is not said that there are none")
	}
}
