package server

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// events notifies open pages of changes. It carries no data: a notified page
// requests itself again.
type events struct {
	mu     sync.Mutex
	n      int64
	change chan struct{} // closed and replaced at each publish
	end    chan struct{}
	once   sync.Once
}

func newEvents() *events {
	return &events{change: make(chan struct{}), end: make(chan struct{})}
}

func (e *events) publish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.n++
	close(e.change)
	e.change = make(chan struct{})
}

func (e *events) close() { e.once.Do(func() { close(e.end) }) }

func (e *events) next() (int64, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.n, e.change
}

// The minimum interval between changes, and the maximum between keep-alives.
const (
	eventEvery = time.Second
	beatEvery  = 15 * time.Second
)

// serveEvents is the one event stream: GET /events.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ctl := http.NewResponseController(w)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	_, change := s.events.next()
	for text := ": hello\n\n"; ; {
		if err := ctl.SetWriteDeadline(time.Now().Add(2 * beatEvery)); err != nil {
			return
		}
		if _, err := fmt.Fprint(w, text); err != nil || ctl.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.events.end:
			return
		case <-beat.C:
			if !s.site.StillAdmitted(r) {
				return
			}
			text = ": beat\n\n"
		case <-change:
			timer := time.NewTimer(eventEvery) // many changes, one event
			select {
			case <-r.Context().Done():
				timer.Stop()
				return
			case <-timer.C:
			}
			select {
			case <-beat.C: // where changes never end, its turn may not come
				if !s.site.StillAdmitted(r) {
					return
				}
			default:
			}
			said, next := s.events.next()
			change, text = next, fmt.Sprintf("id: %d\nevent: change\ndata: %d\n\n", said, said)
		}
	}
}
