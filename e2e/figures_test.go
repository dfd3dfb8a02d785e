package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// figures prints the table of figures: make bench.
var figures = flag.Bool("figures", false, "print the table of figures; it takes minutes and decides nothing")

// lastNoon is when the simulated histories end.
var lastNoon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// row prints one line of the table.
func row(what, reach, got string) { fmt.Printf("%-66s %-28s %s\n", what, reach, got) }

func TestFigures(t *testing.T) {
	if !*figures {
		t.Skip("measures, and decides nothing; run it with make bench")
	}
	fmt.Printf("\n%d CPUs, %s, data on %s. Ratios are taken in one run; absolute figures are this machine's.\n\n",
		runtime.NumCPU(), runtime.Version(), os.TempDir())
	row("WHAT", "REACH", "HERE")
	t.Run("receiving", figureReceiving)
	t.Run("offered", figureOffered)
	t.Run("visible", figureVisible)
	t.Run("drain", figureDrain)
	t.Run("disk", figureDisk)
	t.Run("big", figureBig)
}

func figureVisible(t *testing.T) {
	dir := t.TempDir()
	garner(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := start(t, dir, how{})
	client := newClient()
	body := `{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1763593200,` +
		`"durationInSeconds":86400,"steps":54321}]}`
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

func figureBig(t *testing.T) {
	dir := t.TempDir()
	garner(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := start(t, dir, how{})
	client := newClient()
	client.Timeout = 2 * time.Minute
	at := "http://" + b.addr + "/garmin/" + testSecret + "/activityDetails"
	resp, err := client.Post(at, "application/json", bigDetails(100<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	b.drained()
	row("A 100 MB activityDetails body", "200, < 256 MiB peak",
		fmt.Sprintf("%s, %d MiB peak", resp.Status, peakMemory(t, b.cmd.Process.Pid)>>20))
}
