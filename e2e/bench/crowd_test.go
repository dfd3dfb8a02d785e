package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"garner/db"
	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
)

// peak is how many times the average traffic the busiest hour has.
const peak = 10

// addCrowd adds all people of a world at once. A command for each would take
// long.
func addCrowd(t testing.TB, dir string, w *simulator.World) {
	t.Helper()
	store, err := db.OpenStore(context.Background(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range w.People() {
		name := fmt.Sprintf("%s %d", p.Name, i)
		if _, err := store.AddPerson(context.Background(), time.Now(), name, p.UserID, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// figureCrowd offers what ten thousand people push in their busiest hour to a
// box on two cores.
func figureCrowd(t *testing.T) {
	people, length := scaled(10_000), time.Duration(scaled(120))*time.Second
	w := simulator.New(simulator.Config{Seed: 10, People: people, Days: 2, Until: box.LastNoon})
	dir := t.TempDir()
	addCrowd(t, dir, w)
	b := box.Start(t, dir, box.Options{Under: onCores(2), Env: []string{"GOMAXPROCS=2"}})
	got := offerDay(t, b, w, length, 1)
	row(fmt.Sprintf("%d people on two cores: %d/s, ten times their average day", people, got.perSecond),
		"oldest waiting < 1 min", got.String())
}

// figureSlow offers the deliveries of a hundred people to a box on one core
// with little memory, on a disk that takes 20 ms for each fsync. It is an
// approximation: strace delays the call, and the memory is Go's own limit.
func figureSlow(t *testing.T) {
	people, length := 100, time.Duration(scaled(60))*time.Second
	w := simulator.New(simulator.Config{Seed: 11, People: people, Days: 2, Until: box.LastNoon})
	dir := t.TempDir()
	addCrowd(t, dir, w)
	what := fmt.Sprintf("One core, 512 MB, 20 ms a fsync (by strace): %d people", people)
	strace := straced("fsync,fdatasync", "-o", "/dev/null", "-e", "inject=fsync,fdatasync:delay_exit=20000")
	if strace == nil {
		row(what, "keep up, p99 < 250 ms", "strace is not installed")
		return
	}
	b := box.Start(t, dir, box.Options{Under: append(onCores(1), strace...),
		Env: []string{"GOMAXPROCS=1", "GOMEMLIMIT=400MiB"}})
	got := offerDay(t, b, w, length, 10) // below, a p99 would be of a handful
	row(fmt.Sprintf("%s, %d/s", what, got.perSecond), "keep up, p99 < 250 ms",
		fmt.Sprintf("%s, %d MiB peak", got, box.PeakMemory(t, childOf(t, b.Cmd.Process.Pid))>>20))
}

// offered is what came of offering a day at its peak.
type offered struct {
	perSecond int
	oldest    time.Duration // the longest that any delivery had waited
	caughtUp  time.Duration // from the last answer until nothing waited
	p50, p99  time.Duration // to 200
}

func (o offered) String() string {
	return fmt.Sprintf("oldest %s, nothing waits %s after the end, p50 and p99 %s and %s", o.oldest.Round(100*time.Millisecond),
		o.caughtUp.Round(10*time.Millisecond), o.p50.Round(100*time.Microsecond), o.p99.Round(100*time.Microsecond))
}

// offerDay offers the average day of the people of a world at its peak, but at
// least so much a second.
func offerDay(t testing.TB, b *box.Box, w *simulator.World, length time.Duration, least int) (out offered) {
	t.Helper()
	const sample = 40
	people, day := len(w.People()), box.LastNoon.AddDate(0, 0, -1)
	average := 0
	for i := range sample {
		average += len(w.AverageDay(i*people/sample, day))
	}
	out.perSecond = max(least, average*people*peak/sample/86400)
	conns := min(64, out.perSecond) // a connection that stands idle for long is closed
	list := syncs(w, day, max(conns, int(length.Seconds())*out.perSecond))
	done, watched := make(chan struct{}), make(chan time.Duration)
	go func() { watched <- oldestWaiting(t, b.Addr, done) }()
	o := offer{requests: requestsOf(t, list), turn: 1, conns: conns, length: length, perSecond: out.perSecond}
	answers := load(t, targetOf(b), o)
	out.p50, out.p99 = answers.p50, answers.p99
	ended := time.Now()
	b.Drained()
	out.caughtUp = time.Since(ended)
	close(done)
	out.oldest = <-watched
	return out
}

// syncs are deliveries of a day of many people, a few in a row of each.
func syncs(w *simulator.World, day time.Time, number int) (list []simulator.Delivery) {
	rng := rand.New(rand.NewPCG(1, 1))
	const inARow = 6
	for len(list) < number {
		all := w.AverageDay(rng.IntN(len(w.People())), day)
		from := rng.IntN(max(1, len(all)-inARow))
		for _, d := range all[from:min(from+inARow, len(all))] {
			if numberPlace.Match(d.Body) {
				list = append(list, d)
			}
		}
	}
	return list
}

var oldestLine = regexp.MustCompile(`(?m)^garner_inbox_oldest_timestamp_seconds (\S+)$`)

// oldestWaiting looks until done is closed, and returns the longest that a
// delivery had waited.
func oldestWaiting(t testing.TB, addr string, done <-chan struct{}) (longest time.Duration) {
	client := box.NewClient()
	defer client.CloseIdleConnections()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return longest
		case <-tick.C:
			m := oldestLine.FindStringSubmatch(metrics(t, client, addr))
			if m == nil {
				continue // nothing waits
			}
			since, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(time.UnixMilli(int64(since*1000))))
		}
	}
}

// onCores runs a program on the first cores only.
func onCores(n int) []string {
	if n >= runtime.NumCPU() || !installed("taskset") {
		return nil
	}
	return []string{"taskset", "-c", fmt.Sprintf("0-%d", n-1)}
}
