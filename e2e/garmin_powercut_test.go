package e2e

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"garner/db/filestore"
	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// After a cut the tokens that were used are there, the intent of each request for
// history that Garmin got, and each file that counted as stored.
func TestAPowerCutBringsBackNoOlderTokensAndLosesNoFileAndNoIntent(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("power cuts take a while; left out by -short")
	}
	cuts := 2
	if allWanted() {
		cuts = 15
	}
	seed := seed()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	d := newDisk(t, "1G")
	p := newTalking(t, d.data(), 20*cuts, rng) // there are new files for each cut
	p.ender.end = func(b *box.Box) {
		d.cut()
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
	}
	p.start("", 0)
	p.connect("activities")
	for cut := range cuts {
		p.ender.arm([]string{"backfill", "file", "pull"}[cut%3], 2+rng.IntN(2)) // after another call with new tokens
		p.untilEnded()
		d.boot()
		p.ender.booted()
		p.wantIntents()
		p.wantFetched()
		p.hoursPass()
		p.start("", 0)
	}
	p.finish()
	p.box.Stop()
	p.wantFiles()
	if (p.renewed > 0 || p.refused()) && !p.ender.mayReconnect() {
		t.Error("tokens that Garmin had replaced were used after a cut")
	}
	box.Sound(t, p.dir)
	t.Logf("%s; connected again %d times", p.ender, p.renewed)
}

// finish lets all be done that may be: what waits after a lost answer as well.
func (p *talking) finish() {
	p.t.Helper()
	p.until("nothing but what has no answer waits", p.idle)
	p.box.Stop()
	p.hoursPass()
	p.start("", 0)
	p.until("all is done", p.quiet)
	p.deliver()
	p.until("all is done", p.quiet)
}

// wantIntents wants a row of each window that Garmin was asked for.
func (p *talking) wantIntents() {
	p.t.Helper()
	asked := 0
	for address := range p.ender.asked {
		path, query, _ := strings.Cut(address, "?")
		name, ok := strings.CutPrefix(path, backfillPath)
		if !ok {
			continue
		}
		asked++
		values, err := url.ParseQuery(query)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, typ := range garmin.Types {
			if typ.Backfill == name && p.ask(`select count(*) from backfill where type_key = ? and from_s = ? and to_s = ? + 1
				and attempts > 0`, typ.Key, values.Get("summaryStartTimeInSeconds"),
				values.Get("summaryEndTimeInSeconds")) == 0 {
				p.t.Errorf("the intent of a request is gone: %s", address)
			}
		}
	}
	if asked == 0 {
		p.t.Error("Garmin was asked for nothing")
	}
}

// wantFetched wants each file that was stored to count as that.
func (p *talking) wantFetched() {
	p.t.Helper()
	for _, activity := range p.ender.stored {
		if p.ask(`select count(*) from fetch where type_key = 'activityFiles' and state = 1
			and json_extract(announced, '$.activityId') = ?`, activity) == 0 {
			p.t.Errorf("file %d was stored before the cut", activity)
		}
	}
}

// wantFiles wants each file that was stored, byte for byte.
func (p *talking) wantFiles() {
	p.t.Helper()
	if len(p.ender.stored) == 0 {
		p.t.Error("no file was stored")
	}
	for _, activity := range p.ender.stored {
		want, err := p.garmin.World.ActivityFile(0, activity, simulator.FIT)
		if err != nil {
			p.t.Fatal(err)
		}
		sum := sha256.Sum256(want)
		r, err := filestore.In(p.dir).Open(1, sum[:])
		if err != nil {
			p.t.Errorf("file %d: %v", activity, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, want) {
			p.t.Errorf("file %d has changed, %v", activity, err)
		}
	}
}

// refused reports whether Garmin ever refused to replace tokens. It refuses other calls
// also with the tokens of a connection before.
func (p *talking) refused() bool {
	for _, r := range p.garmin.Requests() {
		if r.Path == service.TokenPath && r.Status == http.StatusBadRequest {
			return true
		}
	}
	return false
}
