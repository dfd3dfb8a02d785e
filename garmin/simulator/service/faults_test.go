package service

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// faulty is a Garmin whose requests all have the fault that is set now.
func faulty(t *testing.T, faults Faults) (g *garmin, set func(Fault)) {
	t.Helper()
	var now atomic.Value
	now.Store(NoFault)
	faults.Pick = func(*http.Request) Fault { return now.Load().(Fault) }
	return newGarmin(t, Config{Faults: faults}), func(f Fault) { now.Store(f) }
}

// try sends a request whose answer may not come.
func (g *garmin) try(ctx context.Context, path, token string) (string, error) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", g.url+path, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := g.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

func TestFailingServersAnswerSo(t *testing.T) {
	t.Parallel()
	g, set := faulty(t, Faults{EvilOrigin: "https://evil.example", Delay: time.Millisecond})
	token := g.Connect(0, HealthExport).AccessToken
	for f, status := range map[Fault]int{ServerError: 500, Unavailable: 503, Redirect: 302, Slow: 200} {
		set(f)
		res := g.get(apiPath+"user/id?a=1", token)
		g.expect(status, string(f), res)
		if f == Redirect && res.Header.Get("Location") != "https://evil.example"+apiPath+"user/id?a=1" {
			t.Errorf("leads to %s", res.Header.Get("Location"))
		}
	}
}

func TestBrokenAnswersCannotBeRead(t *testing.T) {
	t.Parallel()
	g, set := faulty(t, Faults{})
	token := g.Connect(0, HealthExport).AccessToken
	set(Broken)
	if body, err := g.try(t.Context(), apiPath+"user/id", token); err != nil || json.Valid([]byte(body)) {
		t.Errorf("%v: %s", err, body)
	}
	set(Cut)
	if body, err := g.try(t.Context(), apiPath+"user/id", token); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v: %s", err, body)
	}
}

func TestAHangEndsWhenTheClientGivesUp(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	g := newGarmin(t, Config{Faults: Faults{Pick: func(*http.Request) Fault {
		giveUp() // the request has arrived
		return Hang
	}}})
	if _, err := g.try(ctx, apiPath+"user/id", ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// The server of newGarmin closes only when no request hangs any more.
}

func TestATokenAnswerThatIsLostHasRotated(t *testing.T) {
	t.Parallel()
	g, set := faulty(t, Faults{})
	old := g.Connect(0, HealthExport).RefreshToken
	set(Lost)
	if res, err := g.client.PostForm(g.url+TokenPath, refreshForm(old)); err == nil {
		res.Body.Close()
		t.Error("there is an answer")
	}
	set(NoFault)
	g.expect(400, "the older token", g.do("POST", TokenPath, "", refreshForm(old)))
}

func TestABackfillAnswerThatIsLostWasAccepted(t *testing.T) {
	t.Parallel()
	g, set := faulty(t, Faults{})
	token := g.Connect(0, everything()...).AccessToken
	path := apiPath + "backfill/dailies?summaryStartTimeInSeconds=1793000000&summaryEndTimeInSeconds=1793300000"
	set(Lost)
	if body, err := g.try(t.Context(), path, token); err == nil {
		t.Errorf("answered %q", body)
	}
	set(NoFault)
	g.expect(409, "again", g.get(path, token))
	g.pass(10 * time.Minute)
	if len(records(t, g.deliver(), "dailies")) == 0 {
		t.Error("nothing is pushed")
	}
	log := g.Requests()
	if log[0].Status != 202 || log[0].Fault != Lost {
		t.Errorf("%+v", log[0])
	}
}

func TestAPingCanLeadToAnAttacker(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{Mode: map[string]string{"dailies": ModePing}, Faults: Faults{
		PingOrigin: func(d simulator.Delivery) string { return map[string]string{"dailies": "https://evil.example"}[d.Type] }}})
	g.Connect(0, HealthExport)
	g.pass(12 * time.Hour)
	if d := g.only(g.deliver(), "dailies"); !strings.Contains(string(d.Body), `"https://evil.example`+apiPath+"dailies?") {
		t.Errorf("%s", d.Body)
	}
}

func TestTheSeedDecidesWhichRequestsFail(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (all []Fault) {
		g := newGarmin(t, Config{Seed: seed, Faults: Faults{Share: 0.3, Kinds: []Fault{ServerError, Unavailable}}})
		for range 60 {
			g.get(apiPath+"user/id", "")
		}
		for _, r := range g.Requests() {
			all = append(all, r.Fault)
		}
		return all
	}
	first := run(1)
	if !slices.Equal(first, run(1)) || slices.Equal(first, run(2)) {
		t.Error("the same seed gives other faults, or another seed the same")
	}
	var counts [3]int
	for _, f := range first {
		counts[slices.Index([]Fault{NoFault, ServerError, Unavailable}, f)]++
	}
	if counts[0] < 30 || counts[0] > 52 || counts[1] == 0 || counts[2] == 0 {
		t.Errorf("%v of 60", counts)
	}
}

func TestADeliveryThatCannotBePushedWaits(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.Connect(0)
	g.Disconnect(0)
	down := errors.New("the receiver is down")
	push := g.cfg.Push
	g.cfg.Push = func(context.Context, simulator.Delivery) error { return down }
	if err := g.Deliver(t.Context(), start); !errors.Is(err, down) {
		t.Error(err)
	}
	g.cfg.Push = push
	if pushed := g.deliver(); len(pushed) != 1 {
		t.Errorf("pushed %d", len(pushed))
	}
}
