package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// plotted is what a page shows of the cursor and of the chosen part.
type plotted struct{ Aloud, Spoken, Place, Part, Lap string }

const plottedNow = `(() => {
	const get = (s, a) => document.querySelector(s)?.getAttribute(a) ?? "";
	const text = (s) => document.querySelector(s)?.textContent ?? "";
	return { Aloud: get("[data-readout]", "aria-valuetext"), Spoken: text("[data-spoken]"),
		Place: get(".track-map", "data-at"), Part: text("p.part"), Lap: get("tr[data-chosen]", "data-lap") };
})()`

// drawnNow is what the first chart shows, without the cursor.
const drawnNow = `document.querySelector(".u-wrap canvas").toDataURL()`

// hand uses the page that a browser shows.
type hand struct {
	t   *testing.T
	ctx context.Context
	// over is the drawing that it points at.
	over string
}

func (h hand) do(actions ...chromedp.Action[chromedp.Void]) {
	h.t.Helper()
	if err := chromedp.Do(h.ctx, actions...); err != nil {
		h.t.Fatal(err)
	}
}

func evaluated[T any](h hand, expression string) T {
	h.t.Helper()
	v, err := chromedp.Run(h.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// on is a place on the drawing, as a part of its width.
func (h hand) on(part float64) (x, y float64) {
	h.t.Helper()
	at := evaluated[[]float64](h, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getBoundingClientRect();
		return [r.left + r.width * %g, r.top + r.height / 2];
	})()`, h.over, part))
	return at[0], at[1]
}

func (h hand) mouse(kind input.DispatchMouseEventType, part float64) {
	h.t.Helper()
	x, y := h.on(part)
	h.do(chromedp.MouseEvent(kind, x, y, chromedp.Button("left")))
}

// touch puts fingers on places, or takes all away.
func (h hand) touch(kind input.DispatchTouchEventType, at time.Time, parts ...float64) {
	h.t.Helper()
	stamp := input.TimeSinceEpoch(float64(at.UnixMilli()) / 1000)
	e := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}, Timestamp: stamp}
	for i, part := range parts {
		x, y := h.on(part)
		e.TouchPoints = append(e.TouchPoints, &input.TouchPoint{X: x, Y: y, ID: new(float64(i))})
	}
	if _, err := chromedp.Call(h.ctx, input.DispatchTouchEvent, e); err != nil {
		h.t.Fatal(err)
	}
}

// changes wants an act to change what an expression gives.
func (h hand) changes(what, expression string, act func()) {
	h.t.Helper()
	before := evaluated[string](h, expression)
	act()
	h.until(what, fmt.Sprintf("(%s) !== %q", expression, before))
}

func (h hand) until(what, expression string) {
	h.t.Helper()
	box.Until(h.t, what, 10*time.Second, func() bool { return evaluated[bool](h, expression) })
}

func TestTheDrawingsOfTheActivityAndTheDayAnswerMouseTouchAndKeys(t *testing.T) {
	t.Parallel()
	w, list := box.Household(1, 3)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	for _, name := range []string{"Åke", "Bo", "Cleo", "Dov", "Eva", "Finn", "Gil"} {
		box.Run(t, dir, "person", "add", "--name", name)
	}
	b := box.Start(t, dir, box.Options{})
	box.NewSender(list).Send(b.Addr, 4, nil, func(int64) {})
	status, err := box.Post(box.NewClient(), b.Addr, "activityDetails", box.Ride(w.People()[0].UserID))
	if status != http.StatusOK || err != nil {
		t.Fatal(status, err)
	}
	b.Drained()
	ctx, cancel := context.WithTimeout(box.Browser(t), time.Minute)
	defer cancel()
	signIn(t, ctx, b)
	quiet := &watch{}
	quiet.listen(t, ctx, b.Addr)
	at := "http://" + b.Addr + "/p/ada-lindqvist"
	h := hand{t, ctx, ".u-over"}
	if _, err := chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"}); err != nil {
		t.Fatal(err)
	}
	h.do(chromedp.EmulateViewport(1280, 1400), chromedp.Navigate(at+"/activities/9100"), chromedp.WaitVisible(".u-over"),
		chromedp.WaitVisible(".track-map"))
	logReady(h)
	readByAll(h)
	zoomByAll(h)
	choose(h)
	lookOtherwise(h)
	readDay(hand{t, ctx, ".lane-heart svg.plot"}, at+"/day/2026-11-19")
	arrowsAndFilter(h, at+"/coverage?year=2026&month=11")
	keysAfterNews(h, "http://"+b.Addr+"/")
	withoutScript(h, at+"/activities/9100")
	if notes := quiet.take(); len(notes) > 0 {
		t.Errorf("the pages are not quiet: %v", notes)
	}
}

// logReady tells when the page could be used. It decides nothing: machines differ.
func logReady(h hand) {
	h.t.Helper()
	h.until("charts and map are drawn", `["charts", "map"].every(m => performance.getEntriesByName(m).length)`)
	wantNone(h.t, h.ctx, "the samples were fetched again", `performance.getEntriesByType("resource")
		.filter(r => r.name.endsWith("/samples.json")).map(r => r.initiatorType).slice(1)`)
	work, err := chromedp.Call(h.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range work.Metrics {
		if m.Name == "TaskDuration" || m.Name == "ScriptDuration" {
			h.t.Logf("%s of the page's thread: %.0f ms of the processor", m.Name, 1000*m.Value)
		}
	}
	h.t.Logf("%d samples, in ms since the navigation: %s", box.RideSamples, evaluated[string](h, `(() => {
		const at = (name) => name + " " + Math.round(performance.getEntriesByName(name)[0].startTime);
		const [page] = performance.getEntriesByType("navigation");
		const samples = performance.getEntriesByType("resource").find(r => r.name.endsWith("/samples.json"));
		return ["page " + Math.round(page.responseEnd), "samples " + Math.round(samples.startTime) + " to " +
			Math.round(samples.responseEnd), samples.encodedBodySize + " bytes", at("charts"), at("map")].join(", ");
	})()`))
}

// readByAll moves the cursor of charts and map: the read-out and the map follow.
func readByAll(h hand) {
	h.t.Helper()
	var before plotted
	moved := func(by string) {
		h.t.Helper()
		p := evaluated[plotted](h, plottedNow)
		if p.Aloud == before.Aloud || p.Place == before.Place || !strings.Contains(p.Aloud, "Heart rate") {
			h.t.Errorf("%s: %+v, before: %+v", by, p, before)
		}
		before = p
	}
	h.mouse(input.DispatchMouseEventTypeMouseMoved, 0.1)
	moved("the mouse")
	h.until("the read-out is spoken", `document.querySelector("[data-spoken]").textContent ===
		document.querySelector("[data-readout]").getAttribute("aria-valuetext")`)
	h.touch(input.DispatchTouchEventTypeTouchStart, time.Now(), 0.8)
	h.touch(input.DispatchTouchEventTypeTouchEnd, time.Now())
	moved("a finger")
	h.do(chromedp.Focus("[data-readout]"))
	for _, key := range []string{kb.Home, kb.ArrowRight} {
		h.do(chromedp.KeyEvent(key))
		moved("a key")
	}
	h.mouse(input.DispatchMouseEventTypeMouseMoved, 0.3)
	if p := evaluated[plotted](h, plottedNow); !strings.Contains(p.Aloud, "no signal") || p.Place != "" {
		h.t.Errorf("in a gap: %+v", p)
	}
}

// zoomByAll zooms by buttons, by dragging and by two fingers, and back by two taps.
func zoomByAll(h hand) {
	h.t.Helper()
	whole := evaluated[string](h, drawnNow)
	back := func() { h.t.Helper(); h.until("all is shown", fmt.Sprintf("(%s) === %q", drawnNow, whole)) }
	tool := func(name string) func() {
		return func() { h.do(chromedp.Click(`.plot-tools [aria-label="` + name + `"]`)) }
	}
	h.changes("the charts are zoomed in", drawnNow, tool("Zoom in"))
	h.changes("the charts are zoomed out", drawnNow, tool("Zoom out"))
	back()
	h.changes("a part is dragged", drawnNow, func() {
		h.mouse(input.DispatchMouseEventTypeMousePressed, 0.2)
		h.mouse(input.DispatchMouseEventTypeMouseMoved, 0.5)
		h.mouse(input.DispatchMouseEventTypeMouseReleased, 0.6)
	})
	if p := evaluated[plotted](h, plottedNow); !strings.HasPrefix(p.Part, "Part: 40.0") {
		h.t.Errorf("a part of two fifths of 100 km: %q", p.Part)
	}
	h.do(chromedp.KeyEvent(kb.Escape))
	back()
	now := time.Now()
	h.changes("two fingers zoom", drawnNow, func() {
		h.touch(input.DispatchTouchEventTypeTouchStart, now, 0.4, 0.6)
		h.touch(input.DispatchTouchEventTypeTouchMove, now, 0.2, 0.8)
		h.touch(input.DispatchTouchEventTypeTouchEnd, now)
	})
	for range 2 {
		h.touch(input.DispatchTouchEventTypeTouchStart, now.Add(time.Second), 0.5)
		h.touch(input.DispatchTouchEventTypeTouchEnd, now.Add(time.Second))
	}
	back()
}

// choose chooses a lap and an axis.
func choose(h hand) {
	h.t.Helper()
	h.do(chromedp.Click(`tr[data-lap="2"]`))
	if p := evaluated[plotted](h, plottedNow); p.Lap != "2" || !strings.HasPrefix(p.Part, "Lap 2: 2.50\u202fkm in 8:20") {
		h.t.Errorf("a lap: %+v", p)
	}
	h.do(chromedp.KeyEvent(kb.Escape))
	if p := evaluated[plotted](h, plottedNow); p.Part != "" || p.Lap != "" {
		h.t.Errorf("after Escape: %+v", p)
	}
	h.changes("the axis is the clock", drawnNow, func() { h.do(chromedp.Click(`a[data-x="clock"]`)) })
	h.until("the link of the axis is current", `document.querySelector('a[data-x="clock"]').ariaCurrent === "true" &&
		location.search === "?x=clock"`)
}

// lookOtherwise looks at the page in the dark, with less motion, and on paper.
func lookOtherwise(h hand) {
	h.t.Helper()
	h.changes("the charts are dark", drawnNow, func() {
		emulate(h.t, h.ctx, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: "dark"}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	})
	h.do(chromedp.Reload(), chromedp.WaitVisible(".track-map"))
	h.until("the map does not move", `(() => {
		document.querySelector('.track-map [aria-label="Zoom in"]').click();
		return !document.querySelector(".leaflet-zoom-anim");
	})()`)
	emulate(h.t, h.ctx, emulation.SetEmulatedMediaParams{Media: "print"})
	wantNone(h.t, h.ctx, "on paper", `["[data-drawing] svg.plot", ".map svg.track"].filter(s =>
		!document.querySelector(s).checkVisibility()).concat([...document.querySelectorAll(".uplots, .track-map, .plot-tools")]
		.filter(e => e.checkVisibility()).map(e => e.className))`)
	emulate(h.t, h.ctx, emulation.SetEmulatedMediaParams{})
}

// arrowsAndFilter goes over the cells of a month, and finds a person by typing.
func arrowsAndFilter(h hand, coverage string) {
	h.t.Helper()
	h.do(chromedp.Navigate(coverage), chromedp.Focus(`[data-testid=month] thead a`), chromedp.KeyEvent(kb.ArrowRight),
		chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowLeft))
	const cell = `(c => c.parentElement.rowIndex + " " + c.cellIndex)(document.activeElement.closest("td"))`
	if got := evaluated[string](h, cell); got != "2 1" {
		h.t.Errorf("the focus is in cell %s, want 2 1", got)
	}
	h.do(chromedp.Click(".who summary"), chromedp.SendKeys("#who-q", "ak"))
	if got := evaluated[string](h, `document.querySelector("[data-filter]").innerText.trim()`); got != "Åke" {
		h.t.Errorf("ak finds %q, want Åke", got)
	}
}

// keysAfterNews moves along a strip of Home after its part of the page was replaced, as what
// is new replaces it, and presses a key that means nothing.
func keysAfterNews(h hand, home string) {
	h.t.Helper()
	h.do(chromedp.Navigate(home), chromedp.WaitVisible("[data-row] a"))
	if !evaluated[bool](h, `(() => {
		const live = document.querySelector("[data-live]");
		live.replaceWith(live.cloneNode(true));
		const days = [...document.querySelector("[data-row]").querySelectorAll("a")];
		const press = (at, key) => at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
		press(document.body, '"');
		days.at(-1).focus();
		press(days.at(-1), "ArrowLeft");
		return document.activeElement === days.at(-2);
	})()`) {
		h.t.Error("the arrow keys no longer move along a strip")
	}
}

// withoutScript wants the drawings of the server to stand.
func withoutScript(h hand, activity string) {
	h.t.Helper()
	if _, err := chromedp.Call(h.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		h.t.Fatal(err)
	}
	h.do(chromedp.Navigate(activity), chromedp.WaitVisible("[data-drawing] svg.plot"), chromedp.WaitVisible(".map svg.track"))
}
