package simulator

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var until = time.Date(2026, time.November, 22, 18, 30, 0, 0, time.UTC)

func household(seed uint64) *World {
	return New(Config{Seed: seed, People: 3, Days: 730, Until: until})
}

func daysBefore(n int) time.Time { return until.AddDate(0, 0, -n) }

// elements parses the one array of a body.
func elements(t *testing.T, d Delivery) []map[string]any {
	t.Helper()
	var body map[string][]map[string]any
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatalf("%s at %s: %v: %.200s", d.Type, d.At, err, d.Body)
	}
	if len(body) != 1 || len(body[d.Type]) == 0 {
		t.Fatalf("%s at %s: not one array under its key: %.200s", d.Type, d.At, d.Body)
	}
	return body[d.Type]
}

// of returns the elements of a type in some deliveries.
func of(t *testing.T, all []Delivery, kind string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for _, d := range all {
		if d.Type == kind {
			found = append(found, elements(t, d)...)
		}
	}
	return found
}

func num(e map[string]any, name string) float64 {
	v, _ := e[name].(float64)
	return v
}

func same(a, b []Delivery) bool {
	return slices.EqualFunc(a, b, func(a, b Delivery) bool {
		return a.At.Equal(b.At) && a.Type == b.Type && string(a.Body) == string(b.Body) && len(a.Header) == len(b.Header)
	})
}

func TestSameSeedAndDateGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	morning := New(Config{Seed: 1, People: 3, Days: 30, Until: until.Add(-9 * time.Hour)})
	evening := household(1)
	for person := range 3 {
		for back := range 9 {
			day := daysBefore(back + 1)
			if !same(morning.Final(person, day), evening.Final(person, day)) {
				t.Errorf("person %d differs on %s", person, day.Format(time.DateOnly))
			}
		}
	}
	if !same(slices.Collect(household(1).Live(daysBefore(2), until)),
		slices.Collect(household(1).Live(daysBefore(2), until))) {
		t.Error("two worlds push differently")
	}
}

func TestADayNeedsNoDayBeforeIt(t *testing.T) {
	t.Parallel()
	walked := household(1)
	for back := 20; back > 4; back-- {
		walked.Final(0, daysBefore(back))
	}
	if !same(walked.Final(0, daysBefore(4)), household(1).Final(0, daysBefore(4))) {
		t.Error("a day depends on what was made before it")
	}
}

func TestOtherSeedsAreOtherPeople(t *testing.T) {
	t.Parallel()
	a, b := household(1), household(2)
	if a.People()[0].UserID == b.People()[0].UserID {
		t.Error("same user id")
	}
	if same(a.Final(0, daysBefore(3)), b.Final(0, daysBefore(3))) {
		t.Error("same data")
	}
}

func TestPeopleAreTellingApart(t *testing.T) {
	t.Parallel()
	people := New(Config{Seed: 1, People: 2500, Days: 1, Until: until}).People()
	names, ids := map[string]bool{}, map[string]bool{}
	tokens := 0
	for _, p := range people {
		names[strings.ToLower(p.Name)], ids[p.UserID] = true, true
		if len(p.UserID) != 32 || p.Zone == nil || len(p.Devices) == 0 {
			t.Fatalf("incomplete: %+v", p)
		}
		if p.Token != "" {
			tokens++
		}
	}
	if len(names) != len(people) || len(ids) != len(people) {
		t.Errorf("%d names and %d ids for %d people", len(names), len(ids), len(people))
	}
	if tokens == 0 || tokens > len(people)/2 {
		t.Errorf("%d tokens of the old era", tokens)
	}
}

func TestEveryKeyOccursInAQuarter(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := New(Config{Seed: 1, People: 3, Days: 90, Until: until})
	missing := map[string]bool{"deregistrations": true}
	for i := range kinds {
		missing[kinds[i].name] = true
	}
	if len(missing) != 20 {
		t.Errorf("%d keys, Garmin has 20", len(missing))
	}
	for d := range w.History() {
		delete(missing, d.Type)
		if d.At.After(until) {
			t.Fatalf("%s comes at %s, after the end", d.Type, d.At)
		}
		if !json.Valid(d.Body) {
			t.Fatalf("%s at %s is not JSON", d.Type, d.At)
		}
	}
	delete(missing, w.Deregistration(1, until).Type)
	if len(missing) > 0 {
		t.Errorf("never pushed: %v", missing)
	}
}

func TestEveryElementNamesItsPerson(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := household(1)
	people := w.People()
	for d := range w.Live(daysBefore(3), until) {
		for _, e := range elements(t, d) {
			i := slices.IndexFunc(people, func(p Person) bool { return p.UserID == e["userId"] })
			if i < 0 || d.Person >= 0 && d.Person != i {
				t.Fatalf("%s of person %d names %v", d.Type, d.Person, e["userId"])
			}
			if token, _ := e["userAccessToken"].(string); token != people[i].Token {
				t.Fatalf("%s: token %q", d.Type, token)
			}
		}
	}
}

func count(all iter.Seq[Delivery], holds func(Delivery) bool) (held, total int) {
	for d := range all {
		total++
		if holds(d) {
			held++
		}
	}
	return held, total
}

func TestAWorldMayBeAskedByManyAtOnce(t *testing.T) {
	t.Parallel()
	w := household(1)
	want := household(1).Final(0, daysBefore(7))
	var askers sync.WaitGroup
	for range 4 {
		askers.Go(func() {
			if !same(w.Final(0, daysBefore(7)), want) || len(w.AverageDay(0, daysBefore(7))) == 0 {
				t.Error("another answer")
			}
		})
	}
	askers.Wait()
}
