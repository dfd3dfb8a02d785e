package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// kept remembers what was answered 200, outside the box.
type kept struct {
	mu   sync.Mutex
	dark bool
	sums map[[32]byte]bool
}

// add notes an answer. It says false once the power is going: what answers
// then is a kernel that has lost its disk already.
func (k *kept) add(body []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dark {
		k.sums[sha256.Sum256(body)] = true
	}
	return !k.dark
}

// power says whether answers count from here on.
func (k *kept) power(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dark = !on
}

// sender sends deliveries as Garmin does: what is not answered 200 is sent
// again.
type sender struct {
	mu    sync.Mutex
	queue []simulator.Delivery
	acked atomic.Int64
	kept  kept
}

func newSender(list []simulator.Delivery) *sender {
	return &sender{queue: list, kept: kept{sums: map[[32]byte]bool{}}}
}

func (s *sender) take() (d simulator.Delivery, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return d, false
	}
	d = s.queue[0]
	s.queue = s.queue[1:]
	return d, true
}

func (s *sender) giveBack(d simulator.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, d)
}

// send sends with some clients until the list is empty or stop is closed, and
// calls onAck after each 200.
func (s *sender) send(addr string, clients int, stop <-chan struct{}, onAck func(n int64)) {
	client := newClient()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				d, ok := s.take()
				if !ok {
					return
				}
				if status, err := post(client, addr, d.Type, d.Body); err != nil || status != http.StatusOK {
					s.giveBack(d)
					return // the box is gone
				}
				if !s.kept.add(d.Body) {
					s.giveBack(d)
					return
				}
				onAck(s.acked.Add(1))
			}
		})
	}
	wg.Wait()
	client.CloseIdleConnections()
}

// missing counts what was answered 200 and is not in the inbox.
func (s *sender) missing(t testing.TB, dir string) int {
	have := sums(t, dir)
	missing := 0
	for sum := range s.kept.sums {
		if _, ok := have[sum]; !ok {
			missing++
		}
	}
	return missing
}

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
// that nobody knows, and one field that no number of repeats makes small.
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
	path := program(t, "")
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			for _, args := range [][]string{{"inbox", "--json"}, {"replay", "--parked"}, {"replay", "--delivery", "1,2,3"}} {
				cmd := exec.CommandContext(ctx, path, args...) // killed in whatever it does
				cmd.Env = environment(dir, nil)
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
	if testing.Short() {
		t.Skip("200 kills take a while; left out by -short")
	}
	const kills = 200
	seed := seed()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	world, list := household(3, 40)
	list = withBig(list, 60)
	dir := t.TempDir()
	addPeople(t, dir, world)
	s := newSender(nil)
	share := len(list)/kills + 1
	for round := range kills {
		s.queue = append(s.queue, list[min(round*share, len(list)):min((round+1)*share, len(list))]...)
		if len(s.queue) == 0 {
			s.queue = append(s.queue, list[rng.IntN(len(list))]) // sent again, as Garmin does
		}
		b := start(t, dir, how{})
		stopCommands := func() {}
		if round%20 == 0 { // they take most of the time
			stopCommands = commandsBeside(t, dir)
		}
		stop := make(chan struct{})
		at := s.acked.Load() + 1 + rng.Int64N(int64(max(len(s.queue), 2)))
		var once sync.Once
		s.send(b.addr, 8, stop, func(n int64) {
			if n >= at {
				once.Do(func() { b.kill(); close(stop) })
			}
		})
		b.kill()
		b.wait() //nolint:errcheck // it was killed
		stopCommands()
	}
	b := start(t, dir, how{})
	s.send(b.addr, 8, nil, func(int64) {})
	c := b.drained()
	b.stop()
	garner(t, dir, "rederive")
	if n := s.missing(t, dir); n > 0 {
		t.Errorf("%d of %d acknowledged deliveries are missing", n, len(s.kept.sums))
	}
	if c.Parked > 0 {
		t.Errorf("%d deliveries are parked", c.Parked)
	}
	sound(t, dir)
	t.Logf("%d kills, %d acknowledged", kills, s.acked.Load())
	if d := difference(record(t, dir), undisturbed(t, dir, world)); d != "" {
		t.Errorf("the state is not that of an undisturbed run (- disturbed, + undisturbed)\n%s", d)
	}
}

func TestSIGTERMUnderLoadLosesNothingAndEndsSoon(t *testing.T) {
	world, list := household(1, 3)
	dir := t.TempDir()
	addPeople(t, dir, world)
	s := newSender(list)
	b := start(t, dir, how{})
	stop := make(chan struct{})
	var once sync.Once
	began := make(chan time.Time, 1)
	s.send(b.addr, 8, stop, func(n int64) {
		if n == 20 {
			once.Do(func() {
				began <- time.Now()
				close(stop)
				if err := b.cmd.Process.Signal(os.Interrupt); err != nil {
					t.Error(err)
				}
			})
		}
	})
	if err := b.wait(); err != nil {
		t.Fatalf("ended with %v\n%s", err, b.log)
	}
	if took := time.Since(<-began); took > 15*time.Second {
		t.Errorf("took %s to end", took)
	}
	if n := s.missing(t, dir); n > 0 {
		t.Errorf("%d acknowledged deliveries are missing", n)
	}
}

func TestASecondServeOverTheSameFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, how{})
	var out lockedBuffer
	cmd := execServe(t, dir, &out)
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != statusFailed {
		t.Errorf("second serve ended with %v\n%s", err, &out)
	}
}

func percent(part, whole int) string { return fmt.Sprintf("%d of %d", part, whole) }
