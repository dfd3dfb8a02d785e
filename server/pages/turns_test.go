package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"garner/server/pages"
)

// TestOnlySoManyPagesAreMadeAtOnce for any route, since a page of ten years holds
// megabytes. Those for people who are not signed in take no turn, and a page that is
// being sent keeps none waiting.
func TestOnlySoManyPagesAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	site, get := f.counted()
	bounded := 0
	for _, route := range site.Routes() {
		if !route.Page {
			continue
		}
		path := strings.NewReplacer("{slug}", "ada", "{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11",
			"{date}", "2026-11-20", "{id:[0-9]+}", "7", "{type}", "dailies").Replace(route.Path)
		free := site.Busy()
		refused := get(path, site.Making).Code == http.StatusServiceUnavailable
		free()
		if refused == (route.Access == pages.Anyone) {
			t.Errorf("%s beside too many others: refused is %v", path, refused)
		}
		if refused {
			bounded++
		}
		if w := get(path, site.Making); w.Code == http.StatusServiceUnavailable || w.ran+site.Making() > 0 {
			t.Errorf("%s alone: %d, %d are being made while it is sent, %d after", path, w.Code, w.ran, site.Making())
		}
	}
	if bounded < 40 {
		t.Errorf("%d pages are bounded", bounded)
	}
}
