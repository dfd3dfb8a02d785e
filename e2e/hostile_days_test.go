package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// heap is an epoch of one day of u1 that takes about size bytes unpacked: less
// than an element may, more than a day can hold.
func heap(t testing.TB, second, size int) []byte {
	return shape{fmt.Sprintf(`{"userId":"u1","startTimeInSeconds":%d,"durationInSeconds":900,"activityType":"WALKING",`+
		`"x":["`, 1_795_132_800+second), strings.Repeat("y", 1000) + `","`, `"]}`}.zipped(t, size)
}

const goodEpoch = `{"userId":%q,"startTimeInSeconds":%d,"durationInSeconds":900,"activityType":"WALKING","steps":9}`

// heaps is a delivery of three of them around one good element of u2.
func heaps(t testing.TB, size int) []byte {
	good := fmt.Sprintf(goodEpoch, "u2", 1_795_132_800)
	return bytes.Join([][]byte{
		zip(t, `{"epochs":[`), heap(t, 0, size), zip(t, ","), heap(t, 900, size),
		zip(t, ","+good+","), heap(t, 1800, size), zip(t, "]}"),
	}, nil)
}

func TestElementsBeyondADaysLimitAreParkedAloneAndTheDayContinues(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"past what an element may": 80 << 20, "past what a day may": 60 << 20} {
		t.Run(name, func(t *testing.T) {
			b := newVictim(t)
			body := heaps(t, size)
			t.Logf("%d KiB", len(body)>>10)
			b.send("epochs", "gzip", bytes.NewReader(body))
			t.Logf("processed after %s", b.processed(1, 2*time.Minute))
			if n := b.ask(`select count(*) from issue where delivery_id = 1 and kind = 1 and count = 1`); n != 3 {
				t.Errorf("%d are parked, want 3", n)
			}
			b.wantDayUsable()
			b.wantLittleMemory()
		})
	}
}

// wantDayUsable pushes to the day of the heaps as Garmin would, and wants that
// all that is done with days works.
func (b victim) wantDayUsable() {
	b.T.Helper()
	b.send("epochs", "", strings.NewReader(fmt.Sprintf(`{"epochs":[`+goodEpoch+`]}`, "u1", 1_795_132_800+2700)))
	b.processed(2, time.Minute)
	b.Run("rederive")
	for _, person := range []string{"Ada", "Ben"} {
		out := b.Run("export", "--person", person, "--type", "epochs")
		if n := strings.Count(strings.TrimSpace(out), "\n"); n != 1 {
			b.T.Errorf("%d epochs of %s come out, want 1:\n%.300s", n, person, out)
		}
	}
	b.await(time.Minute, "derivation", func() bool { return b.ask(`select count(*) from dirty`) == 0 })
	if text := b.Log.String(); strings.Contains(text, "damaged") || strings.Contains(text, "not derived") {
		b.T.Error(text)
	}
}

// TestADayOfMoreRecordsThanItCanHoldKeepsSomeAndCountsTheRest sends different
// records of one day without end.
func TestADayOfMoreRecordsThanItCanHoldKeepsSomeAndCountsTheRest(t *testing.T) {
	t.Parallel()
	n := 60_000
	if allWanted() {
		n = 1_990_000 // as many elements as a delivery may have
	}
	b := newVictim(t)
	home := b.homeMeanwhile()
	defer home()
	b.send("epochs", "gzip", zipped(t, series("epochs", n, func(i int) string {
		return fmt.Sprintf(`{"userId":"u1","startTimeInSeconds":%d,"durationInSeconds":900,"activityType":"W%d"}`,
			1_795_132_800+i%80_000, i/80_000)
	})))
	other := b.othersGoOn()
	all := b.processed(1, 10*time.Minute)
	b.wantSoon("home", home())
	kept := strings.Count(b.Run("export", "--person", "Ada", "--type", "epochs"), "\n") - 1
	parked := b.ask(`select coalesce(sum(count), 0) from issue where delivery_id = 1 and kind = 1`)
	rows := b.ask(`select count(*) from issue where delivery_id = 1`)
	size := b.ask(`select max(length(body)) from block`)
	t.Logf("the other's after %s, all after %s more, home within %s, %d kept, %d parked in %d rows, block of %d KiB",
		other, all, home(), kept, parked, rows, size>>10)
	if kept < 1000 || kept+int(parked) != n || rows > 200 || size > 2<<20 {
		t.Errorf("of %d elements %d are kept and %d parked, in %d rows and a block of %d bytes",
			n, kept, parked, rows, size)
	}
	b.wantLittleMemory()
}

// zipped returns a gzip of what r gives.
func zipped(t testing.TB, r io.Reader) io.Reader {
	t.Helper()
	if _, err := exec.LookPath("gzip"); err != nil {
		t.Skip("gzip is not installed")
	}
	cmd := exec.Command("gzip", "-1") // compress/gzip is slow under the race detector
	cmd.Stdin = r
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(out)
}
