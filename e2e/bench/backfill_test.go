package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// historyPeople ask for a year each.
const historyPeople = 100

// figureBackfill compares how fast live deliveries are answered before and while a
// hundred people's year is asked for and arrives. The answers are made before, so
// that the simulator takes no processor from the server.
func figureBackfill(t *testing.T) {
	dir := t.TempDir()
	world, answers := box.Household(historyPeople, 10)
	_, live := box.Household(3, 20)
	g := box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.Push = func(context.Context, simulator.Delivery) error { return nil }
	})
	b := box.Start(t, dir, box.Options{Env: append(g.Env(), "GARNER_BACKFILL_KEY=production")})
	to := targetOf(b)
	o := offer{requests: requestsOf(t, smallDailies(live)), conns: 64, length: 5 * time.Second, perSecond: 200}
	turns := func(first int) (all []float64) {
		for turn := range 3 {
			o.turn = first + turn
			all = append(all, float64(load(t, to, o).p99))
		}
		return all
	}
	without := median(turns(0))

	connectAll(t, dir, world, g)
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// At this pace Garner keeps up; while it does not, it asks for nothing.
		history := offer{requests: requestsOf(t, answers), conns: 2, length: time.Second, perSecond: 10}
		for history.turn = 10; ; history.turn++ {
			select {
			case <-stop:
				return
			default:
				load(t, to, history)
			}
		}
	}()
	box.Until(t, "Garmin is asked", 2*time.Minute, func() bool { return len(g.Requests()) > 0 })
	with := median(turns(3))
	close(stop)
	<-ended
	asked := 0
	for _, r := range g.Requests() {
		if strings.Contains(r.Path, "/backfill/") {
			asked++
		}
	}
	row("p99 to 200 at 200/s offered while 100 people backfill a year", "<= 3 x without",
		fmt.Sprintf("%.1f x (%s of %s; %d requests made meanwhile)", with/without,
			time.Duration(with).Round(10*time.Microsecond), time.Duration(without).Round(10*time.Microsecond), asked))
}

// connectAll connects the people of a world to a running box.
func connectAll(t *testing.T, dir string, world *simulator.World, g *box.Garmin) {
	t.Helper()
	store, err := db.OpenStoreBeside(t.Context(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	store.UseKeys(seal.File(filepath.Join(dir, "keys")))
	for i, p := range world.People() {
		person, err := store.AddPerson(t.Context(), time.Now(), p.Name, p.UserID, "")
		if err != nil {
			t.Fatal(err)
		}
		grant := g.Service.Connect(i, service.HealthExport, service.ActivityExport, service.HistoricalExport)
		granted, _ := g.Permissions(i) // it was just connected
		if _, err := store.AddConnection(t.Context(), time.Now(), person.ID, p.UserID, db.Tokens{Access: grant.AccessToken,
			Refresh: grant.RefreshToken, AccessEnds: grant.AccessExpires, RefreshEnds: grant.RefreshExpires},
			granted); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
