package auth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/peer"
)

const password = "a sentence of my own"

// site is an Auth over a real store, with a handler for each of its calls.
type site struct {
	t     *testing.T
	dir   string
	store *db.Store
	auth  *Auth
	http.Handler
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir := t.TempDir()
	store, err := db.OpenStore(t.Context(), dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	a := New(store, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	s := &site{t, dir, store, a, peer.With(nil, a.Load(mux))}
	for path, do := range map[string]func(http.ResponseWriter, *http.Request) error{
		"/signin": func(w http.ResponseWriter, r *http.Request) error {
			return a.SignIn(w, r, r.FormValue("name"), r.FormValue("password"))
		},
		"/signout": a.SignOut,
		"/again": func(w http.ResponseWriter, r *http.Request) error {
			return a.Reauthenticate(w, r, r.FormValue("password"))
		},
		"/password": func(w http.ResponseWriter, r *http.Request) error {
			return a.SetPassword(w, r, r.FormValue("password"), r.FormValue("to"))
		},
		"/setup": func(w http.ResponseWriter, r *http.Request) error {
			return a.SetUp(w, r, r.FormValue("token"), r.FormValue("name"), r.FormValue("password"))
		},
		"/accept": func(w http.ResponseWriter, r *http.Request) error {
			read := r.FormValue("read") == "yes"
			return a.Accept(w, r, r.FormValue("token"), r.FormValue("password"), &read)
		},
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			if err := do(w, r); err != nil {
				*r.Context().Value(errKey{}).(*error) = err
			}
		})
	}
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		if who, ok := Of(r.Context()); ok {
			fmt.Fprintf(w, "%s %v", who.Account.Name, Fresh(who, time.Now()))
		}
	})
	return s
}

type errKey struct{}

// account adds an account with the password of these tests.
func (s *site) account(name string, role db.Role) *db.Account {
	s.t.Helper()
	hash, err := s.auth.hasher.Hash(s.t.Context(), password)
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.store.AddAccount(s.t.Context(), time.Now(), db.Account{Name: name, Role: role}, hash)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// browser is a client with its cookies.
type browser struct {
	*site
	addr    string
	https   bool
	cookies map[string]string
	last    *http.Response
}

func (s *site) browser(addr string) *browser {
	return &browser{site: s, addr: addr, https: true, cookies: map[string]string{}}
}

// post calls a method of Auth with a form of name and value pairs.
func (b *browser) post(path string, form ...string) error {
	b.t.Helper()
	var body []string
	for i := 0; i < len(form); i += 2 {
		body = append(body, form[i]+"="+strings.ReplaceAll(form[i+1], " ", "+"))
	}
	var err error
	b.send(httptest.NewRequest("POST", path, strings.NewReader(strings.Join(body, "&"))), &err)
	return err
}

// who returns who the next request is from, and whether the password is fresh.
func (b *browser) who() string {
	var err error
	w := b.send(httptest.NewRequest("GET", "/who", nil), &err)
	return w.Body.String()
}

func (b *browser) send(r *http.Request, failed *error) *httptest.ResponseRecorder {
	r = r.WithContext(context.WithValue(b.t.Context(), errKey{}, failed))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(b.addr), 1).String()
	if b.https {
		r.TLS = &tls.ConnectionState{}
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	b.last = w.Result()
	for _, c := range b.last.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

func (b *browser) signIn(name, password string) error {
	b.t.Helper()
	return b.post("/signin", "name", name, "password", password)
}

// signedIn is a browser of an account.
func (s *site) signedIn(name string) *browser {
	s.t.Helper()
	b := s.browser("192.0.2.1")
	if err := b.signIn(name, password); err != nil {
		s.t.Fatal(err)
	}
	return b
}

func tooMany(err error) bool {
	var e *TooMany
	return errors.As(err, &e) && e.After > 0
}
