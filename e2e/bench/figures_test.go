package bench

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

	"garner/e2e/box"
)

// figures prints the table of figures: make bench.
var figures = flag.Bool("figures", false, "print the table of figures; it takes minutes and decides nothing")

// row prints one line of the table.
func row(what, reach, got string) { fmt.Printf("%-66s %-28s %s\n", what, reach, got) }

var (
	// all adds the figures that take long: make bench-all.
	all = flag.Bool("all", false, "with -figures, print also those that take long")
	// scale makes the long ones smaller, to try them out.
	scale = flag.Float64("scale", 1, "share of their full size that the long figures have")
)

// scaled is a size of the long figures.
func scaled(n int) int { return max(1, int(float64(n)**scale)) }

func TestFigures(t *testing.T) {
	if !*figures {
		t.Skip("measures, and decides nothing; run it with make bench")
	}
	fmt.Printf("\n%d CPUs, %s, data on %s. Ratios are taken in one run; absolute figures are this machine's.\n\n",
		runtime.NumCPU(), runtime.Version(), os.TempDir())
	row("WHAT", "REACH", "HERE")
	t.Run("receiving", figureReceiving)
	t.Run("tls", figureTLS)
	t.Run("offered", figureOffered)
	t.Run("backfill", figureBackfill)
	t.Run("personal", figurePersonal)
	t.Run("visible", figureVisible)
	t.Run("drain", figureDrain)
	t.Run("disk", figureDisk)
	t.Run("api", figureAPI)
	t.Run("big", figureBig)
	t.Run("holds", figureHolds)
	t.Run("paint", figurePaint)
	t.Run("backup", figureBackup)
	t.Run("rivals", figureRivals)
	if *all {
		t.Run("decade", figureDecade)
		t.Run("crowd", figureCrowd)
		t.Run("slow", figureSlow)
	}
}

func figureVisible(t *testing.T) {
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := box.Start(t, dir, box.Options{})
	client := box.NewClient()
	body := `{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1763593200,` +
		`"durationInSeconds":86400,"steps":54321}]}`
	if status, err := box.Post(client, b.Addr, "dailies", []byte(body)); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	began := time.Now()
	for time.Since(began) < time.Minute {
		resp, err := b.Reader().Get("http://" + b.Addr + "/p/ada/day/2026-11-20")
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
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := box.Start(t, dir, box.Options{})
	sendBig(t, b, 100<<20)
	b.Drained()
	row("A 100 MB activityDetails body", "200, < 256 MiB peak",
		fmt.Sprintf("200, %d MiB peak", box.PeakMemory(t, b.Cmd.Process.Pid)>>20))
}
