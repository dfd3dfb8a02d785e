package pages_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/server/pages"
	"garner/server/peer"
	"garner/server/servertest"
)

// counting notes how many downloads run while a file is written.
type counting struct {
	*httptest.ResponseRecorder
	site *pages.Site
	ran  int
}

func (c *counting) Write(b []byte) (int, error) {
	c.ran = max(c.ran, c.site.Downloads())
	return c.ResponseRecorder.Write(b)
}

// TestEveryFileOfAPersonsValuesIsADownload that has a place among those that run, and of
// which the person finds an entry if it is another's account.
func TestEveryFileOfAPersonsValuesIsADownload(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.Push("activityDetails", fmt.Sprintf(`"activityId":7,"summaryId":"7-detail","summary":{"startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":0,"durationInSeconds":60,"activityType":"RUNNING"},"samples":[
		{"startTimeInSeconds":%d,"heartRate":100,"latitudeInDegree":1,"longitudeInDegree":-2}]`, midnight20, midnight20))
	if err := f.Store.Share(t.Context(), time.Now(), f.person("ada"), f.ben.ID); err != nil {
		t.Fatal(err)
	}
	opts := f.Server.Options.Options
	opts.Demo = true // without sign-in
	site := pages.New(opts, f.Inbox.InboxReader, f.Store, slog.New(slog.DiscardHandler))
	router := mux.NewRouter()
	site.Register(router, site.Routes())
	handler := peer.With(nil, router)
	f.As("Ben")
	files := 0
	for _, route := range site.Routes() {
		end := route.Path[strings.LastIndexByte(route.Path, '.')+1:]
		if route.Access != pages.Values || !slices.Contains([]string{"csv", "gpx", "tcx"}, end) {
			continue
		}
		files++
		path := strings.NewReplacer("{slug}", "ada", "{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11",
			"{id:[0-9]+}", "7").Replace(route.Path)
		w := &counting{httptest.NewRecorder(), site, 0}
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
		if handler.ServeHTTP(w, r); w.Code != http.StatusOK || w.ran != 1 || site.Downloads() != 0 {
			t.Errorf("%s: %d, %d downloads run, then %d", path, w.Code, w.ran, site.Downloads())
		}
		before := len(f.log(db.ActionExported))
		if w := f.Get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		if log := f.log(db.ActionExported); len(log) != before+1 || !strings.Contains(log[before], "Ben: ada_") {
			t.Errorf("%s: the audit log says %q", path, log[before:])
		}
	}
	if files != 8 {
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
