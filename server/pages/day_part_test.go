package pages_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestAPartOfADayShowsItsSamplesAlone(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	const midnight = 1763596800 // 2025-11-20 UTC
	s.Push("dailies", `"summaryId":"x-1","calendarDate":"2025-11-20","startTimeInSeconds":1763596800,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":1,`+
		`"timeOffsetHeartRateSamples":{"3600":51,"7200":52,"36000":61,"37800":62,"72000":71}`)
	part := func(from, to int) string {
		return s.Page(fmt.Sprintf("/p/ada/day/2025-11-20?from=%d&to=%d", midnight+from, midnight+to))
	}
	values := func(page string) string {
		found := regexp.MustCompile(`data-lane="Heart rate"[^>]*data-values="([^"]*)"`).FindStringSubmatch(page)
		if found == nil {
			t.Fatal("the page has no lane of heart rate")
		}
		return strings.Trim(regexp.MustCompile(`,+`).ReplaceAllString(found[1], " "), " ")
	}
	if got := values(part(9*3600, 12*3600)); got != "61 62" {
		t.Errorf("from 9 to 12 the lane has %q", got)
	}
	whole := values(s.Page("/p/ada/day/2025-11-20"))
	for _, bounds := range [][2]int{{0, 0}, {3600, 60}, {-90000, -80000}, {-90000, 900000}} {
		if got := values(part(bounds[0], bounds[1])); got != whole {
			t.Errorf("the part %v shows %q, not the whole day", bounds, got)
		}
	}
	if page := part(9*3600, 12*3600); !strings.Contains(page, "09:00 to 12:00") {
		t.Error("the page does not say which part it shows")
	}
}

func TestTheQuartersOfADayAreOfferedByName(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", `"summaryId":"x-1","calendarDate":"2025-11-20","startTimeInSeconds":1763596800,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":1,"timeOffsetHeartRateSamples":{"3600":51}`)
	const night = 1763589600 // 22:00 the evening before
	s.Push("sleeps", fmt.Sprintf(`"summaryId":"x-2","calendarDate":"2025-11-20","startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":28800,"validation":"DEVICE"`, night))
	quarter := regexp.MustCompile(`href="([^"]*)" aria-label="(\w+), ([^"]*)"[^>]*aria-current="true"`)
	link := regexp.MustCompile(`href="([^"]*)" aria-label="Morning, 06:00 to 12:00"`)
	page := s.Page("/p/ada/day/2025-11-20")
	found := link.FindStringSubmatch(page)
	if found == nil || quarter.MatchString(page) {
		t.Fatal("no morning is offered, or a quarter is marked though the whole day is shown")
	}
	if !strings.Contains(page, `aria-label="Night, 22:00 to 06:00"`) {
		t.Error("the night does not begin where its sleep did")
	}
	path, _, _ := strings.Cut(html.UnescapeString(found[1]), "#")
	page = s.Page(path)
	if here := quarter.FindStringSubmatch(page); here == nil || here[2] != "Morning" {
		t.Errorf("the morning is not marked: %q", here)
	}
	if !strings.Contains(page, `class="shown">06:00 to 12:00`) {
		t.Error("the link of the morning shows another part")
	}
}
