package e2e

import (
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"garner/e2e/box"

	"golang.org/x/sys/unix"
)

// shutdownNoFlush is EXT4_IOC_SHUTDOWN with its mode "do not flush the
// journal": from here on the file system writes nothing, as after a power cut.
const (
	extShutdown     = 0x8004587d
	shutdownNoFlush = 2
)

// disk is an ext4 file system of our own in a file.
type disk struct {
	t     testing.TB
	image string
	mount string
}

// newDisk makes one, or skips the test with the reason where it cannot. In CI
// as root it must be able to.
func newDisk(t testing.TB, size string) *disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	dir := t.TempDir()
	d := &disk{t: t, image: filepath.Join(dir, "image"), mount: filepath.Join(dir, "mount")}
	if err := os.Mkdir(d.mount, 0o700); err != nil {
		t.Fatal(err)
	}
	d.must("truncate", "-s", size, d.image)
	d.must("mkfs.ext4", "-q", "-m", "0", d.image)
	if out, err := exec.Command("mount", "-o", "loop", d.image, d.mount).CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("mount: %v: %s", err, out)
		}
		t.Skipf("no loop mount here: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", d.mount).Run() }) //nolint:errcheck // it may be unmounted
	return d
}

func (d *disk) must(name string, args ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		d.t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
}

// data is the folder on the disk that a box works in.
func (d *disk) data() string { return filepath.Join(d.mount, "data") }

// cut takes the power away.
func (d *disk) cut() {
	f, err := os.Open(d.mount)
	if err != nil {
		d.t.Error(err)
		return
	}
	defer f.Close()
	if err := unix.IoctlSetPointerInt(int(f.Fd()), extShutdown, shutdownNoFlush); err != nil {
		d.t.Errorf("shut the file system down: %v", err)
	}
}

// boot mounts the disk again, which replays its journal.
func (d *disk) boot() {
	d.t.Helper()
	d.must("umount", d.mount)
	d.must("mount", "-o", "loop", d.image, d.mount)
}

// cutRounds runs a box on a disk whose power is cut again and again under
// load, and returns how many acknowledged deliveries are missing in the end. It
// stops early where enough says so.
func cutRounds(t *testing.T, cuts int, ldflags string, enough func(missing int) bool) (missing int, s *box.Sender) {
	seed := seed()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	world, list := box.Household(3, 20)
	list = withBig(list, 50)
	d := newDisk(t, "1G")
	box.AddPeople(t, d.data(), world)
	s = box.NewSender(nil)
	for cut := range cuts {
		for range 60 {
			s.Queue = append(s.Queue, list[rng.IntN(len(list))])
		}
		s.Kept.Power(true)
		b := box.Start(t, d.data(), box.Options{LDFlags: ldflags})
		stopCommands := func() {}
		if cut%10 == 0 { // they take most of the time
			stopCommands = commandsBeside(t, d.data())
		}
		stop := make(chan struct{})
		at := s.Acked.Load() + 1 + rng.Int64N(50)
		var once sync.Once
		s.Send(b.Addr, 8, stop, func(n int64) {
			if n >= at {
				once.Do(func() { s.Kept.Power(false); d.cut(); close(stop) })
			}
		})
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
		stopCommands()
		d.boot()
		if missing = s.Missing(t, d.data()); enough(missing) {
			return missing, s
		}
	}
	s.Kept.Power(true)
	b := box.Start(t, d.data(), box.Options{})
	s.Send(b.Addr, 8, nil, func(int64) {})
	b.Drained()
	b.Stop()
	box.Run(t, d.data(), "rederive")
	box.Sound(t, d.data())
	if d := difference(record(t, d.data()), undisturbed(t, d.data(), world)); d != "" {
		t.Errorf("the state is not that of an undisturbed run (- disturbed, + undisturbed)\n%s", d)
	}
	return s.Missing(t, d.data()), s
}

func TestNothingAcknowledgedIsLostWhenThePowerIsCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("many power cuts take a while; left out by -short")
	}
	cuts := 8
	if allWanted() {
		cuts = 50
	}
	missing, s := cutRounds(t, cuts, "", func(missing int) bool { return missing > 0 })
	if missing > 0 {
		t.Errorf("%s acknowledged deliveries are missing", percent(missing, len(s.Kept.Sums)))
	}
	t.Logf("%d cuts, %d acknowledged", cuts, s.Acked.Load())
}

// The test above would be worth nothing if it could not fail: with SQLite's
// synchronous=NORMAL acknowledged deliveries must go missing.
func TestThePowerCutTestNoticesWhatIsNotSynced(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("power cuts take a while; left out by -short")
	}
	missing, s := cutRounds(t, 50, "-X garner/db.synchronous=normal", func(missing int) bool { return missing > 0 })
	if missing == 0 {
		t.Errorf("nothing of %d acknowledged deliveries went missing although nothing was synced", len(s.Kept.Sums))
	}
}

// execServe is a garner serve that is expected to end by itself.
func execServe(t testing.TB, dir string, out io.Writer) *exec.Cmd {
	cmd := exec.Command(box.Program(t, ""), "serve")
	cmd.Env = box.Environment(dir, nil)
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}
