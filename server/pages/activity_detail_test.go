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

// Half a minute of running, a stop of 15 seconds at a light, and the second part of a
// multisport activity, which counts its distance anew.
func TestAShortPauseIsInNoZoneAndNoLapIsNegative(t *testing.T) {
	t.Parallel()
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
	zoned(t, s, "DEFAULT", 100)
	page := strings.ReplaceAll(s.Page("/p/ada/activities/8"), "\u202f", " ")
	got := ""
	for _, m := range zoneBar.FindAllStringSubmatch(page, -1) {
		got += strings.Join(m[1:], "|") + "\n"
	}
	if want := "zone 3, from 140 bpm|50.0|1 s"; !strings.Contains(got, "zone 4, from 160 bpm|0.0|0 s") && !strings.Contains(got, want) {
		t.Error(got)
	}
	if strings.Contains(page, "−") || !strings.Contains(page, "30 m") {
		t.Error("a lap is negative, or the first has no distance")
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
