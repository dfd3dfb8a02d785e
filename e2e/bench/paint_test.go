package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The phone of figurePaint: so many times slower than this machine, and what its network
// carries in bytes a second, with milliseconds to an answer.
const (
	slower    = 4
	bandwidth = 10e6 / 8
	latency   = 40
)

// figurePaint measures when a slow phone has painted the largest part of a page, how long
// scripts block it, and how much moves while it loads; and how long it takes until an
// activity of 20,000 samples can be used, on this machine.
func figurePaint(t *testing.T) {
	w, list := box.Household(3, 30)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	box.NewSender(list).Send(b.Addr, 4, nil, func(int64) {})
	status, err := box.Post(box.NewClient(), b.Addr, "activityDetails", box.Ride(w.People()[0].UserID))
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	b.Drained()
	b.Derived()
	ctx := box.Browser(t)
	enter(t, ctx, b)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1400)); err != nil { // charts come when they are in view
		t.Fatal(err)
	}
	const ada = "/p/ada-lindqvist"
	used := measured(t, ctx, "http://"+b.Addr+ada+"/activities/9100", `new Promise(done => {
		const look = () => document.querySelector(".u-over") && document.querySelector(".track-map .leaflet-pane")
			? done([performance.now(), 0, 0]) : requestAnimationFrame(look);
		look();
	})`)
	row("An activity of 20,000 samples until it can be used", "< 1 s", fmt.Sprintf("median %.0f ms", used[0]))
	onPhone(t, ctx)
	for _, page := range []struct{ name, path string }{
		{"Home", "/"}, {"Day", ada + "/day/2026-11-19"}, {"Sleep", ada + "/sleep/2026-11-19"}, {"Heart", ada + "/heart"},
		{"Trends", ada + "/trends"}, {"Body", ada + "/body"}, {"Calendar", ada + "/calendar/2026"},
		{"Activities", ada + "/activities"}, {"An activity of 20,000 samples", ada + "/activities/9100"},
	} {
		got := measured(t, ctx, "http://"+b.Addr+page.path, paints)
		row("  "+page.name+" on a slow phone", "1.5 s, 200 ms, 0.02",
			fmt.Sprintf("%.0f ms, blocked %.0f ms, moved %.3f", got[0], got[1], got[2]))
	}
}

// enter gives the browser the session of the reader.
func enter(t *testing.T, ctx context.Context, b *box.Box) {
	t.Helper()
	at, err := url.Parse("http://" + b.Addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Reader().Jar.Cookies(at) {
		if _, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value,
			URL: at.String()}); err != nil {
			t.Fatal(err)
		}
	}
}

// onPhone makes the browser a slow phone that has nothing in its cache.
func onPhone(t *testing.T, ctx context.Context) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: latency, DownloadThroughput: bandwidth,
			UploadThroughput: bandwidth}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call[emulation.SetCPUThrottlingRateParams, cdp.Empty](ctx, emulation.SetCPUThrottlingRate,
		emulation.SetCPUThrottlingRateParams{Rate: slower}); err != nil {
		t.Fatal(err)
	}
}

// paints waits until a page has been still for a second, and gives the largest paint and
// the time beyond 50 ms of tasks in milliseconds, and how much moved.
const paints = `new Promise(done => {
	const seen = { largest: 0, blocked: 0, moved: 0 };
	const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
		.observe({ type, buffered: true });
	watch("largest-contentful-paint", e => seen.largest = e.startTime);
	watch("longtask", e => seen.blocked += Math.max(0, e.duration - 50));
	watch("layout-shift", e => seen.moved += e.value);
	const end = () => setTimeout(() => done([seen.largest, seen.blocked, seen.moved]), 1000);
	document.readyState === "complete" ? end() : addEventListener("load", end);
})`

// measured is the median of each of three figures that a script gives on a page, of five
// visits.
func measured(t *testing.T, ctx context.Context, at, script string) (out [3]float64) {
	t.Helper()
	var all [3][]float64
	for range 5 {
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		if err := chromedp.Do(limited, chromedp.Navigate(at)); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(limited, chromedp.Evaluate[[]float64](script, chromedp.EvalAwaitPromise))
		cancel()
		if err != nil || len(got) != len(all) {
			t.Fatal(got, err)
		}
		for i, x := range got {
			all[i] = append(all[i], x)
		}
	}
	for i := range all {
		slices.Sort(all[i])
		out[i] = all[i][len(all[i])/2]
	}
	return out
}
