package pages_test

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
	"garner/server/servertest"
)

// paced is a run of Ada's with a sample each second of 200, a pause of 100 seconds in the
// middle, and a heart rate of 100 before and 150 after it.
func paced(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	var samples []string
	for i := range 200 {
		at, bpm := midnight20+i, 100
		if i >= 100 {
			at, bpm = at+100, 150
		}
		samples = append(samples, fmt.Sprintf(`{"startTimeInSeconds":%d,"heartRate":%d,"speedMetersPerSecond":2.5,
			"timerDurationInSeconds":%d}`, at, bpm, i))
	}
	s.Push("activityDetails", fmt.Sprintf(`"activityId":7,"summary":{"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
		"durationInSeconds":200,"activityType":"RUNNING","activityName":"Run"},"samples":[%s]`, midnight20,
		strings.Join(samples, ",")))
	return s
}

// zoned gives Ada heart rate zones of a sport by a key for the Personal API.
func zoned(t *testing.T, s *servertest.Site, sport string, first int) {
	t.Helper()
	zonedOn(t, s, "2026-11-20", sport, first)
}

func zonedOn(t *testing.T, s *servertest.Site, date, sport string, first int) {
	t.Helper()
	day, err := health.ParseDay(date)
	if err != nil {
		t.Fatal(err)
	}
	head := personal.Head{UserID: "u1", Endpoint: "heartRateZones", Path: "/x", From: day, To: day,
		Asked: day.Midnight().Unix() + 3600}
	a := db.Arrival{Received: time.Now(), Path: "personal/heartRateZones", Source: health.Personal,
		Encoding: personal.Encoding}
	body := fmt.Sprintf(`[{"sport":%q,"zone1Floor":%d,"zone2Floor":%d,"zone3Floor":%d,"zone4Floor":%d,"zone5Floor":%d}]`,
		sport, first, first+20, first+40, first+60, first+80)
	if _, err := s.Inbox.Put(t.Context(), a, append(head.Line(), body...)); err != nil {
		t.Fatal(err)
	}
	s.Run()
}

var zoneBar = regexp.MustCompile(`(?s)<div class="zone">.*?<span class="small">(.*?)</span>.*?zone-bar" width="([^"]*)".*?<span>([^<]*)</span>`)

func TestTimeInHeartRateZonesLeavesOutPausesAndPrefersTheSport(t *testing.T) {
	t.Parallel()
	s := paced(t)
	if page := s.Page("/p/ada/activities/7"); !strings.Contains(page, "zones are not known") {
		t.Error("the page does not say that the zones are not known")
	}
	zoned(t, s, "DEFAULT", 90)
	zoned(t, s, "RUNNING", 95)
	page := s.Page("/p/ada/activities/7")
	got := ""
	for _, m := range zoneBar.FindAllStringSubmatch(page, -1) {
		got += strings.Join(m[1:], "|") + "\n"
	}
	const want = "zone 5, from 175 bpm|0.0|0 s\nzone 4, from 155 bpm|0.0|0 s\nzone 3, from 135 bpm|100.0|2 min\n" +
		"zone 2, from 115 bpm|0.0|0 s\nzone 1, from 95 bpm|100.0|2 min\nbelow zone 1, under 95 bpm|0.0|0 s\n"
	if got = strings.ReplaceAll(got, "\u202f", " "); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestZonesAreThoseOfTheDayOfTheActivity(t *testing.T) {
	t.Parallel()
	s := paced(t)
	zonedOn(t, s, "2026-11-25", "DEFAULT", 120)
	zonedOn(t, s, "2026-11-26", "DEFAULT", 125)
	if page := s.Page("/p/ada/activities/7"); !strings.Contains(page, "zone 1, from 120 bpm") {
		t.Error("without zones of the day or before, they are not the first ones after it")
	}
	zonedOn(t, s, "2026-11-10", "DEFAULT", 85)
	zonedOn(t, s, "2026-11-18", "DEFAULT", 90)
	if page := s.Page("/p/ada/activities/7"); !strings.Contains(page, "zone 1, from 90 bpm") {
		t.Error("the zones are not the last ones up to the day")
	}
}

// stopped is Ada with activity 8: some seconds of running, a stop of 15 seconds at a light,
// and the second part of a multisport activity, which counts its distance anew.
func stopped(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	var samples []string
	for i, at := range []int{0, 1, 2, 17, 18, 19} {
		samples = append(samples, fmt.Sprintf(`{"startTimeInSeconds":%d,"heartRate":%d,"timerDurationInSeconds":%d,
			"totalDistanceInMeters":%d}`, midnight20+at, 120+i/2*20, i, []int{990, 1000, 1010, 1020, 0, 10}[i]))
	}
	s.Push("activityDetails", fmt.Sprintf(`"activityId":8,"summary":{"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
		"durationInSeconds":19,"activityType":"RUNNING","activityName":"Run"},"samples":[%s],
		"laps":[{"startTimeInSeconds":%d},{"startTimeInSeconds":%d}]`, midnight20, strings.Join(samples, ","),
		midnight20, midnight20+17))
	return s
}

func TestAShortPauseIsInNoZoneAndNoLapIsNegative(t *testing.T) {
	t.Parallel()
	s := stopped(t)
	zoned(t, s, "DEFAULT", 100)
	page := strings.ReplaceAll(s.Page("/p/ada/activities/8"), "\u202f", " ")
	got := ""
	for _, m := range zoneBar.FindAllStringSubmatch(page, -1) {
		got += strings.Join(m[1:], "|") + "\n"
	}
	const want = "zone 5, from 180 bpm|0.0|0 s\nzone 4, from 160 bpm|50.0|1 s\nzone 3, from 140 bpm|50.0|1 s\n" +
		"zone 2, from 120 bpm|100.0|2 s\nzone 1, from 100 bpm|0.0|0 s\nbelow zone 1, under 100 bpm|0.0|0 s\n"
	if got = strings.ReplaceAll(got, "\u202f", " "); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if strings.Contains(page, "−") || !strings.Contains(page, "30 m") {
		t.Error("a lap is negative, or the first has no distance")
	}
}

var lapRow = regexp.MustCompile(`(?s)<tr data-lap="(\d+)">.*?<td class="n">([\d.]+) bpm</td>\s*</tr>`)

func TestTheMeanOfALapIsTheWeightedMeanOfTheSamplesForScripts(t *testing.T) {
	t.Parallel()
	s := stopped(t)
	rows, got := lapRow.FindAllStringSubmatch(s.Page("/p/ada/activities/8"), -1), samplesOf(t, s, "8")
	if len(rows) != 2 || len(got.Laps) != 2 || fmt.Sprint(got.Weights) != "[1 1 0 1 1 0]" {
		t.Fatalf("%d rows, %+v", len(rows), got)
	}
	for i, lap := range got.Laps {
		sum, seconds := 0.0, 0.0
		for k, at := range got.T {
			if at >= lap.From && at < lap.To {
				sum, seconds = sum+got.Weights[k]**got.Columns[0].Values[k], seconds+got.Weights[k]
			}
		}
		if mean := fmt.Sprintf("%.0f", sum/seconds); mean != rows[i][2] {
			t.Errorf("lap %d: the table has %s, the samples %s", lap.Index, rows[i][2], mean)
		}
	}
}

func TestADistanceThatBeginsAnewIsNoAxis(t *testing.T) {
	t.Parallel()
	s := stopped(t)
	page := s.Page("/p/ada/activities/8")
	if got := samplesOf(t, s, "8"); strings.Contains(page, `data-x="distance"`) || len(got.Distance) != 0 {
		t.Error("the distance of an activity of several parts is an axis")
	}
	if !strings.Contains(page, `data-x="clock" aria-current="true"`) {
		t.Error("the clock is no axis")
	}
}

func TestStreamsAreATableAndAFileWithoutThePause(t *testing.T) {
	t.Parallel()
	s := paced(t)
	page := s.Page("/p/ada/activities/7")
	_, table, _ := strings.Cut(page, `data-testid="twin-streams"`)
	table, _, _ = strings.Cut(table, "</table>")
	text := strings.Join(strings.Fields(servertest.Tags.ReplaceAllString(table, " ")), " ")
	for _, want := range []string{"Heart rate, bpm", "0:00 100 6:40", "3:00 150 6:40", "4:00 150 6:40"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table has no %q: %s", want, text)
		}
	}
	if !strings.Contains(page, `href="/p/ada/export"`) || !strings.Contains(page, `href="/p/ada/activities/7.csv"`) {
		t.Error("the page does not lead to the file and to the export")
	}
	rows, err := csv.NewReader(s.Get("/p/ada/activities/7.csv").Body).ReadAll()
	if err != nil || len(rows) != 201 {
		t.Fatal(len(rows), err)
	}
	if got := strings.Join(rows[0], ","); got != "person,activity_id,device,time_utc,time_local,heart_rate_bpm,speed_mps,"+
		"timer_duration_s" {
		t.Error(got)
	}
	if got := strings.Join(rows[101], ","); !strings.HasPrefix(got, "Ada,7,,2026-11-") || !strings.HasSuffix(got, ",150,2.5,100") {
		t.Error(got)
	}
	for i, row := range rows[1:] {
		if row[7] != strconv.Itoa(i) {
			t.Fatalf("line %d: %v", i, row)
		}
	}
}

func TestAMultisportActivityAndItsPartsLeadToEachOther(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	add := func(id, at, seconds int, name, more string) {
		s.Push("activities", fmt.Sprintf(`"summaryId":"%d","activityId":%d,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":%d,"activityName":%q%s`, id, id, midnight20+at, seconds, name, more))
	}
	add(10, 36000, 3600, "Triathlon", `,"activityType":"MULTI_SPORT","isParent":true`)
	add(11, 36000, 900, "Swim", `,"activityType":"OPEN_WATER_SWIMMING","parentSummaryId":"10"`)
	add(12, 36900, 2700, "Ride", `,"activityType":"CYCLING","parentSummaryId":"10"`)
	add(13, 50000, 600, "Walk", `,"activityType":"WALKING"`)
	whole, part := s.Page("/p/ada/activities/10"), s.Page("/p/ada/activities/12")
	_, parts, _ := strings.Cut(whole, `id="parts"`)
	parts, _, _ = strings.Cut(parts, "</section>")
	if !strings.Contains(parts, `/activities/11">Swim`) || !strings.Contains(parts, `/activities/12">Ride`) ||
		strings.Contains(parts, "Walk") || strings.Index(parts, "Swim") > strings.Index(parts, "Ride") {
		t.Errorf("the parts are %s", parts)
	}
	if !strings.Contains(part, `part of <a href="/p/ada/activities/10">Triathlon`) {
		t.Error("the part does not lead to the whole")
	}
	if list := s.Page("/p/ada/activities"); strings.Count(list, "part of a multisport activity") != 2 {
		t.Error("the list does not mark the parts")
	}
}

// climbed is Ada with activity 9: ten seconds to the east with a heart rate of 100 to 190.
func climbed(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	var samples []string
	for i := range 10 {
		samples = append(samples, fmt.Sprintf(`{"startTimeInSeconds":%d,"heartRate":%d,"latitudeInDegree":52.5,
			"longitudeInDegree":13.%d,"totalDistanceInMeters":%d}`, midnight20+i, 100+10*i, 400+i, i*70))
	}
	s.Push("activityDetails", fmt.Sprintf(`"activityId":9,"summary":{"startTimeInSeconds":%d,"startTimeOffsetInSeconds":-25200,
		"durationInSeconds":9,"activityType":"CYCLING","activityName":"Ride"},"samples":[%s]`, midnight20+40_000,
		strings.Join(samples, ",")))
	return s
}

func TestTheColourOfATrackIsChosenByItsAddressAndHasALegend(t *testing.T) {
	t.Parallel()
	s := climbed(t)
	plain := s.Page("/p/ada/activities/9")
	if strings.Contains(plain, "track-level-") || strings.Contains(plain, "data-colour") || !strings.Contains(plain, "track-way") ||
		!strings.Contains(plain, `href="?colour=heart_rate&amp;x=distance" aria-current="false"`) {
		t.Error("a track is coloured without being asked, has no arrows or does not lead to its colours")
	}
	page := s.Page("/p/ada/activities/9?x=clock&colour=heart_rate")
	for _, want := range []string{`data-colour="heart_rate" data-cuts="120 140 160 180"`, "under 120</li>", "120 to 140</li>",
		"180 and more</li>", `<path class="track-line track-level-4" d=`, `href="?colour=heart_rate&amp;x=distance"`,
		`href="?colour=heart_rate&amp;x=clock" aria-current="true"`, `href="?x=clock" aria-current="false"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page, "?colour=elevation") || strings.Contains(page, "?colour=speed") {
		t.Error("the page offers colours of what was not recorded")
	}
}

func TestTheClockOfAnActivityIsNamedWhereItIsNotThatOfHome(t *testing.T) {
	t.Parallel()
	s := climbed(t)
	for _, offset := range []int{-25200, 3600} {
		s.Push("dailies", fmt.Sprintf(`"summaryId":"d%d","calendarDate":"2026-11-%d","startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":%d,"durationInSeconds":86400,"steps":1`, offset, 21+offset/3600, midnight20+86400+offset*24, offset))
		for _, address := range []string{"/p/ada/activities", "/p/ada/activities/9"} {
			named := strings.Contains(s.Page(address), "03:06 UTC−7")
			if away := offset != -25200; named != away {
				t.Errorf("%s at home at %+d seconds: named %v", address, offset, named)
			}
		}
	}
	if page := s.Page("/p/ada/activities/9"); strings.Count(page, "UTC−7</time>") != 1 {
		t.Error("the arrival is not on the clock of the activity")
	}
}
