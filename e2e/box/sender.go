package box

import (
	"crypto/sha256"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"garner/garmin/simulator"
)

// Kept remembers what was answered 200, outside the box.
type Kept struct {
	mu   sync.Mutex
	dark bool
	Sums map[[32]byte]bool // SHA-256 of the bodies
}

// Add notes an answer. It says false once the power is going: what answers
// then is a kernel that has lost its disk already.
func (k *Kept) Add(body []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dark {
		k.Sums[sha256.Sum256(body)] = true
	}
	return !k.dark
}

// Snapshot is what was answered 200 until now.
func (k *Kept) Snapshot() map[[32]byte]bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.Sums)
}

// Power reports whether answers count from here on.
func (k *Kept) Power(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dark = !on
}

// Sender sends deliveries as Garmin does: what is not answered 200 is sent
// again.
type Sender struct {
	mu    sync.Mutex
	Queue []simulator.Delivery // what is still to be sent
	Acked atomic.Int64
	Kept  Kept
}

// NewSender makes a sender of list, which it consumes.
func NewSender(list []simulator.Delivery) *Sender {
	return &Sender{Queue: list, Kept: Kept{Sums: map[[32]byte]bool{}}}
}

func (s *Sender) take() (d simulator.Delivery, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.Queue) == 0 {
		return d, false
	}
	d = s.Queue[0]
	s.Queue = s.Queue[1:]
	return d, true
}

func (s *Sender) giveBack(d simulator.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Queue = append(s.Queue, d)
}

// Send sends with some clients until the list is empty or stop is closed, and
// calls onAck after each 200.
func (s *Sender) Send(addr string, clients int, stop <-chan struct{}, onAck func(n int64)) {
	client := NewClient()
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
				if status, err := Post(client, addr, d.Type, d.Body); err != nil || status != http.StatusOK {
					s.giveBack(d)
					return // the box is gone
				}
				if !s.Kept.Add(d.Body) {
					s.giveBack(d)
					return
				}
				onAck(s.Acked.Add(1))
			}
		})
	}
	wg.Wait()
	client.CloseIdleConnections()
}

// Missing counts what was answered 200 and is not in the inbox.
func (s *Sender) Missing(t testing.TB, dir string) int {
	have := Sums(t, dir)
	missing := 0
	for sum := range s.Kept.Sums {
		if _, ok := have[sum]; !ok {
			missing++
		}
	}
	return missing
}
