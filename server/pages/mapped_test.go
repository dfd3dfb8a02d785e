package pages_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"garner/config"
	"garner/server"
	"garner/server/pages"
)

func TestMapTilesAreSetWithTheirAttributionOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	const tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
	for _, c := range []struct{ tiles, attribution, zoom, field, says string }{
		{"javascript:alert(1)//{z}/{x}/{y}", "x", "", "map-tiles", "must be an address"},
		{"http://tiles.example.org/{z}/{x}/{y}.png", "x", "", "map-tiles", "must be https"},
		{"https://a:b@tiles.example.org/{z}/{x}/{y}.png", "x", "", "map-tiles", "no user"},
		{tiles, "", "", "map-attribution", "needed"},
		{tiles, "x", "99", "map-max_zoom", "1 to 22"},
	} {
		status, _, page := s.Send("/settings/box/map",
			values("map.tiles", c.tiles, "map.attribution", c.attribution, "map.max_zoom", c.zoom))
		got := parsed(t, page).Find("#" + c.field + "-hint .error").Text()
		if status != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(got), c.says) {
			t.Errorf("%+v: %d, %q", c, status, got)
		}
	}
	if got := setting(t, s, "map.tiles"); got != "" {
		t.Fatalf("faulty tiles are stored: %q", got)
	}
	sent(t, s, "/settings/box/map", "/settings/box", "map.tiles", tiles, "map.attribution", "© mappers", "map.max_zoom", "17")
	if got := setting(t, s, "map.tiles"); got != tiles {
		t.Errorf("stored: %q", got)
	}
	page := parsed(t, s.Page("/settings/box"))
	if got := page.Find("#map").Text(); !strings.Contains(got, "learns where people were") {
		t.Errorf("no warning: %q", got)
	}
}

func TestMapTilesOfTheFileAreReadOnly(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Config.Map.Tiles, o.Config.Set = "https://file.example.org/{z}/{x}/{y}.png", map[string]bool{"map.tiles": true}
	})
	page := parsed(t, s.Page("/settings/box"))
	if got := page.Find("[data-testid=fixed-map-tiles]").Text(); !strings.HasPrefix(got, "https://file.example.org/") {
		t.Errorf("shown: %q", got)
	}
}

func TestOnlyAPageWithAMapMayLoadTilesAndNamesItsOriginToTheirHost(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Live.Map = config.Map{Tiles: "https://tiles.example.org/{z}/{x}/{y}.png", Attribution: "© mappers", MaxZoom: 17}
	})
	const header = "Content-Security-Policy"
	other := s.Get("/settings/box").Header()
	if strings.Contains(other.Get(header), "tiles.example.org") || other.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("a page without a map: %q, %q", other.Get(header), other.Get("Referrer-Policy"))
	}
	for origin, live := range map[string]config.Map{"": {}, " https://tiles.example.org": {
		Tiles: "https://tiles.example.org/{z}/{x}/{y}.png", Attribution: "© mappers", MaxZoom: 17}} {
		site := pages.New(pages.Options{Live: pages.Live{Map: live}}, s.Inbox.InboxReader, s.Store,
			slog.New(slog.DiscardHandler))
		w := httptest.NewRecorder()
		w.Header().Set(header, other.Get(header))
		w.Header().Set("Referrer-Policy", other.Get("Referrer-Policy"))
		site.MapView(templ.NopComponent).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		want, referrer := strings.Replace(other.Get(header), "img-src 'self'", "img-src 'self'"+origin, 1), "no-referrer"
		if origin != "" {
			referrer = "strict-origin-when-cross-origin"
		}
		if got := w.Header(); got.Get(header) != want || got.Get("Referrer-Policy") != referrer ||
			!strings.Contains(want, "img-src 'self'"+origin+" data:") {
			t.Errorf("tiles from %q: %q, %q", origin, got.Get(header), got.Get("Referrer-Policy"))
		}
	}
}
