package bench

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// The store of figureDecade: the series of so many days, and metrics and
// coverage for so many times as long.
const (
	daysWithSeries = 30
	decade         = 10 * 365 / daysWithSeries
)

// figureDecade measures start, rest and pages with ten years of a hundred
// people.
func figureDecade(t *testing.T) {
	people := scaled(100)
	yesterday := time.Now().UTC().Truncate(24 * time.Hour).Add(-12 * time.Hour)
	w := simulator.New(simulator.Config{Seed: 9, People: people, Days: daysWithSeries, Until: yesterday})
	dir := t.TempDir()
	addCrowd(t, dir, w)
	var list []simulator.Delivery
	for p := range people {
		for d := range daysWithSeries {
			list = append(list, w.Final(p, yesterday.AddDate(0, 0, -d-1))...)
		}
	}
	b := box.Start(t, dir, box.Options{})
	box.NewSender(list).Send(b.Addr, 8, nil, func(int64) {})
	b.Drained()
	b.Derived()
	b.Stop()
	rows := lengthen(t, dir)
	began := time.Now()
	b = box.Start(t, dir, box.Options{})
	ready := time.Since(began)
	row(fmt.Sprintf("Start to ready, idle memory (%d people, ten years)", people), "< 300 ms, < 64 MB",
		fmt.Sprintf("%s, %d MB (%d rows of coverage)", ready.Round(time.Millisecond),
			box.ResidentMemory(t, b.Cmd.Process.Pid)>>20, rows))
	var days []string
	every := slugs(t, dir)
	for _, slug := range every {
		days = append(days, "/p/"+slug+"/day/"+yesterday.AddDate(0, 0, -1-len(days)%(daysWithSeries-1)).Format(time.DateOnly))
	}
	of := func(page string) (paths []string) {
		for _, slug := range every {
			paths = append(paths, "/p/"+slug+page)
		}
		return paths
	}
	for _, page := range []struct {
		name, reach string
		paths       []string
	}{
		{"Home", "p95 < 30 ms", []string{"/"}},
		{"Day", "p95 < 30 ms", days},
		{"Sync", "", []string{"/sync"}},
		{"Coverage", "", []string{"/coverage"}},
		{"Sleep weeks", "", of("/sleep/weeks")},
		{"Heart, 28 days", "", of("/heart")},
		{"Heart, one year", "", of("/heart?range=1y")},
		{"Trends of four metrics, one year", "", of("/trends?range=1y")},
		{"Trends of four metrics, ten years", "", of("/trends?range=all")},
		{"Body, 28 days", "", of("/body")},
		{"Calendar", "", of("/calendar/" + yesterday.Format("2006"))},
		{"Activities", "", of("/activities")},
	} {
		took := visits(t, b, page.paths)
		row(fmt.Sprintf("  %s, %d people and ten years", page.name, people), page.reach, fmt.Sprintf("p95 %s, median %s",
			percentile(took, 95).Round(100*time.Microsecond), percentile(took, 50).Round(100*time.Microsecond)))
	}
	row("  memory after these pages", "", fmt.Sprintf("%d MB", box.ResidentMemory(t, b.Cmd.Process.Pid)>>20))
}

// lengthen repeats the coverage and the metrics of the last days backwards to
// the beginning of the decade, and returns the rows of coverage. Metrics have no checksums
// there, which begin rows and cover the day, as in early versions.
func lengthen(t testing.TB, dir string) (rows int64) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const times = `with recursive times(n) as (select 1 union all select n + 1 from times where n < ?1) `
	for _, query := range []string{
		`insert or ignore into coverage (person_id, type_id, day, records, first_ms, last_ms, hidden, simulated)
			select person_id, type_id, day - ?2 * n, records, first_ms - ?2 * n * 86400000, last_ms - ?2 * n * 86400000, hidden,
			simulated from coverage, times order by person_id, type_id, n desc, day`,
		`insert or ignore into reading (person_id, type_id, day, record_id, vals, hidden)
			select person_id, type_id, day - ?2 * n, record_id, substr(vals, 6), hidden from reading, times
			order by person_id, type_id, n desc, day`,
	} {
		if _, err := conn.Exec(times+query, decade-1, daysWithSeries); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.QueryRow(`select count(*) from coverage`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// slugs are those of all people of dir.
func slugs(t testing.TB, dir string) (list []string) {
	t.Helper()
	var people []struct{ Slug string }
	if err := json.Unmarshal([]byte(box.Run(t, dir, "person", "list", "--json")), &people); err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		list = append(list, p.Slug)
	}
	return list
}

// visits asks for pages in turn and returns how long each whole answer took.
func visits(t testing.TB, b *box.Box, paths []string) (took []time.Duration) {
	t.Helper()
	client := b.Reader()
	for i := range 200 {
		path := paths[i%len(paths)]
		from := time.Now()
		resp, err := client.Get("http://" + b.Addr + path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(from))
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", path, resp.Status, err)
		}
	}
	return took
}
