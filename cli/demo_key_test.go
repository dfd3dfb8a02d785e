package cli

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

func TestTheKeyOfADemoIsOneThatTheSimulatedGarminAccepts(t *testing.T) {
	t.Parallel()
	d, f, _ := servedDemo(t)
	f.store.UseKeys(seal.File(filepath.Join(d.dir, keysFile)))
	garmin, err := newDemoGarmin()
	if err != nil {
		t.Fatal(err)
	}
	defer garmin.listener.Close()
	d.garmin = garmin
	var state demoState
	begin := func() (*service.Service, []db.PersonalKey) {
		t.Helper()
		var err error
		if state, err = d.resume(d.dir, time.Now()); err != nil {
			t.Fatal(err)
		}
		s, err := d.connectTo(d.world(&state, others), &simulator.Pusher{}, state.Until)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.addKeyPerson(t.Context(), f, s, &state); err != nil {
			t.Fatal(err)
		}
		keys, err := f.store.PersonalKeys(t.Context())
		if err != nil || len(keys) != 1 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		return s, keys
	}
	_, keys := begin()
	s, again := begin() // as if started again
	if again[0] != keys[0] {
		t.Errorf("the second start changed the key: %+v, was %+v", again[0], keys[0])
	}
	secrets, err := f.store.KeySecretsOf(t.Context(), keys[0].Person)
	if err != nil {
		t.Fatal(err)
	}
	people := d.world(&state, others).People()
	if key, _, ok := s.Key(len(people) - 1); !ok || key != secrets.Key {
		t.Error("Garner and the simulated Garmin have different keys")
	}
	person, err := f.store.PersonByName(t.Context(), people[len(people)-1].Name)
	if err != nil || person.ID != keys[0].Person {
		t.Errorf("the key belongs to another person: %v", err)
	}
	if calls := s.PersonalCalls(); len(calls) != 0 {
		t.Errorf("the demo called Garmin by itself: %d", calls[0].Status)
	}
}

func TestTheSimulatedGarminOfADemoHasThePersonalAPI(t *testing.T) {
	t.Parallel()
	garmin, err := newDemoGarmin()
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{dir: t.TempDir(), people: 1, days: 2, garmin: garmin}
	state := demoState{Until: time.Now()}
	if _, err := d.connectTo(d.world(&state, others), &simulator.Pusher{}, state.Until); err != nil {
		t.Fatal(err)
	}
	go garmin.serve(t.Context()) //nolint:errcheck // it ends with the test
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, garmin.origin()+service.PersonalTokenPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a key: %d", res.StatusCode)
	}
}
