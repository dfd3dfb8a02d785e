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
	for viewer, want := range map[query.Viewer]error{{}: db.ErrNotFound, query.Operator(): nil} {
		var got error
		q := query.Reader{Viewer: viewer, Store: store}
		for _, err := range q.Metrics(t.Context(), person.ID, 0, 1<<20) {
			got = err
		}
		if !errors.Is(got, want) {
			t.Errorf("metrics: %v, want %v", got, want)
		}
		home := query.Household{Viewer: viewer, Store: store, Facts: &alert.Facts{People: []alert.Person{{ID: person.ID}}},
			Found: &alert.Findings{People: make([]alert.Finding, 1)}}
		if _, err := home.Coverage(t.Context(), 0); !errors.Is(err, want) {
			t.Errorf("coverage: %v, want %v", err, want)
		}
	}
}
