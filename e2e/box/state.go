package box

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/db"
)

// Counts asks for the inbox's states.
func (b *Box) Counts() (c db.Counts) {
	b.T.Helper()
	if err := json.Unmarshal([]byte(b.Run("inbox", "--json")), &c); err != nil {
		b.T.Fatal(err)
	}
	return c
}

// Drained waits until nothing waits any more, as the metrics tell: a command
// for each look would take its time from what it waits for.
func (b *Box) Drained() (c db.Counts) {
	b.T.Helper()
	Until(b.T, "nothing waits", 10*time.Minute, func() bool {
		states, err := b.states()
		c = db.Counts{Waiting: states["waiting"], Fetching: states["fetching"], Done: states["done"],
			Parked: states["parked"], Quarantined: states["quarantined"], Orphaned: states["orphaned"]}
		return err == nil && len(states) > 0 && c.Waiting == 0
	})
	return c
}

// Derived waits until nothing waits to be derived.
func (b *Box) Derived() {
	b.T.Helper()
	conn := ReadOnly(b.T, filepath.Join(b.Dir, "garner.db"))
	defer conn.Close()
	Until(b.T, "all is derived", 10*time.Minute, func() bool {
		var n int
		return conn.QueryRow(`select count(*) from dirty`).Scan(&n) == nil && n == 0
	})
}

var stateLine = regexp.MustCompile(`(?m)^garner_inbox_deliveries\{state="(\w+)"\} (\d+)$`)

// states are the numbers of deliveries by their state.
func (b *Box) states() (map[string]int64, error) {
	resp, err := http.Get("http://" + b.Addr + "/metrics")
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, m := range stateLine.FindAllStringSubmatch(string(text), -1) {
		if out[m[1]], err = strconv.ParseInt(m[2], 10, 64); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Until asks again and again, and fails where the answer stays no.
func Until(t testing.TB, what string, within time.Duration, yes func() bool) {
	t.Helper()
	end := time.After(within)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !yes() {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("within %s it did not come that %s", within, what)
		}
	}
}

// Shows waits until a page says something.
func (b *Box) Shows(path, what string) {
	b.T.Helper()
	client := b.Reader()
	Until(b.T, path+" says "+what, time.Minute, func() bool {
		resp, err := client.Get("http://" + b.Addr + path)
		if err != nil {
			b.T.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			b.T.Fatal(err)
		}
		return strings.Contains(string(text), what)
	})
}
