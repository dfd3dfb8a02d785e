package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/health"
	"garner/server/servertest"
)

// lastDay is a server with one day of Ada's, whole and with 1234 steps, and its date.
func lastDay(t *testing.T) (s *servertest.Site, day health.Day) {
	t.Helper()
	s = servertest.Ada(t)
	day = health.DayOf(time.Now().Unix(), 0) - 3
	body := fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":"%s","startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":1234}]}`, day, day.Midnight().Unix())
	if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(body)); status != http.StatusOK {
		t.Fatal(status)
	}
	s.Run()
	return s, day
}

// TestPagesOverDaysSayWhatTheirMeansRestOn with the one day that Ada has.
func TestPagesOverDaysSayWhatTheirMeansRestOn(t *testing.T) {
	t.Parallel()
	s, day := lastDay(t)
	for _, page := range []string{"trends?m=steps&m=no_metric", "heart", "stress", "breathing", "trends?range=all&compare=1"} {
		if w := s.Get("/p/ada/" + page); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", page, w.Code)
		}
	}
	page := s.Page("/p/ada/trends?m=steps&range=7d&to=" + day.String())
	for _, want := range []string{`data-testid="fig-steps"`, "from 1 of 7 days", `href="/p/ada/day/` + day.String() + `"`,
		"/p/ada/trends.csv?m=steps&amp;m=steps_goal&amp;range=7d"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if page := s.Page("/p/ada/stress?range=7d&to=" + day.String()); !strings.Contains(page, "no value in these days") {
		t.Error("it is not said that there is no stress")
	} else if _, list, _ := strings.Cut(page, `data-testid="nothing"`); strings.Contains(page, `data-testid="fig-`) ||
		!strings.Contains(list, "Average stress") || !strings.Contains(list, "<small>not ") {
		t.Error("metrics without any value have a chart, or no reason")
	}
	for _, bad := range []string{"trends?range=2d", "heart?to=yesterday", "trends.csv?range=2d"} {
		if w := s.Get("/p/ada/" + bad); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, w.Code)
		}
	}
}

// TestTheFileOfTrendsHasTheDaysOfThePage and leaves empty what is missing.
func TestTheFileOfTrendsHasTheDaysOfThePage(t *testing.T) {
	t.Parallel()
	s, day := lastDay(t)
	w := s.Get("/p/ada/trends.csv?m=steps&range=7d&to=" + day.String())
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if len(lines) != 8 || lines[0] != "person,calendar_date,steps,steps_state,steps_mean_7_days,"+
		"steps_mean_7_days_count,steps_usual_low,steps_usual_high,note\r" ||
		lines[7] != "Ada,"+day.String()+",1234,present,1234,1,,," {
		t.Fatalf("%q", lines)
	}
	if lines[1] != "Ada,"+(day-6).String()+",,not_expected,,0,,,\r" {
		t.Errorf("a day before the first data: %q", lines[1])
	}
}

// TestAWindowLiesBetweenTheFirstDayAndToday whatever its range is.
func TestAWindowLiesBetweenTheFirstDayAndToday(t *testing.T) {
	t.Parallel()
	s, day := lastDay(t)
	for _, path := range []string{"heart?to=", "body?range=all&to=", "trends?range=1y&to="} {
		page := s.Page("/p/ada/" + path + (day - 1).String())
		if !strings.Contains(page, "There is nothing before "+day.Midnight().Format("Mon 2 Jan 2006")+".") ||
			strings.Contains(page, `data-testid="fig-`) {
			t.Errorf("%s draws days before the first, or does not say that there are none", path)
		}
	}
	rows := func(to string) int {
		return strings.Count(s.Page("/p/ada/trends.csv?m=steps&range=all&to="+to), "\n") - 1
	}
	if n := rows(day.String()); n != 1 {
		t.Errorf("all days up to the first are %d", n)
	}
	if n := rows("9999-12-31"); n < 4 || n > 5 { // the day may change meanwhile
		t.Errorf("all days up to the future are %d", n)
	}
}
