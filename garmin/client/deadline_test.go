package client

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestASlowDripEndsByTheDeadline(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"no header": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a body without an end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(" ")); err != nil {
					return
				}
				if err := http.NewResponseController(w).Flush(); err != nil {
					return
				}
			}
		},
	} {
		srv := httptest.NewServer(handler)
		t.Cleanup(srv.Close)
		g := newGate(slog.New(slog.DiscardHandler), parsed(t, srv.URL))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = g.Send(req, 50*time.Millisecond, 1<<40)
		if err == nil || !MaybeSent(err) || ended(err) != nil || !broken(err) || !strings.Contains(err.Error(), "within 50ms") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
