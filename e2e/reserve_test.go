package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"garner/e2e/box"
)

func TestOnAFullDiskTheReserveIsGivenUpSoThatAPersonCanBeErased(t *testing.T) {
	t.Parallel()
	world, list := box.Household(2, 2)
	d := newDisk(t, "64M")
	box.AddPeople(t, d.data(), world)
	b := box.Start(t, d.data(), box.Options{Env: []string{"GARNER_LIMITS_MIN_FREE_BYTES=16MiB"}})
	b.Push(list[:20])
	b.Drained()
	reserve, ballast := filepath.Join(d.data(), "reserve"), filepath.Join(d.mount, "ballast")
	if _, err := os.Stat(reserve); err != nil {
		t.Fatal(err)
	}
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	there := func() bool {
		_, err := os.Stat(reserve)
		return err == nil
	}
	box.Until(t, "the reserve is given up", 30*time.Second, func() bool { return !there() })
	name := world.People()[0].Name
	if got := runWithin(t, d.data(), 30*time.Second, "person", "erase", "--name", name, "--confirm", name); got.status != 0 {
		t.Errorf("erase on a full disk: status %d\n%s%s", got.status, got.out, got.err)
	}
	if _, other := box.Acked(b.Addr, list[20:25]); other[503] != 5 {
		t.Errorf("deliveries take the space of the reserve: %v", other)
	}
	removeFiles(t, ballast)
	box.Until(t, "the reserve is made again", 30*time.Second, there)
	b.Stop()
	box.Sound(t, d.data())
}
