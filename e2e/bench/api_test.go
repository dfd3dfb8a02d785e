package bench

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// figureAPI compares the series of the API with the raw export of the same samples, in
// turns: the heart rates of one person's month and year.
func figureAPI(t *testing.T) {
	w := simulator.New(simulator.Config{Seed: 7, People: 1, Days: 365, Until: box.LastNoon})
	var dailies []simulator.Delivery
	for d := range w.History() {
		if d.Type == "dailies" {
			dailies = append(dailies, d)
		}
	}
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	token := strings.TrimSpace(box.Run(t, dir, "token", "add", "--name", "bench"))
	token = token[strings.Index(token, "garner_"):]
	token, _, _ = strings.Cut(token, "\n")
	b := box.Start(t, dir, box.Options{})
	box.NewSender(dailies).Send(b.Addr, 4, nil, func(int64) {})
	b.Drained()
	b.Derived()
	spans := []struct{ name, from, to string }{{"month", "2026-10-01", "2026-10-31"}, {"year", "2025-11-21", "2026-11-20"}}
	for _, s := range spans {
		args := []string{"export", "--person", "all", "--type", "dailies", "--series", "heart_rate", "--from", s.from, "--to", s.to}
		samples := float64(strings.Count(box.Run(t, dir, args...), "\n") - 1)
		path := "/api/v1/people/ada-lindqvist/series/dailies/heart_rate?from=" + s.from + "&to=" + s.to
		csv := filepath.Join(t.TempDir(), "rates.csv")
		ways := []func(){
			func() { box.Run(t, dir, append(args, "-o", csv)...) },
			func() { asked(t, b.Addr, token, path) },
			func() { asked(t, b.Addr, token, path+"&every=5m") },
		}
		best := make([]time.Duration, len(ways))
		for range 5 {
			for i, way := range ways {
				began := time.Now()
				way()
				if took := time.Since(began); best[i] == 0 || took < best[i] {
					best[i] = took
				}
			}
		}
		rate := func(i int) string { return fmt.Sprintf("%.2f", samples/1e6/best[i].Seconds()) }
		row("API series, million samples/s of a "+s.name+": raw; every=5m; export", "",
			fmt.Sprintf("%s; %s; %s (%.0f samples)", rate(1), rate(2), rate(0), samples))
	}
}

// nextPage finds the cursor at the end of an answer.
var nextPage = regexp.MustCompile(`"next":"([^"]+)"`)

// asked reads an answer of the API, and its further pages.
func asked(t *testing.T, addr, token, path string) {
	t.Helper()
	client := box.NewClient()
	defer client.CloseIdleConnections()
	for cursor, more := "", true; more; {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path+cursor, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Accept-Encoding", "identity")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %.200s, %v", path, resp.Status, text, err)
		}
		found := nextPage.FindSubmatch(text[max(0, len(text)-200):])
		if more = found != nil; more {
			cursor = "&cursor=" + string(found[1])
		}
	}
}
