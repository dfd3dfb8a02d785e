package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, method, url, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestFilesAreImmutableAndCompressed(t *testing.T) {
	t.Parallel()
	for name := range urls {
		plain := byURL[URL(name)].plain
		res := get(t, http.MethodGet, URL(name), "br, gzip")
		if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		zr, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if body, err := io.ReadAll(zr); err != nil || !bytes.Equal(body, plain) {
			t.Errorf("%s: compressed body differs: %v", name, err)
		}
		res = get(t, http.MethodGet, URL(name), "")
		if body, err := io.ReadAll(res.Body); err != nil || !bytes.Equal(body, plain) {
			t.Errorf("%s: plain body differs: %v", name, err)
		}
	}
}

func TestOtherAddressesAndMethodsAreRefused(t *testing.T) {
	t.Parallel()
	if got := get(t, http.MethodGet, "/static/app.css", "").StatusCode; got != http.StatusNotFound {
		t.Errorf("name without its hash: %d", got)
	}
	if got := get(t, http.MethodPost, URL("app.css"), "").StatusCode; got != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got)
	}
}

// zipped is how many bytes files have as they are sent.
func zipped(names ...string) (n int) {
	for _, name := range names {
		n += len(byURL[URL(name)].zipped)
	}
	return n
}

func TestPagesStaySmall(t *testing.T) {
	t.Parallel()
	plots := []string{"app.js", "keys.js", "recording.js", "charts.js", "vendor/uplot.js"}
	for name, c := range map[string]struct{ got, most int }{
		"the style sheet":              {zipped("app.css"), 15_000},
		"scripts of ordinary pages":    {zipped("app.js", "keys.js"), 12_000},
		"scripts of pages with charts": {zipped(plots...), 40_000},
		"scripts of pages with a map":  {zipped(append(plots, "map.js", "vendor/leaflet.js")...), 95_000},
		"the style sheets of charts":   {zipped("vendor/uplot.css"), 1_000},
		"the style sheets of maps":     {zipped("vendor/leaflet.css"), 4_000},
	} {
		if c.got > c.most {
			t.Errorf("%s: %d bytes compressed, at most %d", name, c.got, c.most)
		}
	}
}

func TestLibrariesAreOfAKnownVersionAndCarryTheirLicence(t *testing.T) {
	t.Parallel()
	for name, sign := range map[string]string{
		"vendor/uplot.js": "uPlot (v1.6.32)", "vendor/uplot.LICENSE.txt": "The MIT License",
		"vendor/leaflet.js": "Leaflet 1.9.4", "vendor/leaflet.css": "Leaflet 1.9.4", "vendor/leaflet.LICENSE.txt": "BSD 2-Clause",
	} {
		if !strings.Contains(string(byURL[URL(name)].plain), sign) {
			t.Errorf("%s does not say %q", name, sign)
		}
	}
}

func TestFilesReferToNoOthers(t *testing.T) {
	t.Parallel()
	for name := range urls {
		body := strings.ReplaceAll(string(byURL[URL(name)].plain), "url(#", "(#") // of the page itself
		if strings.HasSuffix(name, ".css") && strings.Contains(body, "url(") || strings.Contains(body, "sourceMappingURL") {
			t.Errorf("%s refers to a file that is not embedded", name)
		}
	}
}
