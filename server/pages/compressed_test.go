package pages_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestPagesAreCompressedUnlessTheyShowASecret(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for path, want := range map[string]string{"/": "gzip", "/people": "gzip", "/inbox": "",
		"/p/ada/export/dailies?from=2026-01-01&to=2026-01-02&format=csv": ""} {
		w := s.Ask(http.MethodGet, path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") })
		if w.Code != 200 || w.Header().Get("Content-Encoding") != want {
			t.Errorf("%s: %d, encoded %q, want %q", path, w.Code, w.Header().Get("Content-Encoding"), want)
		}
		if strings.Contains(strings.Join(w.Header().Values("No-Gzip-Compression"), ""), "secret") {
			t.Errorf("%s: the mark of a servertest.Secret is sent", path)
		}
		if want == "" {
			continue
		}
		plain, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(plain)
		if err != nil || string(body) != s.Get(path).Body.String() && path != "/" {
			t.Errorf("%s is another page when it is compressed, %v", path, err)
		}
	}
}
