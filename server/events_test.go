package server_test

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin"
	"garner/server"
	"garner/server/auth"
	"garner/server/servertest"
)

// pipes is a listener in memory, so that time in a bubble goes on while connections wait.
type pipes struct {
	conns chan net.Conn
	ended chan struct{}
}

// loopback gives the end of a pipe an address.
type loopback struct{ net.Conn }

var localhost = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}

// RemoteAddr implements net.Conn.
func (loopback) RemoteAddr() net.Addr { return localhost }

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return loopback{conn}, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	close(p.ended)
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return localhost }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	p.conns <- server
	return client, nil
}

// bubble is a server for the time of a bubble, with the account of a member.
type bubble struct {
	store  *db.Store
	server *server.Server
	client *http.Client // signed in as the member
	member *db.Account
}

// inBubble runs a test with one. What it started has ended afterwards.
func inBubble(t *testing.T, test func(*testing.T, *bubble)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		in, err := db.OpenInbox(t.Context(), dir, servertest.Limits(), nil)
		if err != nil {
			t.Fatal(err)
		}
		store, err := db.OpenStore(t.Context(), dir, garmin.Kinds(), garmin.Metrics())
		if err != nil {
			t.Fatal(err)
		}
		opts := server.Options{Access: server.Access{Secrets: []string{servertest.Secret}}, MaxBody: 16 << 20,
			ReadWithin: 30 * time.Second, AnswerWithin: 8 * time.Second}
		opts.Config = config.Default()
		b := &bubble{store: store, server: server.New(opts, in, store, nil, slog.New(slog.DiscardHandler))}
		ctx, stop := context.WithCancel(t.Context())
		l, ended := &pipes{make(chan net.Conn), make(chan struct{})}, make(chan error)
		go func() { ended <- b.server.Serve(ctx, server.Listeners{Plain: l}) }()
		transport := &http.Transport{DialContext: l.dial}
		defer func() {
			stop()
			transport.CloseIdleConnections()
			if err := errors.Join(<-ended, in.Close(), store.Close()); err != nil {
				t.Error(err)
			}
		}()
		b.signIn(t, transport)
		test(t, b)
	})
}

func (b *bubble) signIn(t *testing.T, transport http.RoundTripper) {
	t.Helper()
	hash, err := auth.NewHasher().Hash(t.Context(), servertest.Password)
	if err != nil {
		t.Fatal(err)
	}
	b.member, err = b.store.AddAccount(t.Context(), time.Now(), db.Account{Name: "ada", Role: db.RoleMember}, hash)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.client = &http.Client{Transport: transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := b.client.PostForm("http://localhost/signin",
		url.Values{"name": {b.member.Name}, "password": {servertest.Password}})
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusSeeOther {
		t.Fatal(resp.Status, err)
	}
}

// beat is how often a stream sends something, at least.
const beat = 15 * time.Second

func TestAnEventStreamEndsWithinABeatOfItsSession(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(context.Context, *bubble) error{
		"revoked":  func(ctx context.Context, b *bubble) error { return b.store.EndSessions(ctx, b.member.ID, "") },
		"disabled": func(ctx context.Context, b *bubble) error { return b.store.SetDisabled(ctx, b.member.ID, true) },
		"removed":  func(ctx context.Context, b *bubble) error { return b.store.RemoveAccount(ctx, b.member.ID) },
	} {
		for how, every := range map[string]time.Duration{"quiet": time.Hour, "busy": 100 * time.Millisecond} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, b *bubble) {
					resp, err := b.client.Get("http://localhost/events")
					if err != nil {
						t.Fatal(err)
					}
					defer resp.Body.Close()
					defer b.changes(every)()
					lines := bufio.NewScanner(resp.Body)
					for began := time.Now(); time.Since(began) < 2*beat+time.Second; {
						if !lines.Scan() {
							t.Fatalf("it ended while the session lasted: %v", lines.Err())
						}
					}
					if err := end(t.Context(), b); err != nil {
						t.Fatal(err)
					}
					ended := time.Now()
					for lines.Scan() {
						late := time.Since(ended) // a beat of the same instant was on its way
						if strings.HasPrefix(lines.Text(), ": beat") && late > 0 || late > beat+2*time.Second {
							t.Fatalf("%s after the end of the session it says %q", time.Since(ended), lines.Text())
						}
					}
				})
			})
		}
	}
}

// changes tells open pages of a change again and again, until stop is called.
func (b *bubble) changes(every time.Duration) (stop func()) {
	tick, ended := time.NewTicker(every), make(chan struct{})
	go func() {
		for {
			select {
			case <-tick.C:
				b.server.Changed()
			case <-ended:
				return
			}
		}
	}()
	return func() {
		tick.Stop()
		close(ended)
	}
}
