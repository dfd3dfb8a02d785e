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
		{query.Operator().Facts(), query.ErrNotShared, nil},
		{query.Operator().Only(person.ID), nil, nil},
		{query.Operator().Only(person.ID + 1), db.ErrNotFound, db.ErrNotFound},
		{query.Operator().Only(person.ID).Only(person.ID + 1), db.ErrNotFound, db.ErrNotFound},
		{query.Operator().Facts().Only(person.ID), query.ErrNotShared, nil},
		{query.Operator().Only(person.ID).Facts(), query.ErrNotShared, nil},
		{query.Account(true, 0).Only(person.ID), query.ErrNotShared, nil},
		{query.Account(true, 0, person.ID).Only(person.ID), nil, nil},
		{query.Account(true, person.ID).Only(person.ID + 1), db.ErrNotFound, db.ErrNotFound},
		{query.Account(false, 0, person.ID).Only(person.ID), nil, nil},
		{query.Account(false, person.ID).Facts(), query.ErrNotShared, nil},
		{query.Account(false, 0).Only(person.ID), db.ErrNotFound, db.ErrNotFound},
		{query.Viewer{}.Only(person.ID), db.ErrNotFound, db.ErrNotFound},
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

func TestWhoReadsOnePersonDoesNotRunTheInstallation(t *testing.T) {
	t.Parallel()
	for _, v := range []query.Viewer{query.Operator(), query.Account(true, 1)} {
		one := v.Only(1)
		if !v.Operates() || one.Operates() || one.Own() != 0 || one.ChangesSubject(0) == nil {
			t.Errorf("%+v is limited to %+v", v, one)
		}
	}
}
