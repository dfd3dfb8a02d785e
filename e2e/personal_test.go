package e2e

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/personal"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
)

// accountDays is how long the account of a person with a key has been in use.
func accountDays() int {
	if allWanted() {
		return 60
	}
	return 30
}

// keyWorld is a world with one person, whose account ends at an instant: after that
// nothing changes, so that two boxes that ask get the same.
var keyWorld = sync.OnceValues(func() (*simulator.World, time.Time) {
	end := time.Now().Truncate(24 * time.Hour).Add(-21 * time.Hour) // at night
	return simulator.New(simulator.Config{Seed: 3, People: 1, Days: accountDays(), Until: end, Faults: &simulator.Faults{}}), end
})

// keyed is a person in a folder who has a key, at a Garmin of their own.
type keyed struct {
	t      *testing.T
	dir    string
	name   string
	garmin *box.Garmin
}

// keyCalls is how many calls may be under way at a time.
const keyCalls = 4

func newKeyed(t *testing.T, dir string) *keyed {
	t.Helper()
	world, end := keyWorld()
	k := &keyed{t: t, dir: dir, name: world.People()[0].Name}
	k.garmin = box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.AllowBursts = true
		cfg.Now = func() time.Time { return end }
	})
	box.Run(t, dir, "person", "add", "--name", k.name)
	k.garmin.AddKey(t, dir, k.name, 0)
	return k
}

// start starts a box that asks as fast as it may, and for each day once.
func (k *keyed) start() *box.Box {
	k.t.Helper()
	return box.Start(k.t, k.dir, box.Options{Env: append(k.garmin.PersonalEnv(), "GARNER_PERSONAL_CALLS_PER_SECOND=100",
		fmt.Sprintf("GARNER_PERSONAL_PARALLEL=%d", keyCalls), "GARNER_PERSONAL_SCHEDULE=@every 200h",
		"GARNER_PERSONAL_SETTLE=@every 200h")})
}

// calls is how many calls Garmin got.
func (k *keyed) calls() int { return len(k.garmin.PersonalCalls()) }

// repeats is how many calls Garmin got that were the same as an earlier one.
func (k *keyed) repeats() (n int) {
	seen := map[string]bool{}
	for _, c := range k.garmin.PersonalCalls() {
		if seen[c.Target] {
			n++
		}
		seen[c.Target] = true
	}
	return n
}

// finish runs a box until all is asked for and processed, and returns what was kept and
// derived, and what the ledger says.
func (k *keyed) finish() (all string) {
	k.t.Helper()
	b := k.start()
	box.Until(k.t, "all history is asked for", 5*time.Minute, k.complete)
	b.Drained()
	b.Derived()
	b.Stop()
	box.Sound(k.t, k.dir)
	conn := box.ReadOnly(k.t, filepath.Join(k.dir, "garner.db"))
	defer conn.Close()
	n, sum := digestOf(k.t, conn, `select endpoint, item, day, state, final from pulled where day >= (select
		first_day from personal_key) order by 1, 2`) // how far the search for the first day went is by chance
	return record(k.t, k.dir) + fmt.Sprintf("ledger %d rows %x\n", n, sum)
}

// complete reports whether all days back to the first of the account have an answer, and
// all activities that are due. Of what only some people use, that is from the first day with data on.
func (k *keyed) complete() bool {
	k.t.Helper()
	conn := box.ReadOnly(k.t, filepath.Join(k.dir, "garner.db"))
	defer conn.Close()
	var first, waiting int
	if err := conn.QueryRow(`select first_day, (select count(*) from pulled where state = 0 and due_ms < ?) from personal_key`,
		time.Now().UnixMilli()).Scan(&first, &waiting); err != nil {
		k.t.Fatal(err)
	}
	if first == 0 || waiting > 0 {
		return false
	}
	now := time.Now().In(k.garmin.World.People()[0].Zone)
	_, offset := now.Zone()
	today := int(health.DayOf(now.Unix(), int32(offset)))
	for _, e := range personal.Endpoints {
		if !e.Asked || e.Shape != personal.Day && e.Shape != personal.Range && e.Shape != personal.Listed {
			continue
		}
		var answered, oldest int
		if err := conn.QueryRow(`select count(*) filter (where day >= ?1 and state in (1, 2, 3)), coalesce(min(day) filter (where
			state = 3), ?2) from pulled where endpoint = ?3`, first, today, e.Key).Scan(&answered, &oldest); err != nil {
			k.t.Fatal(err)
		}
		from := first
		if e.Optional {
			from = max(first, oldest-35)
		}
		if answered < today-from+1 {
			return false
		}
	}
	return true
}

// wantStored wants the answer of each call that the ledger calls data to be in the inbox.
func (k *keyed) wantStored() {
	k.t.Helper()
	conn := box.ReadOnly(k.t, filepath.Join(k.dir, "garner.db"))
	defer conn.Close()
	if _, err := conn.Exec(`attach ? as inbox`, filepath.Join(k.dir, "inbox.db")); err != nil {
		k.t.Fatal(err)
	}
	var lost int
	if err := conn.QueryRow(`select count(*) from pull_call where state = 3 and delivery_id > 0 and delivery_id not in
		(select id from inbox.delivery)`).Scan(&lost); err != nil {
		k.t.Fatal(err)
	}
	if lost > 0 {
		k.t.Errorf("%d answers that are on record were not stored", lost)
	}
}
