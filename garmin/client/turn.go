package client

import (
	"context"
	"time"
)

// Limits is how much a Gate lets through.
type Limits struct {
	// PerSecond is how many calls a second, after the first Burst.
	PerSecond float64
	Burst     int
	// Parallel is how many calls at the same time; 0 for any number.
	Parallel int
	// Patience is how long a call waits for a place, and then for its turn, before it is
	// refused with ErrOpen.
	Patience time.Duration
}

// enter waits until a call may be made. After leave, another may take its place.
func (g *Gate) enter(ctx context.Context) error {
	if err := g.place(ctx); err != nil {
		return err
	}
	if err := g.wait(ctx); err != nil {
		g.leave()
		return err
	}
	return nil
}

func (g *Gate) leave() {
	if g.places != nil {
		<-g.places
	}
}

// place waits for a place among the calls at the same time.
func (g *Gate) place(ctx context.Context) error {
	if g.places == nil {
		return nil
	}
	timer := time.NewTimer(g.limits.Patience)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		return nil
	case <-timer.C:
		return &OpenError{Until: time.Now().Add(g.limits.Patience)}
	case <-ctx.Done():
		return notCalled(ctx)
	}
}

// wait waits for the request's turn.
func (g *Gate) wait(ctx context.Context) error {
	turn := g.limiter.Reserve()
	delay := turn.Delay()
	if delay > g.limits.Patience {
		turn.Cancel()
		return &OpenError{Until: time.Now().Add(delay)}
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return notCalled(ctx)
	}
}

func notCalled(ctx context.Context) error {
	return &callError{text: "not called: " + ctx.Err().Error(), ended: ctx.Err()}
}
