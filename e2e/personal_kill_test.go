package e2e

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
)

// inPeace is what a box has that is never interrupted, and how many calls that took.
var inPeace struct {
	sync.Once
	all   string
	calls int
}

// wantAsInPeace wants the history that an undisturbed box has, by hardly more calls: an
// interruption costs those that were under way, and may part what each of them asks for.
func (k *keyed) wantAsInPeace(all string, interruptions int) {
	k.t.Helper()
	if d := difference(all, inPeace.all); d != "" {
		k.t.Errorf("an undisturbed box has something else (- interrupted, + undisturbed)\n%s", d)
	}
	more, repeats, may := k.calls()-inPeace.calls, k.repeats(), interruptions*keyCalls
	k.t.Logf("%d calls, %d of them repeated, after %d interruptions; %d undisturbed", k.calls(), repeats, interruptions,
		inPeace.calls)
	if repeats > may || more > 2*may {
		k.t.Errorf("%d calls were repeated, at most %d could be under way; %d more than undisturbed", repeats, may, more)
	}
}

// pullInPeace pulls the same history without interruption, once for all tests.
func pullInPeace(t *testing.T) {
	t.Helper()
	inPeace.Do(func() {
		k := newKeyed(t, t.TempDir())
		inPeace.all = k.finish()
		if inPeace.calls = k.calls(); k.repeats() > 0 {
			t.Errorf("undisturbed, %d calls were repeated", k.repeats())
		}
	})
	if inPeace.all == "" {
		t.Fatal("the undisturbed pull failed")
	}
}

// interrupted runs boxes of which each ends at a random call, before the last one.
func (k *keyed) interrupted(interruptions int, end func(*box.Box)) {
	k.t.Helper()
	seed := seed()
	k.t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range interruptions {
		at := min(k.calls()+1+rng.IntN(2*inPeace.calls/(interruptions+1)), inPeace.calls-1)
		b := k.start()
		box.Until(k.t, "the next call is made", 2*time.Minute, func() bool { return k.calls() >= at })
		end(b)
		k.wantStored()
	}
}

func TestKillsWhileHistoryIsPulledLoseNothingAndRepeatOnlyWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("many kills take a while; left out by -short")
	}
	kills := 2
	if allWanted() {
		kills = 40
	}
	pullInPeace(t)
	k := newKeyed(t, t.TempDir())
	k.interrupted(kills, func(b *box.Box) {
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
	})
	k.wantAsInPeace(k.finish(), kills)
}

func TestPowerCutsWhileHistoryIsPulledLoseNothingAndRepeatOnlyWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("power cuts take a while; left out by -short")
	}
	cuts := 1
	if allWanted() {
		cuts = 10
	}
	d := newDisk(t, "1G")
	pullInPeace(t)
	k := newKeyed(t, d.data())
	k.interrupted(cuts, func(b *box.Box) {
		d.cut()
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
		d.boot()
	})
	k.wantAsInPeace(k.finish(), cuts)
}
