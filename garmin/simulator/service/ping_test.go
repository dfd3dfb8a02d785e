package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// address returns path and query of the first address that a delivery announces.
func (g *garmin) address(d simulator.Delivery) string {
	g.t.Helper()
	all := records(g.t, []simulator.Delivery{d}, d.Type)
	if len(all) == 0 {
		g.t.Fatal("nothing is announced")
	}
	path, ours := strings.CutPrefix(all[0]["callbackURL"].(string), g.url)
	if !ours {
		g.t.Fatalf("the address is %s", all[0]["callbackURL"])
	}
	return path
}

// only returns the first delivery of a type.
func (g *garmin) only(all []simulator.Delivery, key string) simulator.Delivery {
	g.t.Helper()
	for _, d := range all {
		if d.Type == key {
			return d
		}
	}
	g.t.Fatalf("no delivery of %s", key)
	return simulator.Delivery{}
}

func TestAPingAnnouncesWhatAPullThenGives(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{Mode: map[string]string{"allDayRespiration": ModePing}})
	ada, ben := g.Connect(0, HealthExport).AccessToken, g.Connect(1, HealthExport).AccessToken
	g.pass(12 * time.Hour)
	pushed := g.deliver()
	if body := g.only(pushed, "dailies").Body; strings.Contains(string(body), "callbackURL") {
		t.Error("a pushed type has become a ping")
	}
	d := g.only(pushed, "allDayRespiration")
	if strings.Contains(string(d.Body), "timeOffset") {
		t.Fatalf("the ping has data: %s", d.Body)
	}
	address := g.address(d)
	mine, other := ada, ben
	if d.Person == 1 {
		mine, other = ben, ada
	}
	for range 2 {
		var bare []map[string]any
		res := g.get(address, mine)
		if err := json.Unmarshal([]byte(res.body), &bare); err != nil || len(bare) == 0 ||
			bare[0]["userId"] != g.people[d.Person].UserID || bare[0]["startTimeInSeconds"] == nil {
			t.Fatalf("%v: %s", err, res.body)
		}
	}
	g.expect(401, "without a token", g.get(address, ""))
	for what, res := range map[string]response{
		"another person":  g.get(address, other),
		"another type":    g.get(strings.Replace(address, "respiration", "dailies", 1), mine),
		"no pull token":   g.get(address[:strings.Index(address, "&token")], mine),
		"another token":   g.get(address+"x", mine),
		"no range":        g.get(apiPath+"respiration?token="+address[strings.Index(address, "token=")+6:], mine),
		"another range":   g.get(strings.Replace(address, "StartTimeInSeconds=1", "StartTimeInSeconds=11", 1), mine),
		"too long a time": g.get(apiPath+"dailies?uploadStartTimeInSeconds=1&uploadEndTimeInSeconds=86402", mine),
	} {
		g.expect(400, what, res)
		if !strings.Contains(what, "range") && !strings.Contains(what, "time") &&
			!strings.Contains(res.body, "InvalidPullTokenException") {
			t.Errorf("%s: %s", what, res.body)
		}
	}
	g.pass(uploadLife)
	g.expect(400, "a week later", g.get(address, g.Connect(d.Person, HealthExport).AccessToken))
}

func TestAFileIsFetchedOnceAndWithinADay(t *testing.T) {
	t.Parallel()
	failing := false
	g := newGarmin(t, Config{Files: func(person int, activity int64, format string) ([]byte, error) {
		if failing {
			return nil, errors.New("out of order")
		}
		return fmt.Append(nil, person, activity, format), nil
	}})
	token := g.Connect(0, everything()...).AccessToken
	g.expect(202, "activities", g.ask(token, "activities", 20, 1))
	g.pass(10 * time.Minute)
	pushed := g.deliver()
	all := records(t, pushed, filesKey)
	if len(all) < 3 || len(all) > len(records(t, pushed, "activities")) {
		t.Fatalf("%d files", len(all))
	}
	path := func(i int) string { return strings.TrimPrefix(all[i]["callbackURL"].(string), g.url) }

	failing = true
	g.expect(500, "a file that cannot be made", g.get(path(0), token))
	failing = false
	res := g.get(path(0), token)
	g.expect(200, "a file", res)
	want := fmt.Sprint(0, int64(all[0]["activityId"].(float64)), "FIT")
	if res.body != want || res.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file is %q, not %q", res.body, want)
	}
	g.expect(410, "the file again", g.get(path(0), token))
	g.expect(400, "another id", g.get(strings.Replace(path(1), "id=", "id=1", 1), token))
	g.expect(401, "without a token", g.get(path(1), ""))
	g.expect(400, "another person", g.get(path(1), g.Connect(1, ActivityExport).AccessToken))
	g.pass(23 * time.Hour)
	g.expect(200, "23 hours later", g.get(path(1), token))
	g.pass(time.Hour)
	g.expect(410, "a day later", g.get(path(2), g.Connect(0, everything()...).AccessToken))
}

func TestWithoutFilesNoneAreAnnounced(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.expect(202, "activities", g.ask(g.Connect(0, everything()...).AccessToken, "activities", 20, 1))
	g.pass(10 * time.Minute)
	pushed := g.deliver()
	if len(records(t, pushed, "activities")) == 0 || len(records(t, pushed, filesKey)) > 0 {
		t.Error("there are no activities, or files are announced")
	}
}

func TestAPingAtAFractionOfASecondCanBePulled(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{Mode: map[string]string{"dailies": ModePing}})
	token := g.Connect(0, everything()...).AccessToken
	g.pass(500 * time.Millisecond)
	g.expect(202, "a window", g.ask(token, "dailies", 20, 10))
	g.pass(10 * time.Minute)
	g.expect(200, "what was announced", g.get(g.address(g.only(g.deliver(), "dailies")), token))
}
