package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// night is one night as it was sent.
type night map[string]any

// manyNights are nights of one person, all of different times.
func manyNights(t testing.TB) (w *simulator.World, nights []night) {
	t.Helper()
	w = simulator.New(simulator.Config{Seed: 7, People: 1, Days: 200, Until: box.LastNoon})
	for day := 0; day < 150; day++ {
		for _, d := range w.Final(0, box.LastNoon.AddDate(0, 0, -day-2)) {
			var all struct{ Sleeps []night }
			if d.Type != "sleeps" {
				continue
			}
			if err := json.Unmarshal(d.Body, &all); err != nil {
				t.Fatal(err)
			}
			for _, n := range all.Sleeps { // without samples they move faster
				maps.DeleteFunc(n, func(key string, _ any) bool { return strings.HasPrefix(key, "timeOffset") })
				nights = append(nights, n)
			}
		}
	}
	return w, nights
}

// moved is a body with all nights, of which every other one lies on another
// date in each version.
func moved(t testing.TB, nights []night, version int) []byte {
	t.Helper()
	out := make([]night, 0, len(nights))
	for i, n := range nights {
		n = maps.Clone(n)
		if (i+version)%2 == 0 {
			day, err := time.Parse(time.DateOnly, n["calendarDate"].(string))
			if err != nil {
				t.Fatal(err)
			}
			n["calendarDate"] = day.AddDate(-1, 0, 0).Format(time.DateOnly)
		}
		n["summaryId"] = fmt.Sprint("version-", version, "-of-", i)
		out = append(out, n)
	}
	body, err := json.Marshal(map[string][]night{"sleeps": out})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// slowExport is an export whose reader takes its time: after the first line it
// waits for meanwhile. It returns how often each night came, by its beginning.
func slowExport(t testing.TB, dir string, meanwhile func()) map[string]int {
	t.Helper()
	cmd := exec.Command(box.Program(t, ""), "export", "--person", "all", "--type", "sleeps", "--format", "json")
	cmd.Env = box.Environment(dir, nil)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	lines := json.NewDecoder(out)
	for lines.More() {
		var line struct {
			Start string `json:"start_time_utc"`
		}
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if len(seen) == 0 {
			meanwhile()
		}
		seen[line.Start]++
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestRecordsThatMoveMeanwhileAreInAnExportOnce(t *testing.T) {
	t.Parallel()
	world, nights := manyNights(t)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	client := box.NewClient()
	version := 0
	move := func() {
		status, err := box.Post(client, b.Addr, "sleeps", moved(t, nights, version))
		if status != http.StatusOK || err != nil {
			t.Fatalf("answered %d, %v", status, err)
		}
		version++
		if c := b.Drained(); c.Parked > 0 {
			t.Fatalf("%+v", c)
		}
	}
	move()
	want := slowExport(t, dir, func() {})
	if len(want) < len(nights)*9/10 {
		t.Fatalf("only %d of %d nights are there", len(want), len(nights))
	}
	for n := range 3 {
		got := slowExport(t, dir, move)
		if !maps.Equal(got, want) {
			t.Errorf("export %d holds %d nights of %d, %d of them twice", n, len(got), len(want), doubled(got))
		}
	}
}

func doubled(times map[string]int) (n int) {
	for _, many := range times {
		if many > 1 {
			n++
		}
	}
	return n
}
