package pages

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

// A page of ten years holds several megabytes while it is made, and making more at once
// than there are processors makes none of them sooner. So many are made at once; others
// wait for so long and are then refused.
const (
	mostPages    = 6
	pagePatience = 20 * time.Second
)

// turns bounds how many do something at once.
type turns struct {
	taken    chan struct{} // has one element for each that has begun, and room for so many
	patience time.Duration // how long others wait
	refusal  string        // what those see that waited in vain
}

func newTurns(most int, patience time.Duration, refusal string) turns {
	return turns{make(chan struct{}, most), patience, refusal}
}

// begin waits for a turn.
func (t *turns) begin(ctx context.Context) (end func(), err error) {
	wait, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken }, nil
	case <-wait.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &statusError{http.StatusServiceUnavailable, t.refusal}
	}
}

// inTurn makes a page when it is its turn, up to the bytes that are sent: a slow reader
// takes no turn.
func (s *Site) inTurn(h func(*http.Request) (answer, error)) func(*http.Request) (answer, error) {
	return func(r *http.Request) (answer, error) {
		end, err := s.making.begin(r.Context())
		if err != nil {
			return answer{}, err
		}
		defer end()
		a, err := h(r)
		if err != nil || a.view == nil {
			return a, err
		}
		a.body, err = rendered(r.Context(), a)
		return a, err
	}
}

// rendered is the body of an answer.
func rendered(ctx context.Context, a answer) ([]byte, error) {
	if a.body != nil {
		return a.body, nil
	}
	var page bytes.Buffer
	err := a.view.Render(ctx, &page)
	return page.Bytes(), err
}
