package pages

import (
	"net/http"
	"strings"

	"garner/ui"
)

// tiles are what maps show below tracks.
func (s *Site) tiles() ui.Tiles {
	m := s.live.Load().Map
	return ui.Tiles{URL: m.Tiles, Attribution: m.Attribution, MaxZoom: m.MaxZoom}
}

// mapped makes a handler of a page with a map. Where tiles are set up, this page may
// load images from their host, and names its own origin to that host: hosts of tiles
// refuse requests without one. No other page may.
func (s *Site) mapped(h func(*http.Request) (answer, error)) http.HandlerFunc {
	return s.pageSetting(func(w http.ResponseWriter, r *http.Request) (answer, error) {
		allowTiles(w.Header(), s.live.Load().Map.Origin())
		return h(r)
	})
}

// allowTiles adds an origin to the images that a page may load; empty for none.
func allowTiles(h http.Header, origin string) {
	if origin == "" {
		return
	}
	const header, own = "Content-Security-Policy", "img-src 'self'"
	h.Set(header, strings.Replace(h.Get(header), own, own+" "+origin, 1))
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
}
