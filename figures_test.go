package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// figures prints the table of figures: make bench.
var figures = flag.Bool("figures", false, "measure and print the table of figures; it takes minutes and decides nothing")

// row prints one line of the table.
func row(what, reach, got string) { fmt.Printf("%-66s %-28s %s\n", what, reach, got) }

func TestFigures(t *testing.T) {
	if !*figures {
		t.Skip("measures, and decides nothing; run it with make bench")
	}
	fmt.Printf("\n%d CPUs, %s, data on %s. Ratios are taken in one run; absolute figures are this machine's.\n\n", runtime.NumCPU(), runtime.Version(), os.TempDir())
	row("WHAT", "REACH", "HERE")
	t.Run("receiving", figureReceiving)
	t.Run("offered", figureOffered)
	t.Run("visible", figureVisible)
	t.Run("drain", figureDrain)
	t.Run("disk", figureDisk)
	t.Run("big", figureBig)
}

// A round of load, and how many of them a median is taken of.
const (
	roundOfLoad = 3 * time.Second
	rounds      = 5
)

const callback = "/garmin/" + testSecret + "/dailies"

// figureReceiving holds receiving against the floor and an empty handler, turn
// by turn, with processing paused and with the drain at work on a backlog.
func figureReceiving(t *testing.T) {
	floorAt, emptyAt := rival(t, "floor"), rival(t, "empty")
	paused := start(t, t.TempDir(), how{env: []string{"GARNER_JOBS_WORKERS=0"}})
	dir := t.TempDir()
	fillBacklog(t, dir, 20)
	draining := start(t, dir, how{})
	var ours, atWork, ofFloor, workOfFloor, ofEmpty []float64
	for range rounds {
		f, _ := load(t, floorAt, "/", 64, roundOfLoad, 0)
		o, _ := load(t, paused.addr, callback, 64, roundOfLoad, 0)
		e, _ := load(t, emptyAt, "/", 64, roundOfLoad, 0)
		w, _ := load(t, draining.addr, callback, 64, roundOfLoad, 0)
		ours, atWork = append(ours, o), append(atWork, w)
		ofFloor, ofEmpty, workOfFloor = append(ofFloor, o/f), append(ofEmpty, o/e), append(workOfFloor, w/f)
	}
	left := draining.counts().Waiting
	row("Durable deliveries/s, 64 connections, 2.7 KB, processing paused", "", fmt.Sprintf("%.0f/s", median(ours)))
	row("  of a server that only appends and group-fsyncs", ">= 0.9", fmt.Sprintf("%.2f", median(ofFloor)))
	row("  of an empty handler", ">= 0.45", fmt.Sprintf("%.2f", median(ofEmpty)))
	row("The same while the drain keeps working", ">= 0.7 of the floor", fmt.Sprintf("%.2f (%.0f/s; %d still wait)", median(workOfFloor), median(atWork), left))
}

// fillBacklog puts the history of some people into dir with processing paused.
func fillBacklog(t testing.TB, dir string, days int) {
	t.Helper()
	w, list := household(3, days)
	addPeople(t, dir, w)
	b := start(t, dir, how{env: []string{"GARNER_JOBS_WORKERS=0"}})
	newSender(list).send(b.addr, 8, nil, func(int64) {})
	b.stop()
}

func figureOffered(t *testing.T) {
	dir := t.TempDir()
	fillBacklog(t, dir, 40)
	b, floorAt := start(t, dir, how{}), rival(t, "floor")
	_, ours := load(t, b.addr, callback, 64, 5*time.Second, 1000)
	_, floors := load(t, floorAt, "/", 64, 5*time.Second, 1000)
	mine, theirs := p99(ours), p99(floors)
	row("p99 to 200 at 1,000/s offered while a backlog drains (no backup yet)", "<= 3 x the floor's", fmt.Sprintf("%.1f x (%s of %s)",
		float64(mine)/float64(theirs), mine.Round(10*time.Microsecond), theirs.Round(10*time.Microsecond)))
}

func figureVisible(t *testing.T) {
	dir := t.TempDir()
	garner(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := start(t, dir, how{})
	client := newClient()
	body := `{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1763593200,"durationInSeconds":86400,"steps":54321}]}`
	if status, err := post(client, b.addr, "dailies", []byte(body)); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	began := time.Now()
	for time.Since(began) < time.Minute {
		resp, err := client.Get("http://" + b.addr + "/p/ada/day/2026-11-20")
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		if _, err := page.ReadFrom(resp.Body); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page.String(), "54") && strings.Contains(page.String(), "321 steps") {
			row("From 200 to visible on the page, idle box", "< 1 s", time.Since(began).Round(time.Millisecond).String())
			return
		}
	}
	t.Error("never visible")
}

// figureDrain holds draining full days against what encoding/json alone
// decodes of the same bodies.
func figureDrain(t *testing.T) {
	w := simulator.New(simulator.Config{Seed: 3, People: 100, Days: 12, Until: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})
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
	addPeople(t, dir, w)
	b := start(t, dir, how{env: []string{"GARNER_JOBS_WORKERS=0"}})
	newSender(bodies).send(b.addr, 8, nil, func(int64) {})
	b.stop()
	began := time.Now()
	b = start(t, dir, how{})
	var done time.Duration
	client := newClient()
	for done == 0 {
		if waiting(t, client, b.addr) == 0 {
			done = time.Since(began)
		}
	}
	rate := float64(len(bodies)) / done.Seconds()
	row("Drained full days/s (63 KB, 5,760 heart rates), start included", ">= 0.5 of encoding/json", fmt.Sprintf("%.2f (%.0f/s of %.0f/s)", rate/alone, rate, alone))
}

// waiting asks the metrics, which costs less than a process.
func waiting(t testing.TB, client *http.Client, addr string) (n int) {
	t.Helper()
	resp, err := client.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text.String(), "\n") {
		if _, err := fmt.Sscanf(line, `garner_inbox_deliveries{state="waiting"} %d`, &n); err == nil {
			return n
		}
	}
	return -1
}

// decodeAlone gives the bodies a second that encoding/json decodes on all
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

// figureDisk measures what two years of a household take, with and without the
// samples of activities, and how fast a series comes out.
func figureDisk(t *testing.T) {
	const people, days = 3, 365
	w := simulator.New(simulator.Config{Seed: 5, People: people, Days: days, Until: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Faults: &simulator.Faults{}})
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
		addPeople(t, dir, w)
		b := start(t, dir, how{})
		newSender(list).send(b.addr, 4, nil, func(int64) {})
		b.drained()
		b.stop() // closing checkpoints
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
	samples := strings.Count(garner(t, dir, "export", "--person", "all", "--type", "activityDetails", "--series", "heart_rate"), "\n")
	row("Disk per activity hour with GPS and all samples", "<= 60 KB", fmt.Sprintf("%.1f KB", float64(bytesOfActivities)/1e3/(float64(samples)/3600)))
}

func figureExport(t *testing.T, dir string) {
	args := []string{"export", "--person", "all", "--type", "dailies", "--series", "heart_rate"}
	lines := strings.Count(garner(t, dir, args...), "\n")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd := exec.Command(program(t, ""), args...)
	cmd.Env, cmd.Stdout = environment(dir, nil), null
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	row("Raw series export", ">= 1 million samples/s", fmt.Sprintf("%.2f million/s (%d, start included)", float64(lines)/1e6/took.Seconds(), lines))
}

// figureIdle measures start and rest, and pages, with a year of a household.
func figureIdle(t *testing.T, dir string) {
	began := time.Now()
	b := start(t, dir, how{})
	ready := time.Since(began)
	memory := residentMemory(t, b.cmd.Process.Pid)
	row("Start to ready, idle memory (3 people, a year)", "< 300 ms, < 64 MB", fmt.Sprintf("%s, %d MB", ready.Round(time.Millisecond), memory>>20))
	for name, path := range map[string]string{"Home": "/", "Day": "/p/ada-lindqvist/day/2026-11-18"} {
		var took []time.Duration
		client := newClient()
		for range 200 {
			from := time.Now()
			resp, err := client.Get("http://" + b.addr + path)
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
		row(name+", 3 people and a year (not yet ten years of a hundred)", "p95 < 30 ms", took[len(took)*95/100].Round(100*time.Microsecond).String())
	}
	b.stop()
}

func residentMemory(t testing.TB, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

func figureBig(t *testing.T) {
	dir := t.TempDir()
	garner(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := start(t, dir, how{})
	client := newClient()
	client.Timeout = 2 * time.Minute
	resp, err := client.Post("http://"+b.addr+"/garmin/"+testSecret+"/activityDetails", "application/json", bigDetails(100<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	b.drained()
	row("A 100 MB activityDetails body", "200, < 256 MiB peak", fmt.Sprintf("%s, %d MiB peak", resp.Status, peakMemory(t, b.cmd.Process.Pid)>>20))
}
