package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// figureDrain holds draining full days against what encoding/json alone
// decodes of the same bodies.
func figureDrain(t *testing.T) {
	w := simulator.New(simulator.Config{Seed: 3, People: 100, Days: 12, Until: box.LastNoon})
	var bodies []simulator.Delivery
	for p := range w.People() {
		for d := range 10 {
			for _, delivery := range w.Final(p, time.Date(2026, 11, 8+d, 0, 0, 0, 0, time.UTC)) {
				if delivery.Type == "dailies" && len(delivery.Body) > 55_000 {
					bodies = append(bodies, delivery)
				}
			}
		}
	}
	alone := decodeAlone(t, bodies)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	box.NewSender(bodies).Send(b.Addr, 8, nil, func(int64) {})
	b.Stop()
	began := time.Now()
	b = box.Start(t, dir, box.Options{})
	var done time.Duration
	client := box.NewClient()
	for done == 0 {
		if waiting(t, client, b.Addr) == 0 {
			done = time.Since(began)
		}
	}
	rate := float64(len(bodies)) / done.Seconds()
	row("Drained full days/s (63 KB, 5,760 heart rates), start included", ">= 0.5 of encoding/json",
		fmt.Sprintf("%.2f (%.0f/s of %.0f/s)", rate/alone, rate, alone))
}

// metrics is the text of the box's metrics, empty if it does not answer.
func metrics(t testing.TB, client *http.Client, addr string) string {
	t.Helper()
	resp, err := client.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Error(err)
	}
	return string(text)
}

// waiting asks the metrics, which costs less than a process.
func waiting(t testing.TB, client *http.Client, addr string) (n int) {
	t.Helper()
	for line := range strings.Lines(metrics(t, client, addr)) {
		if _, err := fmt.Sscanf(line, `garner_inbox_deliveries{state="waiting"} %d`, &n); err == nil {
			return n
		}
	}
	return -1
}

// decodeAlone returns the bodies a second that encoding/json decodes on all
// cores, and nothing else.
func decodeAlone(t testing.TB, bodies []simulator.Delivery) float64 {
	t.Helper()
	type dailies struct {
		Dailies []struct {
			UserID  string         `json:"userId"`
			Samples map[string]int `json:"timeOffsetHeartRateSamples"`
		} `json:"dailies"`
	}
	began := time.Now()
	var wg sync.WaitGroup
	for c := range runtime.NumCPU() {
		wg.Go(func() {
			for i := c; i < len(bodies); i += runtime.NumCPU() {
				var v dailies
				if err := json.Unmarshal(bodies[i].Body, &v); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(len(bodies)) / time.Since(began).Seconds()
}
