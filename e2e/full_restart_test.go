package e2e

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
)

// atLast is the line that tells the address, with room or without.
var atLast = regexp.MustCompile(`(?:garner serves|the disk is full).*address=http://(\S+)`)

// With the logs of the databases gone a start needs room for new ones; logs
// that could not be taken over are still there.
func TestAStartOnAFullDiskWaitsForRoomAndHealsByItself(t *testing.T) {
	t.Parallel()
	for name, closeFirst := range map[string]bool{"closed with room": true, "closed on the full disk": false} {
		t.Run(name, func(t *testing.T) { startOnFull(t, closeFirst) })
	}
}

func startOnFull(t *testing.T, closeFirst bool) {
	world, list := box.Household(1, 2)
	list = distinct(list)
	d := newDisk(t, "24M")
	box.AddPeople(t, d.data(), world)
	h := box.Options{Env: []string{"GARNER_LIMITS_MIN_FREE_BYTES=0"}, Says: atLast}
	b := box.Start(t, d.data(), h)
	b.Push(list[:20])
	ballast := []string{filepath.Join(d.mount, "ballast"), filepath.Join(d.mount, "more")}
	fillNow := func(i int) {
		t.Helper()
		if err := fill(ballast[i]); err != nil {
			t.Fatal(err)
		}
	}
	if closeFirst {
		b.Stop()
		fillNow(0)
	} else {
		fillNow(0)
		mustBeFull(t, b)
		b.Stop()
		fillNow(1) // its end may have given some space back
	}

	b = box.Start(t, d.data(), h)
	if told := strings.Contains(b.Log.String(), "the disk is full"); closeFirst && !told {
		t.Errorf("it is not told that the disk is full:\n%s", b.Log)
	}
	mustBeFull(t, b)
	if got, other := box.Acked(b.Addr, list[20:30]); len(got) > 0 || other[http.StatusServiceUnavailable] != 10 {
		t.Errorf("on a full disk %d were answered 200, others %v", len(got), other)
	}
	removeFiles(t, ballast...)
	box.Until(t, "deliveries are taken", 30*time.Second, func() bool {
		got, _ := box.Acked(b.Addr, list[20:21])
		return len(got) == 1
	})
	b.Push(list[21:])
	if status := get(t, b.Addr, "/readyz"); status != http.StatusOK {
		t.Errorf("readyz answers %d with room again", status)
	}
	b.Stop()
	mustHold(t, d.data(), list)
	box.Sound(t, d.data())
}

// mustBeFull wants a box that lives and says that it is not ready.
func mustBeFull(t testing.TB, b *box.Box) {
	t.Helper()
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if status := get(t, b.Addr, path); status != want {
			t.Errorf("%s answers %d on a full disk, want %d", path, status, want)
		}
	}
}
