package e2e

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// withBig mixes some large bodies into a list, of 1.5 to 3 MB each: they come
// in pieces, which a kill may part.
func withBig(list []simulator.Delivery, every int) (out []simulator.Delivery) {
	for i, d := range list {
		if out = append(out, d); i%every == 0 {
			n := len(out)
			out = append(out, simulator.Delivery{Type: "activityDetails", Body: bigNight(n, 1500<<10+n*7919%(1500<<10))})
		}
	}
	return out
}

// bigNight is a body of about size bytes: an activity of a person of its own
// that is not linked, and one field that no number of repeats makes small.
func bigNight(n, size int) []byte {
	noise := make([]byte, size/2)
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"activityDetails":[`)
	for part := range slices.Chunk(noise, 200<<10) {
		if b.Len() > 30 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"userId":"stranger-%d","summaryId":"%d-%d","noise":"%x"}`, n%7, n, b.Len(), part)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// commandsBeside runs commands over a folder, one after the other, until stop
// is called. What they say is not looked at: the box may be gone any moment.
func commandsBeside(t testing.TB, dir string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	path := box.Program(t, "")
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			for _, args := range [][]string{{"inbox", "--json"}, {"replay", "--parked"}, {"replay", "--delivery", "1,2,3"}} {
				cmd := exec.CommandContext(ctx, path, args...) // killed at any point
				cmd.Env = box.Environment(dir, nil)
				cmd.Run() //nolint:errcheck // see above
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

func seed() uint64 { return uint64(time.Now().UnixNano()) }

func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("many kills take a while; left out by -short")
	}
	kills := 15
	if allWanted() {
		kills = 200
	}
	seed := seed()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	world, list := box.Household(3, 40)
	list = withBig(list, 60)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	s := box.NewSender(nil)
	share := len(list)/kills + 1
	for round := range kills {
		s.Queue = append(s.Queue, list[min(round*share, len(list)):min((round+1)*share, len(list))]...)
		if len(s.Queue) == 0 {
			s.Queue = append(s.Queue, list[rng.IntN(len(list))]) // sent again, as Garmin does
		}
		b := box.Start(t, dir, box.Options{})
		stopCommands := func() {}
		if round%20 == 0 { // they take most of the time
			stopCommands = commandsBeside(t, dir)
		}
		stop := make(chan struct{})
		at := s.Acked.Load() + 1 + rng.Int64N(int64(max(len(s.Queue), 2)))
		var once sync.Once
		s.Send(b.Addr, 8, stop, func(n int64) {
			if n >= at {
				once.Do(func() { b.Kill(); close(stop) })
			}
		})
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
		stopCommands()
	}
	b := box.Start(t, dir, box.Options{})
	s.Send(b.Addr, 8, nil, func(int64) {})
	c := b.Drained()
	b.Stop()
	box.Run(t, dir, "rederive")
	if n := s.Missing(t, dir); n > 0 {
		t.Errorf("%d of %d acknowledged deliveries are missing", n, len(s.Kept.Sums))
	}
	if c.Parked > 0 {
		t.Errorf("%d deliveries are parked", c.Parked)
	}
	box.Sound(t, dir)
	t.Logf("%d kills, %d acknowledged", kills, s.Acked.Load())
	if d := difference(record(t, dir), undisturbed(t, dir, world)); d != "" {
		t.Errorf("the state is not that of an undisturbed run (- disturbed, + undisturbed)\n%s", d)
	}
}

func TestSIGTERMUnderLoadLosesNothingAndEndsSoon(t *testing.T) {
	world, list := box.Household(1, 3)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	s := box.NewSender(list)
	b := box.Start(t, dir, box.Options{})
	stop := make(chan struct{})
	var once sync.Once
	began := make(chan time.Time, 1)
	s.Send(b.Addr, 8, stop, func(n int64) {
		if n == 20 {
			once.Do(func() {
				began <- time.Now()
				close(stop)
				if err := b.Cmd.Process.Signal(os.Interrupt); err != nil {
					t.Error(err)
				}
			})
		}
	})
	if err := b.Wait(); err != nil {
		t.Fatalf("ended with %v\n%s", err, b.Log)
	}
	if took := time.Since(<-began); took > 15*time.Second {
		t.Errorf("took %s to end", took)
	}
	if n := s.Missing(t, dir); n > 0 {
		t.Errorf("%d acknowledged deliveries are missing", n)
	}
}

func TestASecondServeOverTheSameFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	box.Start(t, dir, box.Options{})
	var out box.LockedBuffer
	cmd := execServe(t, dir, &out)
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != statusFailed {
		t.Errorf("second serve ended with %v\n%s", err, &out)
	}
}

func percent(part, whole int) string { return fmt.Sprintf("%d of %d", part, whole) }
