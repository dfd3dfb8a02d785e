package pages_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/server/pages"
	"garner/server/peer"
	"garner/server/servertest"
)

// counting notes how many of something run while an answer is written.
type counting struct {
	*httptest.ResponseRecorder
	running func() int
	ran     int
}

func (c *counting) Write(b []byte) (int, error) {
	c.ran = max(c.ran, c.running())
	return c.ResponseRecorder.Write(b)
}

// counted is a site without sign-in, and asks it for a path, counting what runs.
func (f *family) counted() (site *pages.Site, get func(path string, running func() int) *counting) {
	f.T.Helper()
	opts := f.Server.Options.Options
	opts.Demo = true
	site = pages.New(opts, f.Inbox.InboxReader, f.Store, slog.New(slog.DiscardHandler))
	router := mux.NewRouter()
	site.Register(router, site.Routes())
	handler := peer.With(nil, router)
	return site, func(path string, running func() int) *counting {
		w := &counting{httptest.NewRecorder(), running, 0}
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
		handler.ServeHTTP(w, r)
		return w
	}
}

// TestEveryFileOfAPersonsValuesIsADownload that has a place among those that run, and of
// which the person finds an entry if it is another's account.
func TestEveryFileOfAPersonsValuesIsADownload(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.Push("activityDetails", fmt.Sprintf(`"activityId":7,"summaryId":"7-detail","summary":{"startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":0,"durationInSeconds":60,"activityType":"RUNNING"},"samples":[
		{"startTimeInSeconds":%d,"heartRate":100,"latitudeInDegree":1,"longitudeInDegree":-2}]`, midnight20, midnight20))
	fit := garmin.Fetched{UserID: "u1"}.File(`{"summaryId":"7-file","activityId":7,"fileType":"fit"}`) + "FIT"
	from := db.Arrival{Received: time.Now(), Source: health.Ping, Encoding: garmin.FileEncoding}
	if _, err := f.Inbox.Put(t.Context(), from, []byte(fit)); err != nil {
		t.Fatal(err)
	}
	f.Run()
	if err := f.Store.Share(t.Context(), time.Now(), f.person("ada"), f.ben.ID); err != nil {
		t.Fatal(err)
	}
	site, get := f.counted()
	f.As("Ben")
	files := 0
	for _, route := range site.Routes() {
		aboutOne := route.Access == pages.Values || route.Access == pages.Facts
		part := strings.HasSuffix(route.Path, "/samples.json") || strings.HasSuffix(route.Path, "/track.svg") // of a page
		if !aboutOne || part || route.Page || route.Method != http.MethodGet {
			continue
		}
		files++
		path := strings.NewReplacer("{slug}", "ada", "{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11",
			"files/{id:[0-9]+}", "files/1", "{id:[0-9]+}", "7", "{type}", "activityDetails").Replace(route.Path)
		if w := get(path, site.Downloads); w.Code != http.StatusOK || w.ran != 1 || site.Downloads() != 0 {
			t.Errorf("%s: %d, %d downloads run, then %d", path, w.Code, w.ran, site.Downloads())
		}
		before := len(f.log(db.ActionExported))
		if w := f.Get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		log := f.log(db.ActionExported)[before:]
		if strings.Contains(path, "coverage") { // delivery facts, no values
			if len(log) != 0 {
				t.Errorf("%s: the audit log says %q", path, log)
			}
		} else if len(log) != 1 || !strings.Contains(log[0], "Ben: ada_") {
			t.Errorf("%s: the audit log says %q", path, log)
		}
	}
	if files != 13 {
		t.Errorf("%d files", files)
	}
}

// TestAFileOfTrendsHasEachMetricOnceAndNoOther but those that the page has without a choice.
func TestAFileOfTrendsHasEachMetricOnceAndNoOther(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	head := func(path string) string {
		line, _, _ := strings.Cut(s.Page("/p/ada/trends.csv?range=7d"+path), "\n")
		return line
	}
	if got := head(strings.Repeat("&m=hrv", 1000)); strings.Count(got, "hrv_state") != 1 {
		t.Errorf("a metric 1000 times: %s", got)
	}
	if got := head(""); strings.Count(got, "_state,") != 5 || !strings.Contains(got, "steps_goal") {
		t.Errorf("no metric named: %s", got)
	}
	if w := s.Get("/p/ada/trends.csv?m=steps&m=nosuch"); w.Code != http.StatusBadRequest ||
		!strings.Contains(w.Body.String(), "there is no metric named") || !strings.Contains(w.Body.String(), "nosuch") {
		t.Errorf("an unknown metric: %d %s", w.Code, w.Body)
	}
	page := s.Page("/p/ada/trends?m=nosuch&m=hrv&m=nosuch&m=steps&m=sleep&m=weight&m=body_fat&m=vo2_max&m=distance" +
		"&m=floors_climbed&m=bone_mass&m=hrv")
	if _, got, _ := strings.Cut(page, `data-testid="left-out"><bdi>`); !strings.HasPrefix(got,
		"Up to 8 metrics are shown at once, without Bone mass; there is no metric named nosuch.<") {
		t.Errorf("the page says %.150s", got)
	}
}
