package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"garner/garmin/simulator"
)

// pending is a delivery that waits for its time.
type pending struct {
	simulator.Delivery
	live    bool  // from the world, which does not know who is connected
	history *span // set for backfill, whose body is made when it is due
}

// enqueue adds a delivery, behind those of the same time.
func (s *Service) enqueue(d simulator.Delivery) { s.wait(&pending{Delivery: d}) }

func (s *Service) wait(p *pending) {
	i := len(s.waiting)
	for i > 0 && s.waiting[i-1].At.After(p.At) {
		i--
	}
	s.waiting = slices.Insert(s.waiting, i, p)
}

const (
	tick      = time.Second
	liveEvery = 30 * time.Second // a look at the watches costs more than one at the queue
)

// Run delivers what is due until ctx ends or a delivery cannot be pushed.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var looked time.Time
	for {
		now := s.cfg.Now()
		look := now.Sub(looked) >= liveEvery
		if look {
			looked = now
		}
		if err := s.deliver(ctx, now, look); err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Deliver pushes what is due at an instant: live syncs of connected people,
// answers of backfill, notices. A delivery that cannot be pushed waits for the
// next call.
func (s *Service) Deliver(ctx context.Context, now time.Time) error {
	return s.deliver(ctx, now, true)
}

func (s *Service) deliver(ctx context.Context, now time.Time, live bool) error {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	for live && s.live.Before(now) {
		s.collect(now)
		if err := s.drain(ctx, s.live); err != nil {
			return err
		}
	}
	return s.drain(ctx, now)
}

// drain pushes what waits until an instant.
func (s *Service) drain(ctx context.Context, until time.Time) error {
	for {
		p, out := s.next(until)
		if p == nil {
			return nil
		}
		for _, d := range out {
			if err := s.cfg.Push(ctx, d); err != nil {
				return fmt.Errorf("deliver: %w", err)
			}
		}
		s.done(p)
	}
}

// liveStep limits how many live syncs wait at once after a long pause.
const liveStep = 12 * time.Hour

// collect queues the next live syncs before an instant. The lock is free while
// the world makes them.
func (s *Service) collect(now time.Time) {
	to := s.live.Add(liveStep)
	if to.After(now) {
		to = now
	}
	s.mu.Lock()
	connected := len(s.grants) > 0
	s.mu.Unlock()
	if connected {
		for d := range s.world.Live(s.live, to) {
			s.mu.Lock()
			s.wait(&pending{Delivery: d, live: true})
			s.mu.Unlock()
		}
	}
	s.live = to
}

// next is the first delivery that is due, and what is pushed of it now.
func (s *Service) next(now time.Time) (*pending, []simulator.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 || s.waiting[0].At.After(now) {
		return nil, nil
	}
	p := s.waiting[0]
	out := s.outgoing(p)
	for i := range out {
		out[i] = s.stamp(out[i])
	}
	return p, out
}

// stamp sets the application's client id, except where a fault of the world has
// taken the header away.
func (s *Service) stamp(d simulator.Delivery) simulator.Delivery {
	if d.Header.Get("garmin-client-id") != "" {
		d.Header = d.Header.Clone()
		d.Header.Set("garmin-client-id", s.cfg.ClientID)
	}
	return d
}

func (s *Service) done(p *pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, p); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
}

// outgoing is what the application gets of a delivery.
func (s *Service) outgoing(p *pending) (out []simulator.Delivery) {
	if p.live && p.Type == permissionsKey {
		return s.follow(p.Delivery)
	}
	t, ok := typeOf(p.Type)
	if !ok {
		return []simulator.Delivery{p.Delivery} // a notice, which needs no permission
	}
	all := []simulator.Delivery{p.Delivery}
	if p.history != nil {
		all = s.history(p)
	}
	for _, d := range all {
		if d, ok := s.announce(t, d); ok {
			out = append(out, d)
		}
	}
	return out
}

// announce is a delivery in the mode of its type, with what may be sent of it;
// false for nothing.
func (s *Service) announce(t *summaryType, d simulator.Delivery) (simulator.Delivery, bool) {
	d, kept := s.permitted(t, d)
	mode := s.mode(t.key)
	switch {
	case len(kept) == 0 || mode == ModeOff || t.key == filesKey && s.cfg.Files == nil:
		return d, false
	case t.key == filesKey:
		return s.pingFiles(d, kept), true
	case mode == ModePing:
		return s.ping(t, d, kept), true
	}
	return d, true
}

// mode is how a callback key is configured.
func (s *Service) mode(key string) string {
	if mode, ok := s.cfg.Mode[key]; ok {
		return mode
	}
	return ModePush
}

// element is one element of a body, with whose it is.
type element struct {
	person int
	raw    json.RawMessage
}

// elements reads a body, which the world has written.
func (s *Service) elements(d simulator.Delivery) (out []element) {
	var body map[string][]json.RawMessage
	mustParse(d.Body, &body)
	for _, raw := range body[d.Type] {
		out = append(out, element{s.owner(raw, d.Person), raw})
	}
	return out
}

// owner is the person of an element; a delivery of one person needs no look.
func (s *Service) owner(raw json.RawMessage, person int) int {
	if person >= 0 {
		return person
	}
	var who struct {
		UserID string `json:"userId"`
	}
	mustParse(raw, &who)
	return slices.IndexFunc(s.people, func(p simulator.Person) bool { return p.UserID == who.UserID })
}

func mustParse(raw []byte, v any) {
	if err := json.Unmarshal(raw, v); err != nil {
		panic("service: the world wrote bad JSON: " + err.Error())
	}
}

// permitted leaves of a delivery the elements of people who are connected and
// share the type.
func (s *Service) permitted(t *summaryType, d simulator.Delivery) (simulator.Delivery, []element) {
	all := s.elements(d)
	kept := slices.DeleteFunc(slices.Clone(all), func(e element) bool {
		g := s.grants[e.person]
		return g == nil || d.At.Before(g.connected) || !g.has(t.permission)
	})
	if len(kept) < len(all) {
		d = s.withElements(d, kept)
	}
	return d, kept
}

// withElements is a delivery with other elements.
func (s *Service) withElements(d simulator.Delivery, elements []element) simulator.Delivery {
	raw := []json.RawMessage{}
	for _, e := range elements {
		raw = append(raw, e.raw)
	}
	d.Body = mustJSON(map[string][]json.RawMessage{d.Type: raw})
	return d
}

// follow carries out a change of permissions that happens in the world, and
// gives the notice of it. The world does not know what the person agreed to.
func (s *Service) follow(d simulator.Delivery) (out []simulator.Delivery) {
	var body map[string][]struct {
		Permissions []string `json:"permissions"`
	}
	mustParse(d.Body, &body)
	g := s.grants[d.Person]
	if g == nil || d.At.Before(g.connected) {
		return nil
	}
	for _, change := range body[permissionsKey] {
		g.granted = slices.DeleteFunc(slices.Clone(g.agreed), func(name string) bool {
			return !slices.Contains(change.Permissions, name)
		})
		out = append(out, s.permissionsNotice(d.Person, d.At, g.granted))
	}
	return out
}
