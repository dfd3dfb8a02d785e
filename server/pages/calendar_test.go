package pages_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/server"
	"garner/server/servertest"
	"garner/ui"
)

// summary is a day's summary of Ada on a clock that is so many hours ahead of UTC.
func summary(date string, hours, steps int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err) // of a constant
	}
	return fmt.Sprintf(`"summaryId":"%s","calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,`+
		`"durationInSeconds":86400,"steps":%d`, date, date, day.Unix()-int64(hours)*3600, hours*3600, steps)
}

// dayOf is the link of the cell that has a label.
func dayOf(t *testing.T, page, label string) string {
	t.Helper()
	found := regexp.MustCompile(`<a href="([^"]*)" tabindex="-?[01]" aria-label="`+regexp.QuoteMeta(label)).
		FindAllStringSubmatch(page, -1)
	if len(found) != 1 {
		t.Errorf("%d cells are called %s", len(found), label)
		return ""
	}
	return found[0][1]
}

func TestACellOfTheCalendarLeadsToExactlyItsDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hours int
		date  string
		label string
	}{
		{-11, "2026-03-01", "Sun 1 Mar 2026: 4,321"}, {14, "2026-03-01", "Sun 1 Mar 2026: 4,321"},
		{14, "2026-01-01", "Thu 1 Jan 2026: 4,321"}, {-11, "2025-12-31", "Wed 31 Dec 2025: 4,321"},
		{1, "2026-03-29", "Sun 29 Mar 2026: 4,321"}, {2, "2026-10-25", "Sun 25 Oct 2026: 4,321"},
		{0, "2024-02-29", "Thu 29 Feb 2024: 4,321"},
	} {
		s := servertest.Ada(t)
		s.Push("dailies", summary(c.date, c.hours, 4321))
		label := strings.ReplaceAll(c.label, ",", " ")
		page := s.Page("/p/ada/calendar/" + c.date[:4])
		if got := dayOf(t, page, label); got != "/p/ada/day/"+c.date {
			t.Errorf("UTC%+d, %s: the cell leads to %s", c.hours, c.date, got)
		}
		month := s.Page("/p/ada/calendar/" + c.date[:4] + "/" + c.date[5:7])
		if n := strings.Count(month, `href="/p/ada/day/`+c.date+`"`); n != 1 || !strings.Contains(month, "4 321 steps") {
			t.Errorf("UTC%+d, %s: the month has %d links", c.hours, c.date, n)
		}
	}
}

func TestAYearHasItsDaysAndWeeksBeginAsTheReaderWants(t *testing.T) {
	t.Parallel()
	for start, row := range map[string]int{"monday": 0, "sunday": 1, "saturday": 2} { // 1 January 2024 is a Monday
		s := servertest.Open(t, servertest.Limits(), func(o *server.Options) {
			o.Config = config.Default()
			o.Live.Preferences.WeekStart = ui.WeekStart(start)
		})
		s.Add("Ada", "u1")
		s.Push("dailies", summary("2024-06-01", 1, 100))
		page := s.Page("/p/ada/calendar/2024")
		if n := strings.Count(page, `<rect class="cell"`); n != 366 {
			t.Errorf("%d days in 2024", n)
		}
		want := fmt.Sprintf(`aria-label="Mon 1 Jan 2024: not expected, before the first data"><title>Mon 1 Jan 2024: `+
			`not expected, before the first data</title><rect class="cell" x="29" y="%d"`, 17+16*row)
		if !strings.Contains(page, want) {
			t.Errorf("weeks from %s: 1 January is not in row %d", start, row)
		}
	}
}

func TestTheCalendarStatesItsBinsAndLeadsToTheYearsBesideIt(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for i, steps := range []int{1000, 2000, 3000, 4000, 5000, 0} {
		s.Push("dailies", summary(fmt.Sprintf("2025-05-%02d", i+1), 1, steps))
	}
	page := s.Page("/p/ada/calendar/2025")
	_, legend, _ := strings.Cut(page, `data-testid="heat-legend"`)
	legend, _, _ = strings.Cut(legend, "</ul>")
	for _, want := range []string{"1 000", "2 000", "3 000", "4 000", "5 000", "0, measured", "missing", "not yet"} {
		if !strings.Contains(legend, want) {
			t.Errorf("the legend lacks %s", want)
		}
	}
	if !strings.Contains(page, `<rect class="zero" x="`) || strings.Count(page, `tabindex="0" aria-label`) != 1 {
		t.Error("no outlined cell for a measured 0, or not one tab stop")
	}
	if !strings.Contains(page, `href="/p/ada/calendar/2026?m=steps"`) || strings.Contains(page, "/calendar/2024?") {
		t.Error("the next year is not there, or one before the first data is")
	}
	for path, want := range map[string]int{"/p/ada/calendar/2024": http.StatusNotFound,
		"/p/ada/calendar/2025?m=nothing": http.StatusNotFound, "/p/ada/calendar/2025/13": http.StatusNotFound,
		"/p/ada/calendar": http.StatusSeeOther} {
		if w := s.Get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	csv := s.Page("/p/ada/calendar/2025.csv")
	t.Logf("%.300s", csv)
	for _, want := range []string{"person,calendar_date,steps,steps_state", "Ada,2025-05-06,0,present", "Ada,2025-05-07,,missing"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the CSV lacks %s", want)
		}
	}
	month := s.Page("/p/ada/calendar/2025/5.csv")
	for _, want := range []string{"person,calendar_date,state,sleep_s,sleep_state,steps,steps_state,activities,note\r\n",
		"\r\nAda,2025-05-06,present,,", ",0,present,,\r\nAda,2025-05-07,missing,,"} {
		if !strings.Contains(month, want) {
			t.Errorf("the CSV of the month lacks %q", want)
		}
	}
	if page := s.Page("/p/ada/calendar/2025/5"); !strings.Contains(page, `href="/p/ada/calendar/2025/5.csv"`) ||
		!strings.Contains(page, `data-testid="month-twin"`) {
		t.Error("the month has no table or no CSV")
	}
}

func TestAMetricThatTheCalendarDoesNotHaveLeadsBackToIt(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for _, path := range []string{"/p/ada/calendar/2026?m=nothing", "/p/ada/calendar/2026.csv?m=nothing"} {
		w := s.Get(path)
		doc := parse(t, w)
		back, _ := doc.Find("[data-testid=error] a").Attr("href")
		if w.Code != http.StatusNotFound || doc.Find("h1").Text() != `The calendar has no metric named "nothing".` ||
			back != "/p/ada/calendar" {
			t.Errorf("%s: %d %q leads to %q", path, w.Code, doc.Find("h1").Text(), back)
		}
	}
}
