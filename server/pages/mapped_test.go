package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"garner/server"
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
