package pages_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"garner/server/pages"
	"garner/server/peer"
)

// sending notes how many pages are being made while one is sent.
type sending struct {
	*httptest.ResponseRecorder
	site *pages.Site
	most int
}

func (m *sending) Write(b []byte) (int, error) {
	m.most = max(m.most, m.site.Making())
	return m.ResponseRecorder.Write(b)
}

// TestOnlySoManyPagesAreMadeAtOnce for any route, since a page of ten years holds
// megabytes. Those for people who are not signed in take no turn, and a page that is
// being sent keeps none waiting.
func TestOnlySoManyPagesAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	opts := f.Server.Options.Options
	opts.Demo = true // without sign-in
	site := pages.New(opts, f.Inbox.InboxReader, f.Store, slog.New(slog.DiscardHandler))
	router := mux.NewRouter()
	site.Register(router, site.Routes())
	handler := peer.With(nil, router)
	get := func(path string) *sending {
		w := &sending{httptest.NewRecorder(), site, 0}
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
		handler.ServeHTTP(w, r)
		return w
	}
	bounded := 0
	for _, route := range site.Routes() {
		if !route.Page {
			continue
		}
		path := strings.NewReplacer("{slug}", "ada", "{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11",
			"{date}", "2026-11-20", "{id:[0-9]+}", "7", "{type}", "dailies").Replace(route.Path)
		free := site.Busy()
		refused := get(path).Code == http.StatusServiceUnavailable
		free()
		if refused == (route.Access == pages.Anyone) {
			t.Errorf("%s beside too many others: refused is %v", path, refused)
		}
		if refused {
			bounded++
		}
		if w := get(path); w.Code == http.StatusServiceUnavailable || w.most+site.Making() > 0 {
			t.Errorf("%s alone: %d, %d are being made while it is sent, %d after", path, w.Code, w.most, site.Making())
		}
	}
	if bounded < 40 {
		t.Errorf("%d pages are bounded", bounded)
	}
}
