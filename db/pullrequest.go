package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"garner/health"
)

// PullWish is what the Personal API is asked for by hand.
type PullWish struct {
	// Person is 0 for everyone with a key.
	Person int64 `json:"person,omitempty"`
	// From and To are the first and the last day. Without From it is the first day of the
	// account, without To today.
	From health.Day `json:"from,omitempty"`
	To   health.Day `json:"to,omitempty"`
	// Again asks for days too that were answered for good.
	Again bool `json:"again,omitempty"`
}

// AskPull requests that the Personal API is asked for some days of a person, both
// included, also for those that it has answered for.
func (s *Store) AskPull(ctx context.Context, now time.Time, person int64, from, to health.Day) error {
	_, err := s.Wish(ctx, now, PullWish{Person: person, From: from, To: to, Again: true})
	return err
}

// Wish requests that the Personal API is asked now. One like it that waits is returned.
func (s *Store) Wish(ctx context.Context, now time.Time, w PullWish) (request int64, err error) {
	text, err := json.Marshal(w)
	if err != nil {
		return 0, err
	}
	return s.AskAbout(ctx, now, RequestPull, string(text))
}

// PullWishOf reads what a request is about.
func PullWishOf(r Request) (w PullWish, err error) {
	if err := json.Unmarshal([]byte(r.About), &w); err != nil {
		return w, fmt.Errorf("request %d cannot be read", r.ID)
	}
	return w, nil
}
