package pages_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

func TestATemplateThatPanicsHalfwayGivesTheErrorPageAndNoHalfPage(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	site := pages.New(pages.Options{}, s.Inbox.InboxReader, s.Store, slog.New(slog.DiscardHandler))
	w := httptest.NewRecorder()
	site.View(templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half a page")
		var none []int
		_ = none[len(none)]
		return nil
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := w.Body.String(); w.Code != http.StatusInternalServerError ||
		!strings.Contains(got, "Something went wrong on this page") || strings.Contains(got, "half a page") {
		t.Errorf("%d: %s", w.Code, got)
	}
}

func TestPagesSayHowLongThingsAreKeptAsItIsConfigured(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(),
		func(o *server.Options) { o.KeepBodies, o.KeepOrphans = 60*24*time.Hour, 90*24*time.Hour })
	s.Post("/garmin/"+servertest.Secret+"/dailies",
		strings.NewReader(strings.ReplaceAll(servertest.ADay, "u1", "stranger")))
	s.Run()
	until := time.Now().Add(90 * 24 * time.Hour).UTC().Format("2 Jan")
	for path, want := range map[string]string{"/inbox/7": "bodies stay for 60 days", "/inbox": "kept until " + until} {
		if got := s.Get(path).Body.String(); !strings.Contains(got, want) || strings.Contains(got, "30 days") {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	for _, path := range []string{"/help", "/inbox/1", "/inbox?state=orphaned"} {
		if strings.Contains(s.Get(path).Body.String(), "30 days") {
			t.Errorf("%s says 30 days", path)
		}
	}
}
