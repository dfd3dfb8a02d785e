package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"garner/static"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ride is a recording of n samples: a pause between two samples, a stretch without heart
// rate and places, and a lap each 500 seconds.
func ride(n int) map[string]any {
	var t, heart, climb, lat, lon, far, moving []any
	var laps []map[string]any
	for i := range n {
		at, x := i, float64(i)/float64(n)
		if i >= n/2 {
			at += 300
		}
		var beat, north any = 120 + 30*math.Sin(9*x), 52.5 + 0.03*math.Sin(5*x)
		if i > n/4 && i < n/3 {
			beat, north = nil, nil
		}
		t, heart, lat = append(t, at), append(heart, beat), append(lat, north)
		climb, lon = append(climb, 200+50*math.Sin(4*x)), append(lon, 13.4+0.05*math.Cos(5*x))
		far, moving = append(far, 5*i), append(moving, i)
	}
	for i := range n / 500 {
		laps = append(laps, map[string]any{"index": i + 1, "from": 500 * i, "to": 500 * (i + 1)})
	}
	column := func(name, label, unit string, values []any) map[string]any {
		return map[string]any{"name": name, "label": label, "unit": unit, "decimals": 0, "values": values}
	}
	return map[string]any{"start": 1795300000, "offset": 3600, "t": t, "lat": lat, "lon": lon, "distance": far, "moving": moving,
		"columns":       []any{column("heart_rate", "Heart rate", "bpm", heart), column("elevation", "Elevation", "m", climb)},
		"distance_unit": "km", "distance_per_meter": 0.001, "laps": laps,
		"pauses": []any{map[string]any{"from": n/2 - 1, "to": n/2 + 300}},
		"gaps":   []any{map[string]any{"from": n / 4, "to": n / 3, "why": "no signal"}}}
}

// plotsPage is what charts.js and map.js need of a page, under the policy of all pages.
func plotsPage(t *testing.T, n int) *httptest.Server {
	t.Helper()
	var head strings.Builder
	for _, name := range []string{"vendor/uplot.css", "vendor/leaflet.css", "app.css"} {
		fmt.Fprintf(&head, `<link rel="stylesheet" href="%s">`, static.URL(name))
	}
	for _, name := range []string{"app.js", "recording.js", "vendor/uplot.js", "charts.js", "vendor/leaflet.js", "map.js"} {
		fmt.Fprintf(&head, `<script src="%s" defer></script>`, static.URL(name))
	}
	page := `<!DOCTYPE html><html lang="en"><head><title>Ride</title><link rel="icon" href="` + static.URL("icon.svg") + `">` +
		head.String() + `</head><body><div class="page"><main><div class="map" data-map data-samples="/samples.json"><p>track</p></div>
		<a href="?x=distance" data-x="distance" aria-current="true">Distance</a> <a href="?x=clock" data-x="clock">Clock</a>
		<div data-samples="/samples.json"><div data-drawing>drawing</div></div>
		<table><tr data-lap="1"><td>1</td></tr><tr data-lap="2"><td>2</td></tr></table></main></div></body></html>`
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("/samples.json", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(ride(n)); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
			"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'")
		fmt.Fprint(w, page)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// plotted is what the page shows of the cursor and of the chosen part.
type plotted struct{ Aloud, Spoken, Place, Part, Lap string }

const plottedNow = `(() => {
	const get = (s, a) => document.querySelector(s)?.getAttribute(a) ?? "";
	return { Aloud: get("[data-readout]", "aria-valuetext"), Spoken: document.querySelector("[data-spoken]").textContent,
		Place: get(".track-map", "data-at"), Part: document.querySelector("p.part").textContent,
		Lap: get("tr[data-chosen]", "data-lap") };
})()`

// onChart is a place on the first chart, as a part of its width.
func onChart(t *testing.T, ctx context.Context, part float64) (x, y float64) {
	t.Helper()
	at, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(`(() => {
		const r = document.querySelector(".u-over").getBoundingClientRect();
		return [r.left + r.width * %g, r.top + r.height / 2];
	})()`, part)))
	if err != nil {
		t.Fatal(err)
	}
	return at[0], at[1]
}

func TestChartsAndTheMapOfARecordingShareOneCursorByMouseTouchAndKeys(t *testing.T) {
	t.Parallel()
	s := plotsPage(t, 4000)
	ctx, cancel := context.WithTimeout(browser(t), 60*time.Second)
	defer cancel()
	w := &watch{}
	w.listen(t, ctx, strings.TrimPrefix(s.URL, "http://"))
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	now := func() plotted {
		t.Helper()
		p, err := chromedp.Run(ctx, chromedp.Evaluate[plotted](plottedNow))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	before := plotted{}
	moved := func(by string) {
		t.Helper()
		p := now()
		if p.Aloud == before.Aloud || p.Place == before.Place || !strings.Contains(p.Aloud, "Heart rate") {
			t.Errorf("%s: %+v, before: %+v", by, p, before)
		}
		before = p
	}
	do(chromedp.EmulateViewport(1280, 1400), chromedp.Navigate(s.URL+"/"), chromedp.WaitVisible(".u-over"),
		chromedp.WaitVisible(".track-map"))
	x, y := onChart(t, ctx, 0.1)
	do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	moved("the mouse")
	do(chromedp.WaitVisible(`[data-spoken]:not(:empty)`))
	if p := now(); p.Spoken != p.Aloud {
		t.Errorf("spoken: %q, want %q", p.Spoken, p.Aloud)
	}
	x, y = onChart(t, ctx, 0.8)
	touch := input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart,
		TouchPoints: []*input.TouchPoint{{X: x, Y: y}}}
	if _, err := chromedp.Call(ctx, input.DispatchTouchEvent, touch); err != nil {
		t.Fatal(err)
	}
	touch.Type, touch.TouchPoints = input.DispatchTouchEventTypeTouchEnd, []*input.TouchPoint{}
	if _, err := chromedp.Call(ctx, input.DispatchTouchEvent, touch); err != nil {
		t.Fatal(err)
	}
	moved("a finger")
	do(chromedp.Focus("[data-readout]"))
	for _, key := range []string{kb.Home, kb.ArrowRight} {
		do(chromedp.KeyEvent(key))
		moved("a key")
	}
	wantNone(t, ctx, "keys", `(() => {
		const read = document.querySelector("[data-readout]");
		for (let i = 0; i < 1100; i++) read.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
		return [];
	})()`)
	if p := now(); !strings.Contains(p.Aloud, "no signal") || p.Place != "" {
		t.Errorf("in a gap: %+v", p)
	}
	do(chromedp.Click(`tr[data-lap="2"]`))
	if p := now(); p.Lap != "2" || !strings.HasPrefix(p.Part, "Lap 2: 2.50\u202fkm in 8:20") {
		t.Errorf("a lap: %+v", p)
	}
	do(chromedp.Click(`.plot-tools [aria-label="Zoom in"]`), chromedp.KeyEvent(kb.Escape))
	if p := now(); p.Part != "" || p.Lap != "" {
		t.Errorf("after Escape: %+v", p)
	}
	if notes := w.take(); len(notes) > 0 {
		t.Errorf("the page is not quiet: %v", notes)
	}
}
