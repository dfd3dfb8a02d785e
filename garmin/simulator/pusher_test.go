package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// atOnce waits for nothing but the end of ctx.
func atOnce(ctx context.Context, _ int) error { return ctx.Err() }

func TestPushRetriesUntil200(t *testing.T) {
	t.Parallel()
	answers := []int{503, 500, 202, 302, 413, 200}
	var tries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/garmin/secret/dailies" || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		if r.Header.Get("garmin-client-id") != "mine" || r.UserAgent() != "Garmin Health API" {
			t.Errorf("headers %v", r.Header)
		}
		rw.Header().Set("Location", "/elsewhere")
		rw.WriteHeader(answers[tries.Add(1)-1])
	}))
	defer server.Close()
	p := Pusher{URL: server.URL + "/garmin/secret/", ClientID: "mine", Wait: atOnce}
	if err := p.Push(t.Context(), household(1).Final(0, daysBefore(1))[0]); err != nil {
		t.Fatal(err)
	}
	if int(tries.Load()) != len(answers) {
		t.Errorf("%d tries", tries.Load())
	}
}

func TestPushGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	p := Pusher{URL: server.URL, Wait: func(ctx context.Context, attempt int) error {
		if attempt == 3 {
			cancel()
		}
		return ctx.Err()
	}}
	if err := p.Push(ctx, Delivery{Type: "hrv", Body: []byte("{}")}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestWaitsGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		for _, attempt := range []int{1, 2, 3, 10, 40} {
			start := time.Now()
			if err := GrowingWait(t.Context(), attempt); err != nil {
				t.Fatal(err)
			}
			waits = append(waits, time.Since(start))
		}
		if !slices.IsSorted(waits) || waits[0] != time.Second || waits[4] != 15*time.Minute {
			t.Errorf("%v", waits)
		}
	})
}

func TestPushAllKeepsTheOrderOfEachPersonAndType(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[string][]string{}
	failed := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if len(raw)%3 == 0 && !failed[string(raw)] {
			failed[string(raw)] = true
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		got[r.URL.Path] = append(got[r.URL.Path], string(raw))
	}))
	defer server.Close()

	w := quiet()
	var all []Delivery
	want := map[string][]string{}
	for d := range w.Live(daysBefore(1), until) {
		if d.Type == "dailies" && d.Person == 0 {
			want["/dailies"] = append(want["/dailies"], string(d.Body))
			all = append(all, d)
		} else if d.Type != "dailies" {
			all = append(all, d)
		}
	}
	p := Pusher{URL: server.URL, Parallel: 8, Wait: atOnce}
	most := 0
	if err := p.PushAll(t.Context(), slices.Values(all), func(done int) { most = max(most, done) }); err != nil {
		t.Fatal(err)
	}
	if most != len(all) {
		t.Errorf("%d of %d done", most, len(all))
	}
	if !slices.Equal(got["/dailies"], want["/dailies"]) {
		t.Errorf("%d dailies arrived in another order than the %d sent", len(got["/dailies"]), len(want["/dailies"]))
	}
}
