package bench

import (
	"fmt"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// A round of load, and how many of them a median is taken of.
const (
	roundOfLoad = 3 * time.Second
	rounds      = 5
)

// contest is who takes part in the measuring of receiving. Only the one whose
// turn it is runs.
type contest struct {
	floor, empty     target
	paused, draining target
	turns            int
}

// figureReceiving holds receiving against the floor and an empty handler, turn
// by turn, with processing paused and with the drain at work on a backlog.
func figureReceiving(t *testing.T) {
	world, list := box.Household(100, 3)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	fillBacklog(t, dir, list)
	draining := box.Start(t, dir, box.Options{})
	paused := box.Start(t, t.TempDir(), box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	c := contest{floor: rival(t, "floor"), empty: rival(t, "empty"), paused: targetOf(paused), draining: targetOf(draining)}
	for _, s := range []target{c.floor, c.empty, c.paused, c.draining} {
		s.hold(t)
	}
	small := smallDailies(list)
	c.figure(t, fmt.Sprintf("dailies of %.1f KB", float64(meanSize(small))/1e3), small)
	c.figure(t, fmt.Sprintf("all types, mean %.1f KB", float64(meanSize(list))/1e3), list)
	c.draining.release(t)
	row("Deliveries that the drain had still to do at the end", "more than 0", fmt.Sprint(draining.Counts().Waiting))
}

// turn measures one server while the others stand still.
func (c *contest) turn(t testing.TB, s target, o offer) result {
	t.Helper()
	s.release(t)
	defer s.hold(t)
	return load(t, s, o)
}

// offer is the next round's load. In one round all get the same bytes.
func (c *contest) offer(requests []request) offer {
	c.turns++
	return offer{requests: requests, turn: c.turns, conns: 64, length: roundOfLoad}
}

// figure measures receiving with one kind of traffic.
func (c *contest) figure(t *testing.T, kind string, list []simulator.Delivery) {
	requests := requestsOf(t, list)
	var ours, floors, empties, atWork []result
	for range rounds {
		o := c.offer(requests)
		floors = append(floors, c.turn(t, c.floor, o))
		ours = append(ours, c.turn(t, c.paused, o))
		empties = append(empties, c.turn(t, c.empty, o))
		atWork = append(atWork, c.turn(t, c.draining, o))
	}
	rate := func(o result) float64 { return o.rate }
	slowest := func(o result) float64 { return float64(o.p99) }
	row("Durable deliveries/s, 64 connections, "+kind, "",
		fmt.Sprintf("%.0f/s (%d bodies)", middle(ours, rate), len(list)))
	row("  of a server that only appends and group-fsyncs", ">= 0.9 (0.85 will do)",
		fmt.Sprintf("%.2f", ratio(ours, floors, rate)))
	row("  of an empty handler", ">= 0.45", fmt.Sprintf("%.2f", ratio(ours, empties, rate)))
	row("  of the floor, while the drain keeps working", ">= 0.7",
		fmt.Sprintf("%.2f (%.0f/s)", ratio(atWork, floors, rate), middle(atWork, rate)))
	row("  p99 against the floor's", "<= 2 x", fmt.Sprintf("%.1f x", ratio(ours, floors, slowest)))
	row("  p50 and p99 of Garner; of the floor", "", quantiles(ours)+"; "+quantiles(floors))
	row("  CPU for each delivery to Garner; to the floor", "", processors("Garner", ours)+"; "+processors("floor", floors))
	c.confirm(t, requests)
}

// middle is the median of one number of the rounds.
func middle(list []result, number func(result) float64) float64 {
	var all []float64
	for _, o := range list {
		all = append(all, number(o))
	}
	return median(all)
}

// ratio is the median of the rounds' own ratios: two turns of one round had
// the machine in the same state.
func ratio(a, b []result, number func(result) float64) float64 {
	var all []float64
	for i := range a {
		all = append(all, number(a[i])/number(b[i]))
	}
	return median(all)
}

func quantiles(list []result) string {
	p50 := time.Duration(middle(list, func(o result) float64 { return float64(o.p50) }))
	p99 := time.Duration(middle(list, func(o result) float64 { return float64(o.p99) }))
	return fmt.Sprintf("%s and %s", p50.Round(10*time.Microsecond), p99.Round(10*time.Microsecond))
}

// processors says what a delivery cost the server and the load generator, and
// how much of both was the generator's.
func processors(server string, list []result) string {
	generator := middle(list, func(o result) float64 { return o.generator })
	served := middle(list, func(o result) float64 { return o.server })
	share := middle(list, func(o result) float64 { return 100 * o.generator / (o.generator + o.server) })
	return fmt.Sprintf("%s %.0f µs, generator %.0f µs (%.0f %%)", server, served, generator, share)
}

// fillBacklog puts deliveries into dir with processing paused.
func fillBacklog(t testing.TB, dir string, list []simulator.Delivery) {
	t.Helper()
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	box.NewSender(list).Send(b.Addr, 8, nil, func(int64) {})
	b.Stop()
}

func figureOffered(t *testing.T) {
	dir := t.TempDir()
	world, list := box.Household(3, 40)
	box.AddPeople(t, dir, world)
	fillBacklog(t, dir, list)
	ours, floors := targetOf(box.Start(t, dir, box.Options{})), rival(t, "floor")
	o := offer{requests: requestsOf(t, smallDailies(list)), turn: 1, conns: 64, length: 5 * time.Second, perSecond: 1000}
	mine := load(t, ours, o).p99
	ours.hold(t)
	theirs := load(t, floors, o).p99
	row("p99 to 200 at 1,000/s offered while a backlog drains", "<= 3 x the floor's",
		fmt.Sprintf("%.1f x (%s of %s)", float64(mine)/float64(theirs),
			mine.Round(10*time.Microsecond), theirs.Round(10*time.Microsecond)))
}
