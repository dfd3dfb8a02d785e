package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// figureDisk measures what two years of a household take, with and without the
// samples of activities, and how fast a series comes out.
func figureDisk(t *testing.T) {
	const people, days = 3, 365
	w := simulator.New(simulator.Config{Seed: 5, People: people, Days: days, Until: box.LastNoon, Faults: &simulator.Faults{}})
	var rest, details []simulator.Delivery
	for d := range w.History() {
		if d.Type == "activityDetails" {
			details = append(details, d)
		} else {
			rest = append(rest, d)
		}
	}
	size := func(list []simulator.Delivery) (int64, string) {
		dir := t.TempDir()
		box.AddPeople(t, dir, w)
		b := box.Start(t, dir, box.Options{})
		box.NewSender(list).Send(b.Addr, 4, nil, func(int64) {})
		b.Drained()
		b.Stop() // closing checkpoints
		st, err := os.Stat(filepath.Join(dir, "garner.db"))
		if err != nil {
			t.Fatal(err)
		}
		return st.Size(), dir
	}
	bytesOfHealth, dir := size(rest)
	row("Disk per person-year of health data", "<= 12 MB", fmt.Sprintf("%.1f MB", float64(bytesOfHealth)/1e6/people))
	figureExport(t, dir)
	figureIdle(t, dir)
	bytesOfActivities, dir := size(details)
	args := []string{"export", "--person", "all", "--type", "activityDetails", "--series", "heart_rate"}
	hours := float64(strings.Count(box.Run(t, dir, args...), "\n")) / 3600 // one sample a second
	row("Disk per activity hour with GPS and all samples", "<= 60 KB",
		fmt.Sprintf("%.1f KB", float64(bytesOfActivities)/1e3/hours))
}

func figureExport(t *testing.T, dir string) {
	args := []string{"export", "--person", "all", "--type", "dailies", "--series", "heart_rate"}
	lines := strings.Count(box.Run(t, dir, args...), "\n")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd := exec.Command(box.Program(t, ""), args...)
	cmd.Env, cmd.Stdout = box.Environment(dir, nil), null
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	row("Raw series export", ">= 1 million samples/s",
		fmt.Sprintf("%.2f million/s (%d, start included)", float64(lines)/1e6/took.Seconds(), lines))
}

// figureIdle measures start and rest, and pages, with a year of a household.
func figureIdle(t *testing.T, dir string) {
	began := time.Now()
	b := box.Start(t, dir, box.Options{})
	ready := time.Since(began)
	memory := box.ResidentMemory(t, b.Cmd.Process.Pid)
	row("Start to ready, idle memory (3 people, a year)", "< 300 ms, < 64 MB",
		fmt.Sprintf("%s, %d MB", ready.Round(time.Millisecond), memory>>20))
	for name, path := range map[string]string{"Home": "/", "Day": "/p/ada-lindqvist/day/2026-11-18"} {
		var took []time.Duration
		client := b.Reader()
		for range 200 {
			from := time.Now()
			resp, err := client.Get("http://" + b.Addr + path)
			if err != nil {
				t.Fatal(err)
			}
			var page bytes.Buffer
			if _, err := page.ReadFrom(resp.Body); err != nil {
				t.Fatal(err)
			}
			took = append(took, time.Since(from))
		}
		p99(took) // sorts
		row(name+", 3 people and a year (not yet ten years of a hundred)", "p95 < 30 ms",
			took[len(took)*95/100].Round(100*time.Microsecond).String())
	}
	b.Stop()
}
