package server_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

// route is an address of the pages, with what stands for its variables.
type route struct {
	path    string
	methods []string
}

// routes walks those that the pages register.
func routes(t *testing.T) (out []route) {
	t.Helper()
	r := mux.NewRouter()
	site := pages.New(pages.Options{}, nil, nil, slog.New(slog.DiscardHandler))
	site.Register(r, site.Routes())
	fill := strings.NewReplacer("{slug}", "ada", "{date}", "2026-11-20", "{type}", "dailies", "{id:[0-9]+}", "1",
		"{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11")
	byPath := map[string]int{}
	err := r.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := r.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := r.GetMethods() // a route of any method would be an error
		if at, ok := byPath[path]; ok {
			out[at].methods = append(out[at].methods, methods...)
			return err
		}
		byPath[path] = len(out)
		out = append(out, route{fill.Replace(path), methods})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 30 {
		t.Fatalf("only %d routes were found", len(out))
	}
	return out
}

// machines are the addresses that are for programs.
var machines = []route{{"/healthz", []string{"GET", "HEAD"}}, {"/readyz", []string{"GET", "HEAD"}},
	{"/metrics", []string{"GET", "HEAD"}}, {"/.well-known/garner-probe/none", []string{"GET", "HEAD"}}}

// site is a server whose one person has a day that came with delivery 1.
func site(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(servertest.ADay)); status != 200 {
		t.Fatal(status)
	}
	s.Run()
	return s
}

func TestEveryRouteAnswersItsOwnMethodsOnly(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, r := range append(routes(t), machines...) {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"} {
			w := s.Ask(method, r.path, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") })
			if r.path == "/signout" {
				s.As("admin")
			}
			own, refused := slices.Contains(r.methods, method), w.Code == http.StatusMethodNotAllowed
			if r.path == "/p/ada/sync/pause" && w.Code == http.StatusNotFound {
				refused = true // by GET it is the page of a type of that name
			}
			if own == refused {
				t.Errorf("%s %s: %d, but it is for %v", method, r.path, w.Code, r.methods)
			}
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d", method, r.path, w.Code)
			}
		}
	}
}

func TestEveryChangeIsAPostAndNoneIsTakenFromAnotherSite(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, r := range routes(t) {
		if !slices.Contains(r.methods, "POST") {
			continue
		}
		w := s.Ask(http.MethodPost, r.path, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		if w.Code != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d", r.path, w.Code)
		}
	}
}

func TestWithoutAStoreEveryPageSaysInWordsWhatToDo(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	broken := server.New(s.Server.Options, s.Inbox, nil, nil, slog.New(slog.DiscardHandler)).Handler()
	for _, r := range routes(t) {
		for _, method := range r.methods {
			req := httptest.NewRequest(method, r.path, nil)
			req.Host, req.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
			w := httptest.NewRecorder()
			broken.ServeHTTP(w, req)
			if w.Code != http.StatusServiceUnavailable || method != "HEAD" &&
				!strings.Contains(w.Body.String(), "Restart Garner") {
				t.Errorf("%s %s: %d %.60q", method, r.path, w.Code, w.Body)
			}
		}
	}
	if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader("{}")); status != http.StatusOK {
		t.Errorf("a callback: %d", status)
	}
}

func TestEveryRouteIsGuardedWhateverItAnswers(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, r := range append(routes(t), machines...) {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			for _, fetch := range []string{"same-origin", "cross-site"} {
				w := s.Ask(method, r.path, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", fetch) })
				h := w.Header()
				if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
					strings.Contains(h.Get("Content-Security-Policy"), "unsafe") ||
					h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
					h.Get("Cross-Origin-Opener-Policy") != "same-origin" ||
					h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" {
					t.Errorf("%s %s: %d, %v", method, r.path, w.Code, h)
				}
			}
		}
	}
}

func TestOnlyPagesWithoutASecretAreCompressed(t *testing.T) {
	t.Parallel()
	const secret = "http://localhost/garmin/" + servertest.Secret
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.CallbackURL = secret })
	s.Add("Ada", "u1")
	zipped := 0
	for _, r := range routes(t) {
		if !slices.Contains(r.methods, "GET") {
			continue
		}
		plain := s.Get(r.path)
		w := s.Ask(http.MethodGet, r.path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
		if w.Header().Get("Content-Encoding") == "" {
			continue
		}
		zipped++
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s is compressed as %s", r.path, w.Header().Get("Content-Type"))
		}
		if strings.Contains(plain.Body.String(), servertest.Secret) {
			t.Errorf("%s shows a secret and is compressed", r.path)
		}
	}
	if zipped < 5 {
		t.Errorf("only %d pages are compressed", zipped)
	}
}
