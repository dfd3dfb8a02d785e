package simulator

import (
	"slices"
	"testing"
	"time"
)

func TestAdjoiningSpansContinueEachOther(t *testing.T) {
	t.Parallel()
	w := household(1)
	w.faults = Faults{MissingHeader: 0.1, Duplicate: 0.1, LateRetry: 0.2, Batched: 0.5,
		Outages: []Outage{{daysBefore(2), daysBefore(2).Add(7 * time.Hour)}}}
	whole := slices.Collect(w.Live(daysBefore(3), until))
	var parts []Delivery
	for at := daysBefore(3); at.Before(until); at = at.Add(97 * time.Minute) {
		to := at.Add(97 * time.Minute)
		if to.After(until) {
			to = until
		}
		parts = slices.AppendSeq(parts, w.Live(at, to))
	}
	byTime := func(a, b Delivery) int { return a.At.Compare(b.At) }
	if !slices.IsSortedFunc(whole, byTime) {
		t.Error("not in time order")
	}
	if len(parts) != len(whole) {
		t.Fatalf("%d deliveries in parts, %d as a whole", len(parts), len(whole))
	}
	for i := range whole {
		if !same(whole[i:i+1], parts[i:i+1]) {
			t.Fatalf("delivery %d: %s at %s, in parts %s at %s", i, whole[i].Type, whole[i].At, parts[i].Type, parts[i].At)
		}
	}
}

func TestNothingComesInAnOutageAndNothingIsLost(t *testing.T) {
	t.Parallel()
	w := quiet()
	down := Outage{daysBefore(2), daysBefore(2).Add(9 * time.Hour)}
	_, before := count(w.Live(daysBefore(3), until), func(Delivery) bool { return true })
	w.faults.Outages = []Outage{down}
	inside, after := count(w.Live(daysBefore(3), until), func(d Delivery) bool {
		return !d.At.Before(down.From) && d.At.Before(down.To)
	})
	if inside > 0 || before != after {
		t.Errorf("%d in the outage, %d of %d in all", inside, after, before)
	}
}

func TestFaultsOccurAboutAsOftenAsAsked(t *testing.T) {
	t.Parallel()
	w := quiet()
	w.faults.MissingHeader = 0.1
	missing, total := count(w.Live(daysBefore(20), until), func(d Delivery) bool {
		return d.Header.Get("garmin-client-id") == ""
	})
	if share := float64(missing) / float64(total); share < 0.05 || share > 0.15 {
		t.Errorf("%d of %d without header", missing, total)
	}
	mixed, _ := count(w.Live(daysBefore(20), until), func(d Delivery) bool { return d.Person == -1 })
	if mixed == 0 {
		t.Error("no body holds several people")
	}
}

func TestHistoryCoversEveryDay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	w := New(Config{Seed: 1, People: 3, Days: 45, Until: until})
	days := map[any]bool{}
	for d := range w.History() {
		if d.Type == "userMetrics" {
			for _, e := range elements(t, d) {
				if e["userId"] == w.people[0].UserID {
					days[e["calendarDate"]] = true
				}
			}
		}
	}
	for back := range 45 {
		if day := daysBefore(back).Format(time.DateOnly); !days[day] {
			t.Errorf("%s is missing", day)
		}
	}
}

func TestAnAverageDayIsDozensOfDeliveries(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 1, People: 60, Days: 1, Until: until})
	sum := 0
	for person := range 60 {
		sum += len(w.AverageDay(person, daysBefore(3)))
	}
	if sum/60 < 20 || sum/60 > 60 {
		t.Errorf("%d deliveries a day and person", sum/60)
	}
}
