package api

import (
	"context"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"garner/server/auth"
)

// gate bounds what answers take together, so that receiving and the pages keep the rest:
// processors and memory while they are made, and memory until they are sent.
type gate struct {
	making  *semaphore.Weighted // by answers
	sending *semaphore.Weighted // by bytes

	mu     sync.Mutex
	tokens map[int64]*turns
}

// turns are those of one token, while any request has or awaits one.
type turns struct {
	*semaphore.Weighted
	users int
}

const (
	// perToken is how many requests of a token are answered at once: one token cannot make
	// all others wait.
	perToken = 2
	// mostSending is how many bytes of answers wait to be sent.
	mostSending = 128 << 20
	// waitWithin is how long a request waits for others.
	waitWithin = 20 * time.Second
	// sendWithin is how long sending an answer may take.
	sendWithin = time.Minute
)

// newGate makes one that leaves half of the processors to others.
func newGate() *gate {
	making := min(max(runtime.GOMAXPROCS(0)/2, 1), 2)
	return &gate{making: semaphore.NewWeighted(int64(making)), sending: semaphore.NewWeighted(mostSending),
		tokens: map[int64]*turns{}}
}

// answer makes an answer when it is its turn. sent gives back what it takes. *auth.TooMany
// means that others took too long.
func (g *gate) answer(ctx context.Context, token int64, make func() ([]byte, error)) (body []byte, sent func(),
	err error) {
	wait, cancel := context.WithTimeout(ctx, waitWithin)
	defer cancel()
	leave, err := g.turn(wait, token)
	if err != nil {
		return nil, nil, tooBusy(ctx, err)
	}
	body, size, err := g.made(ctx, wait, make)
	if err != nil {
		leave()
		return nil, nil, err
	}
	return body, func() {
		g.sending.Release(size)
		leave()
	}, nil
}

// made makes the answer, and takes the memory that it is held in until it is sent.
func (g *gate) made(ctx, wait context.Context, make func() ([]byte, error)) (body []byte, size int64, err error) {
	if err := g.making.Acquire(wait, 1); err != nil {
		return nil, 0, tooBusy(ctx, err)
	}
	defer g.making.Release(1)
	if body, err = make(); err != nil {
		return nil, 0, err
	}
	size = min(int64(len(body)), mostSending/(2*perToken))
	return body, size, g.sending.Acquire(ctx, size)
}

// turn waits for one of a token.
func (g *gate) turn(ctx context.Context, token int64) (leave func(), err error) {
	g.mu.Lock()
	t := g.tokens[token]
	if t == nil {
		t = &turns{Weighted: semaphore.NewWeighted(perToken)}
		g.tokens[token] = t
	}
	t.users++
	g.mu.Unlock()
	done := func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if t.users--; t.users == 0 {
			delete(g.tokens, token)
		}
	}
	if err := t.Acquire(ctx, 1); err != nil {
		done()
		return nil, err
	}
	return func() { t.Release(1); done() }, nil
}

// tooBusy is the error of having waited; that of the request if it has ended.
func tooBusy(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return &auth.TooMany{After: 5 * time.Second}
}
