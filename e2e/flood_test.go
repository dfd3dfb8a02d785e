package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// A flood from one address is ended by the limits on guessing. One from many addresses
// is not: then the number of passwords that are checked at once is what bounds it.
func TestPushesAreAnsweredAndTheOwnerSignsInDuringAFloodOfGuesses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from func(n int64) string // the address of a guess
		ends int                  // the answer to most of them
	}{
		"from one address": {func(int64) string { return "127.0.0.3" }, http.StatusTooManyRequests},
		"from many addresses": {func(n int64) string {
			return fmt.Sprintf("127.1.%d.%d", n>>8&255, n&255)
		}, http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			world, list := box.Household(3, 10)
			dir := t.TempDir()
			box.AddPeople(t, dir, world)
			box.AddAdmin(t, dir)
			b := victim{Box: box.Start(t, dir, box.Options{})}
			for range 500 {
				b.dial("")
			}
			known := b.client("127.0.0.2")
			if status, err := signInWith(t.Context(), known, b.Addr, box.Admin, box.Password); status != http.StatusSeeOther {
				t.Fatal(status, err)
			}
			f := b.flood(32, c.from)
			box.Until(t, fmt.Sprintf("guesses are answered %d", c.ends), 20*time.Second, func() bool {
				return f.answered(c.ends) > 0
			})
			before := f.total()
			pushes := 15 // a flood takes its time from every other test
			if allWanted() {
				pushes = 60
			}
			slowest := b.pushOneByOne(list[:pushes])
			pushed := f.total()
			if status, err := signInWith(t.Context(), known, b.Addr, box.Admin, box.Password); status != http.StatusSeeOther {
				t.Errorf("the owner is answered %d in the browser of before, %v", status, err)
			}
			tries := b.ownerSignsIn("127.0.0.4")
			if after := f.total(); pushed == before || after == pushed {
				t.Errorf("the flood did not go on: %d guesses, then %d, then %d", before, pushed, after)
			}
			if c.ends == http.StatusTooManyRequests && tries > 1 {
				t.Errorf("the owner was refused %d times", tries-1)
			}
			t.Logf("slowest push %s; the owner was in with a new browser at try %d; guesses by answer: %v", slowest, tries, f.stop())
			b.wantLittleMemory()
		})
	}
}

// pushOneByOne wants each delivery answered 200, and returns how long the slowest answer
// took.
func (b victim) pushOneByOne(list []simulator.Delivery) (slowest time.Duration) {
	b.T.Helper()
	client := box.NewClient()
	defer client.CloseIdleConnections()
	for i, d := range list {
		began := time.Now()
		if status, err := box.Post(client, b.Addr, d.Type, d.Body); status != http.StatusOK {
			b.T.Fatalf("push %d is answered %d, %v\n%s", i, status, err, b.Log)
		}
		slowest = max(slowest, time.Since(began))
	}
	return slowest
}

// flood is made of sign-ins with wrong passwords.
type flood struct {
	mu      sync.Mutex
	answers map[int]int // by status; 0 for none
	stop    func() map[int]int
}

func (f *flood) count(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[status]++
}

func (f *flood) answered(status int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answers[status]
}

func (f *flood) total() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.answers {
		n += m
	}
	return n
}

// flood guesses with a number of clients until it is stopped. from is the address of
// each guess.
func (b victim) flood(clients int, from func(n int64) string) *flood {
	ctx, cancel := context.WithCancel(context.Background())
	f := &flood{answers: map[int]int{}}
	var all sync.WaitGroup
	var n atomic.Int64
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				i := n.Add(1)
				name := []string{box.Admin, "ada", "unknown"}[i%3]
				status, _ := signInWith(ctx, b.client(from(i)), b.Addr, name, fmt.Sprint("wrong password ", i))
				if ctx.Err() == nil {
					f.count(status)
				}
			}
		})
	}
	f.stop = sync.OnceValue(func() map[int]int {
		cancel()
		all.Wait()
		return f.answers
	})
	b.T.Cleanup(func() { f.stop() })
	return f
}

// client is a browser with an address of loopback.
func (b victim) client(from string) *http.Client {
	b.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.T.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Client{Timeout: 20 * time.Second, Jar: jar,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// signInWith tries to sign in and returns the status.
func signInWith(ctx context.Context, client *http.Client, addr, name, password string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/signin",
		strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// ownerSignsIn tries with a new browser, again while too many passwords are checked, as
// the page asks, and returns how often.
func (b victim) ownerSignsIn(from string) (tries int) {
	b.T.Helper()
	box.Until(b.T, "the owner signs in", 30*time.Second, func() bool {
		tries++
		status, err := signInWith(b.T.Context(), b.client(from), b.Addr, box.Admin, box.Password)
		if err != nil || status != http.StatusSeeOther && status != http.StatusServiceUnavailable {
			b.T.Fatalf("the owner is answered %d, %v", status, err)
		}
		return status == http.StatusSeeOther
	})
	return tries
}
