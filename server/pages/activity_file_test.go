package pages_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/server/servertest"
)

func TestAFileOfAnActivityIsDownloadedAsGarminGaveIt(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	if _, err := s.Store.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	const content = "<script>alert(1)</script>"
	put := func(a db.Arrival, body string) {
		a.Received = time.Now()
		if _, err := s.Inbox.Put(t.Context(), a, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	put(db.Arrival{}, `{"activities":[{"userId":"u1","summaryId":"77","activityId":77,"activityName":"Ride",`+
		`"startTimeInSeconds":1795154400,"startTimeOffsetInSeconds":0,"durationInSeconds":3600}]}`)
	put(db.Arrival{Source: health.Ping, Encoding: garmin.FileEncoding}, garmin.Fetched{UserID: "u1"}.File(
		`{"summaryId":"77-file","activityId":77,"fileType":"fit"}`)+content)
	// Sent to the callback address, this is no file.
	put(db.Arrival{Encoding: garmin.FileEncoding}, garmin.Fetched{UserID: "u1"}.File(`{"activityId":77,"fileType":"TCX"}`)+"x")
	s.Run()
	page := s.Get("/p/ada/day/2026-11-20").Body.String()
	if !strings.Contains(page, `href="/p/ada/files/1"`) || !strings.Contains(page, "could not be read whole") ||
		strings.Count(page, "/p/ada/files/") != 1 {
		t.Error("the day has no link to the file, or more than that")
	}
	w := s.Get("/p/ada/files/1")
	h := w.Header()
	if w.Code != http.StatusOK || w.Body.String() != content || h.Get("Content-Security-Policy") != "sandbox" ||
		h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "application/octet-stream" ||
		h.Get("Content-Disposition") != `attachment; filename="ada_activity_77.fit"` {
		t.Errorf("%d %q %v", w.Code, w.Body, h)
	}
	log, err := s.Store.Audit(t.Context(), db.AuditFilter{Person: 1}, 10)
	if err != nil || len(log) != 1 || log[0].Action != db.ActionExported || log[0].Detail != "ada_activity_77.fit" {
		t.Errorf("the audit log has %+v, %v", log, err)
	}
	if w := s.Get("/p/ada/files/2"); w.Code != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", w.Code)
	}
}
