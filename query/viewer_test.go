package query_test

import (
	"errors"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health/alert"
	"garner/query"
)

func openStore(t *testing.T) *db.Store {
	t.Helper()
	store, err := db.OpenStore(t.Context(), t.TempDir(), garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestAViewerWithoutAccessIsAnsweredAsIfThePersonDidNotExist(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	person, err := store.AddPerson(t.Context(), time.Now(), "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		viewer query.Viewer
		values error // of the person's metrics
		facts  error // of their coverage
	}{
		{query.Viewer{}, db.ErrNotFound, db.ErrNotFound},
		{query.Account(false, person.ID+1), db.ErrNotFound, db.ErrNotFound},
		{query.Account(true, 0), query.ErrNotShared, nil},
		{query.Account(true, 0, person.ID), nil, nil},
		{query.Account(false, person.ID), nil, nil},
		{query.Account(false, 0, person.ID), nil, nil},
		{query.Operator(), nil, nil},
	} {
		var got error
		q := query.Reader{Viewer: c.viewer, Store: store}
		for _, err := range q.Metrics(t.Context(), person.ID, 0, 1<<20) {
			got = err
		}
		if !errors.Is(got, c.values) {
			t.Errorf("metrics for %+v: %v, want %v", c.viewer, got, c.values)
		}
		home := query.Household{Viewer: c.viewer, Store: store, Facts: &alert.Facts{People: []alert.Person{{ID: person.ID}}},
			Found: &alert.Findings{People: make([]alert.Finding, 1)}}
		if _, err := home.Coverage(t.Context(), 0); !errors.Is(err, c.facts) {
			t.Errorf("coverage for %+v: %v, want %v", c.viewer, err, c.facts)
		}
	}
}
