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

func TestPagesStaySmall(t *testing.T) {
	t.Parallel()
	if n := len(byURL[URL("app.js")].zipped); n > 12_000 {
		t.Errorf("app.js has %d bytes compressed", n)
	}
	if n := len(byURL[URL("app.css")].zipped); n > 15_000 {
		t.Errorf("app.css has %d bytes compressed", n)
	}
}
