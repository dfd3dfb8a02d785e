package db

import (
	"context"
	"fmt"
	"time"

	"garner/health"
)

// AskPull requests that the Personal API is asked for some days of a person, both
// included, also for those that it has answered for.
func (s *Store) AskPull(ctx context.Context, now time.Time, person int64, from, to health.Day) error {
	_, err := s.AskAbout(ctx, now, RequestPull, fmt.Sprintf("%d %s %s", person, from, to))
	return err
}

// PullAbout reads what a request of AskPull is about.
func PullAbout(r Request) (person int64, from, to health.Day, err error) {
	var first, last string
	if _, err = fmt.Sscanf(r.About, "%d %s %s", &person, &first, &last); err != nil {
		return 0, 0, 0, fmt.Errorf("request %d: %w", r.ID, err)
	}
	if from, err = health.ParseDay(first); err == nil {
		to, err = health.ParseDay(last)
	}
	return person, from, to, err
}
