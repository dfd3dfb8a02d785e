package pages_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestAnActivityShowsItsTrackStreamsLapsAndVersions(t *testing.T) {
	t.Parallel()
	s := sporty(t)
	list := s.Page("/p/ada/activities?gps=1&sport=ROAD_BIKING")
	link := regexp.MustCompile(`/p/ada/activities/\d+`).FindString(list)
	if link == "" {
		t.Fatal("the list has no ride")
	}
	page := s.Page(link)
	for _, want := range []string{`data-testid="map"`, `data-samples="` + link + `/samples.json"`, `data-testid="stream-heart_rate"`,
		`data-testid="stream-speed"`, `data-testid="stream-power"`, `class="track-lost"`, `data-lap="2"`,
		"zones are not known", `data-x="distance" aria-current="true"`, "Average speed", ">Activity samples, delivery #"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	if strings.Contains(page, `class="pause"`) {
		t.Error("a pause has a width over distance")
	}
	if clock := s.Page(link + "?x=clock"); !strings.Contains(clock, `class="pause"`) ||
		!strings.Contains(clock, `data-x="clock" aria-current="true"`) {
		t.Error("over the clock, pauses are not shown")
	}
	if w := s.Get("/p/ada/activities/1"); w.Code != http.StatusNotFound {
		t.Errorf("one that is not there: %d", w.Code)
	}
}

func TestASimulatedActivityIsFoundByGarminsId(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("activities", `"summaryId":"sd-9","activityId":9,"startTimeInSeconds":1795154400,"startTimeOffsetInSeconds":0,
		"durationInSeconds":60,"activityType":"RUNNING","activityName":"Made up"`)
	if list := s.Page("/p/ada/activities"); !strings.Contains(list, `href="/p/ada/activities/9"`) {
		t.Error("the list does not lead to it")
	}
	if page := s.Page("/p/ada/activities/9"); !strings.Contains(page, "Made up") {
		t.Error("it has no page")
	}
}
