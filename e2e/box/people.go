package box

import (
	"testing"
	"time"

	"garner/garmin/simulator"
)

// Household is some pretend people and what Garmin would push of their last
// days.
func Household(people, days int) (*simulator.World, []simulator.Delivery) {
	w := simulator.New(simulator.Config{Seed: 7, People: people, Days: days, Until: LastNoon})
	var out []simulator.Delivery
	for d := range w.History() {
		if len(d.Body) < 200<<10 { // long activities would only make the tests slow
			out = append(out, d)
		}
	}
	return w, out
}

// AddPeople adds the people of a world to dir.
func AddPeople(t testing.TB, dir string, w *simulator.World) {
	t.Helper()
	for _, p := range w.People() {
		Run(t, dir, "person", "add", "--name", p.Name, "--garmin-user-id", p.UserID)
	}
}

// LastNoon is when the simulated histories end.
var LastNoon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
