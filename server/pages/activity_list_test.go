package pages_test

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/servertest"
)

// many pushes n activities of the days before 20 November, with clocks from all over the
// world; of every tenth only samples come.
func many(s *servertest.Site, n int) {
	offsets := []int{-39600, 0, 3600, 50400}
	var told, alone []string
	for i := range n {
		at := midnight20 - i*30_000 + i%7*9000
		members := fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":%d,
			"activityType":"RUNNING","activityName":"Run %d","distanceInMeters":%d`, at, offsets[i%4], 600+i, i, 1000+i)
		if i%10 == 9 {
			alone = append(alone, fmt.Sprintf(`"activityId":%d,"summaryId":"%d-detail","summary":{%s},"samples":[]`,
				1000+i, 1000+i, members))
			continue
		}
		told = append(told, fmt.Sprintf(`"activityId":%d,"summaryId":"%d",%s`, 1000+i, 1000+i, members))
	}
	const next = `},{"userId":"u1",`
	s.Push("activities", strings.Join(told, next))
	if len(alone) > 0 {
		s.Push("activityDetails", strings.Join(alone, next))
	}
}

var (
	weekRow  = regexp.MustCompile(`(?s)data-testid="week">.*?</tr>`)
	nextPage = regexp.MustCompile(`rel="next" href="([^"]+)"`)
)

func TestPagesOfTheListAreThoseOfAllActivitiesRead(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	many(s, 130)
	rows, err := csv.NewReader(s.Get("/p/ada/activities.csv").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, row := range rows[1:] {
		want = append(want, row[7])
	}
	for address := "/p/ada/activities"; address != ""; {
		page := s.Page(address)
		got = append(got, listed(page)...)
		_, asked, _ := strings.Cut(address, "?")
		whole := s.Page("/p/ada/activities?filter=1&" + asked)
		if a, b := weekRow.FindAllString(page, -1), weekRow.FindAllString(whole, -1); !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("%s: weeks %q, of all activities %q", address, a, b)
		}
		if !strings.Contains(page, "130 activities of Ada.") {
			t.Errorf("%s does not count all", address)
		}
		next := nextPage.FindStringSubmatch(page)
		if address = ""; next != nil {
			address = html.UnescapeString(next[1])
		}
	}
	if !slices.Equal(got, want) || len(got) != 130 {
		t.Errorf("%d activities by page: %v\nthe file has %d: %v", len(got), got, len(want), want)
	}
}

func TestTheFilterOfTheListIsALinkAway(t *testing.T) {
	t.Parallel()
	s := three(t)
	page := s.Page("/p/ada/activities")
	if !strings.Contains(page, `href="/p/ada/activities?filter=1"`) || strings.Contains(page, `data-testid="filter"`) {
		t.Error("the list has no link to its filter, or the filter itself")
	}
	form := s.Page("/p/ada/activities?filter=1")
	for _, want := range []string{`data-testid="filter"`, `value="ROAD_BIKING"`, `value="Edge"`, "<details class=\"twin\" open"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form has no %s", want)
		}
	}
}

func TestTheImageOfATrackIsOnlyThereWithPlaces(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	push := func(id int, sample, summary string) {
		s.Push("activityDetails", fmt.Sprintf(`"activityId":%d,"summary":{"startTimeInSeconds":%d,"activityName":"A",
			"durationInSeconds":60%s},"samples":[{"startTimeInSeconds":%d,"heartRate":99%s}]`, id, midnight20, summary,
			midnight20, sample))
	}
	push(5, `,"latitudeInDegree":52.5,"longitudeInDegree":13.4`, `,"startingLatitudeInDegree":52.5`)
	push(6, "", "")
	w := s.Get("/p/ada/activities/5/track.svg")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" ||
		!strings.Contains(w.Body.String(), "<path") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := s.Get("/p/ada/activities/6/track.svg"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "path") {
		t.Errorf("an image without places: %d", w.Code)
	}
	page := s.Page("/p/ada/activities")
	if !strings.Contains(page, "/5/track.svg") || strings.Contains(page, "/6/track.svg") {
		t.Error("the list does not show the one image that there is")
	}
	if page := s.Page("/p/ada/activities/6"); strings.Contains(page, `data-testid="map"`) || strings.Contains(page, ".gpx") ||
		!strings.Contains(page, `data-testid="stream-heart_rate"`) {
		t.Error("the page of an activity without places has a map or no streams")
	}
}

// Records are read some at a time, so the number of queries tells how many were read.
func TestThePageOfManyActivitiesReadsNoMoreThanThatOfFew(t *testing.T) {
	t.Parallel()
	var took []int64
	for _, n := range []int{130, 400} {
		s := servertest.Ada(t)
		many(s, n)
		before := s.Store.Queries()
		s.Page("/p/ada/activities")
		took = append(took, s.Store.Queries()-before)
	}
	if took[0] != took[1] {
		t.Errorf("%d queries with 130 activities, %d with 400", took[0], took[1])
	}
}

func TestAWeekCountsThePartsOfAMultisportActivityWhereTheParentHasNoValue(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	at := func(from, length int, more string) string {
		return fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,"durationInSeconds":%d,%s`,
			midnight20-86_400+from, length, more)
	}
	s.Push("activities", strings.Join([]string{
		at(79_200, 9000, `"activityId":1,"summaryId":"1","activityType":"MULTI_SPORT","isParent":true`),
		at(79_200, 1800, `"activityId":2,"summaryId":"2","activityType":"OPEN_WATER_SWIMMING","parentSummaryId":1,
			"distanceInMeters":1500`),
		at(81_000, 5400, `"activityId":3,"summaryId":"3","activityType":"RUNNING","parentSummaryId":1,
			"distanceInMeters":10000,"totalElevationGainInMeters":120`),
		at(86_460, 1740, `"activityId":4,"summaryId":"4","activityType":"CYCLING","parentSummaryId":1,"distanceInMeters":8000`),
	}, `},{"userId":"u1",`))
	page := s.Page("/p/ada/activities")
	if got := weekRow.FindString(page); !strings.Contains(got, "1 activity, 2 h 30, 19.5 km, 120 m of climb") {
		t.Errorf("the week is %q", got)
	}
	if got := recordings(s); got != " part part part recording" {
		t.Errorf("the file calls them %q", got)
	}
}

// recordings are what the file of the list says of its lines, sorted.
func recordings(s *servertest.Site) string {
	s.T.Helper()
	rows, err := csv.NewReader(s.Get("/p/ada/activities.csv").Body).ReadAll()
	if err != nil {
		s.T.Fatal(err)
	}
	var out []string
	for _, row := range rows {
		out = append(out, row[len(row)-1])
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestADayOfASportWithoutADistanceIsNotADayThatTheWatchMissed(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("activities", fmt.Sprintf(`"activityId":1,"summaryId":"1","activityType":"STRENGTH_TRAINING",
		"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,"durationInSeconds":1800`, midnight20+3600))
	csv := s.Get("/p/ada/trends.csv?m=activity_distance&range=7d&to=2026-11-20").Body.String()
	if !strings.Contains(csv, "2026-11-20,,not_expected") {
		t.Errorf("%s", csv)
	}
}

func TestARideRecordedTwiceIsOneActivityEverywhere(t *testing.T) {
	t.Parallel()
	for _, source := range []health.Origin{health.Push, health.Simulated} {
		wantOneRide(t, servertest.Ada(t), source)
	}
}

func wantOneRide(t *testing.T, s *servertest.Site, source health.Origin) {
	t.Helper()
	ride := func(id, from, length, meters int, device string) string {
		return fmt.Sprintf(`"activityId":%d,"summaryId":"%d","activityType":"ROAD_BIKING","activityName":"By %s",
			"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"distanceInMeters":%d,"deviceName":"%s"`,
			id, id, device, midnight20+from, length, meters, device)
	}
	both := fmt.Sprintf(`{"activities":[{"userId":"u1",%s},{"userId":"u1",%s}]}`, ride(1, 3600, 7260, 49_000, "Watch"),
		ride(2, 3630, 7200, 48_800, "Edge"))
	if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: time.Now(), Source: source}, []byte(both)); err != nil {
		t.Fatal(err)
	}
	s.Run()
	for _, address := range []string{"/p/ada/activities", "/p/ada/activities?filter=1"} {
		page := s.Page(address)
		for want, n := range map[string]int{"1 activity of Ada.": 1, "1 activity, 2 h 01, 49.0 km": 1,
			"second recording": 1, `data-testid="activity"`: 2} {
			if got := strings.Count(page, want); got != n {
				t.Errorf("%s has %q %d times", address, want, got)
			}
		}
	}
	if got := recordings(s); got != " recording second" {
		t.Errorf("the file calls them %q", got)
	}
	if page := s.Page("/p/ada/activities?device=Edge"); !strings.Contains(page, "1 activity of Ada.") {
		t.Error("the filter for the other device leaves nothing")
	}
	if page := s.Page("/"); !strings.Contains(page, "By Watch") || strings.Contains(page, "By Edge") {
		t.Error("the last activity on Home is not the one that counts")
	}
	if page := s.Page("/p/ada/calendar/2026/11"); !strings.Contains(page, "49.0") || strings.Contains(page, "48.8") {
		t.Error("the month has not the one that counts, or both")
	}
	if page := s.Page("/p/ada/day/2026-11-20"); !strings.Contains(page, "second recording") {
		t.Error("the day does not say which one counts")
	}
}
