package db

import (
	"errors"
	"testing"
	"time"
)

func TestATableThatTakesTooLongIsUncheckedAndNotDamaged(t *testing.T) {
	t.Parallel()
	s := planned(t)
	for longest, unchecked := range map[time.Duration]bool{time.Minute: false, -1: true} {
		tables, found := 0, 0
		if err := s.f.checkTables(t.Context(), longest, func(err error) {
			found++
			if !errors.Is(err, ErrUnchecked) || errors.Is(err, ErrDamaged) {
				t.Errorf("found %v", err)
			}
		}, func() error {
			tables++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if tables == 0 || (found == tables) != unchecked || !unchecked && found > 0 {
			t.Errorf("within %s: %d of %d tables are unchecked", longest, found, tables)
		}
	}
}
