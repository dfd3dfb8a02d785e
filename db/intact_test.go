package db_test

import (
	"errors"
	"slices"
	"testing"

	"garner/db"
	"garner/health"
)

// TestIntactLeavesOutOnlyTheDamagedRecords and yields each other error, as it came.
func TestIntactLeavesOutOnlyTheDamagedRecords(t *testing.T) {
	t.Parallel()
	first, last, failed := &health.Record{}, &health.Record{}, errors.New("no more")
	records := func(yield func(*health.Record, error) bool) {
		_ = yield(first, nil) && yield(nil, &db.DamagedError{}) && yield(last, nil) && yield(nil, failed)
	}
	var got []*health.Record
	var errs []error
	for rec, err := range db.Intact(records) {
		got, errs = append(got, rec), append(errs, err)
	}
	if !slices.Equal(got, []*health.Record{first, last, nil}) || !slices.Equal(errs, []error{nil, nil, failed}) {
		t.Errorf("%v, %v", got, errs)
	}
}
