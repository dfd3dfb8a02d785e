package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"garner/db"
	"garner/server/auth"
)

// TestOnlyTheDocumentIsForReadersOfThePages, who have a session and no token.
func TestOnlyTheDocumentIsForReadersOfThePages(t *testing.T) {
	t.Parallel()
	store, err := db.OpenStore(t.Context(), t.TempDir(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	log := slog.New(slog.DiscardHandler)
	token, _, err := auth.NewAPIToken(t.Context(), store, db.APIToken{Name: "x", Scopes: []string{"metrics"},
		Created: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, header string
		reader       bool
		want         int
	}{
		{DocumentPath, "", true, http.StatusOK}, {DocumentPath, "", false, http.StatusUnauthorized},
		{DocumentPath, "Bearer garner_unknown", true, http.StatusOK}, {DocumentPath, "Bearer " + token, false, http.StatusOK},
		{"people", "", true, http.StatusUnauthorized},
	} {
		a := New(Options{Store: store, Auth: auth.New(store, log), Admits: func(*http.Request) bool { return c.reader },
			Log: log})
		r := httptest.NewRequest(http.MethodGet, Prefix+c.path, nil).WithContext(t.Context())
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		w := httptest.NewRecorder()
		a.handle(Route{Path: c.path, answer: func(*request) (any, error) { return "all", nil }}).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s for a reader of pages (%v) with %.10q: %d, want %d", c.path, c.reader, c.header, w.Code, c.want)
		}
	}
	w := httptest.NewRecorder()
	New(Options{Log: log}).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, Prefix+"people", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("without garner.db: %d", w.Code)
	}
}
