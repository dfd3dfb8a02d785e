package e2e

import (
	"context"
	"testing"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// walked are the pages that are gone through by keys alone, one of each form.
var walked = []string{"/", "/p/ada-lindqvist/day/2026-11-19", "/sync", "/coverage",
	"/p/ada-lindqvist/coverage?year=2026&month=11", "/p/ada-lindqvist/sleep/2026-11-19", "/p/ada-lindqvist/heart",
	"/p/ada-lindqvist/trends", "/p/ada-lindqvist/calendar/2026", "/p/ada-lindqvist/calendar/2026/11",
	"/p/ben-okafor-lind/activities",
	"/inbox", "/p/ada-lindqvist/data/sleeps", "/alerts", "/export", "/settings", "/help"}

// focusedOn is what has the focus, and whether it can be seen.
const focusedOn = `(() => {
	const e = document.activeElement, r = e.getBoundingClientRect();
	return (e.closest("main") ? "main " : "") + (e.id ? "#" + e.id : e.className) +
		(r.bottom > 0 && r.top < innerHeight ? "" : " out of sight");
})()`

// focusFaults gives the focus to everything that can have it, and lists what does not show
// that it has, what another part of the page covers, and what is not in the order of the
// page.
const focusFaults = `(() => {
	const can = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, " +
		"summary, [tabindex='0']")]
		.filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled);
	const faults = can.filter(e => e.tabIndex > 0).map(e => "has its own order at " + e.outerHTML.slice(0, 120));
	for (const e of can) {
		e.focus({ focusVisible: true });
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		if (document.activeElement !== e) faults.push("cannot reach " + e.outerHTML.slice(0, 120));
		else if (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2)
			faults.push("does not show the focus of " + e.outerHTML.slice(0, 120));
		const parts = r.height > innerHeight / 2 ? [0.25, 0.5, 0.75] : [0.5]; // of what is high, one is enough
		const [over, ...others] = parts.map(part => document
			.elementFromPoint(r.left + r.width / 2, r.top + r.height * part)?.closest(".top, .nav, .readout, .send"));
		if (over && !over.contains(e) && others.every(Boolean))
			faults.push("hides under " + over.className + " " + e.outerHTML.slice(0, 120));
	}
	return faults.slice(0, 5);
})()`

// walkByKeys goes through pages on a phone by keys alone: the first leads past the
// navigation to the content, and whatever can be used shows that it has the focus.
func walkByKeys(t *testing.T, ctx context.Context, b *box.Box) {
	for _, path := range walked {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate("http://"+b.Addr+path)); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ key, want string }{{kb.Tab, "skip"}, {kb.Enter, "main #main"}} {
			if err := chromedp.Do(ctx, chromedp.KeyEvent(step.key)); err != nil {
				t.Fatal(err)
			}
			if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](focusedOn)); err != nil || got != step.want {
				t.Errorf("%s: %q leads to %q (%v), want %q", path, step.key, got, err, step.want)
			}
		}
		wantNone(t, ctx, path, focusFaults)
	}
}

// readAt is what the read-out of a day's chart says, on the page and aloud.
const readAt = `(() => {
	const read = document.querySelector("[data-readout]");
	return [read.querySelector("output").innerText.replace(/\s+/g, " "), read.getAttribute("aria-valuetext")];
})()`

// dragOverLanes drags over the lanes of a day with a mouse: they show that part.
func dragOverLanes(t *testing.T, ctx context.Context, b *box.Box) {
	const lane = "#over-time .lane-heart svg.plot"
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900),
		chromedp.Navigate("http://"+b.Addr+"/p/ada-lindqvist/day/2026-11-19"), chromedp.ScrollIntoView(lane)); err != nil {
		t.Fatal(err)
	}
	at, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](`(() => {
		const r = document.querySelector("`+lane+`").getBoundingClientRect();
		return [r.left + r.width / 2, r.left + r.width * 3 / 4, r.top + r.height / 2];
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		kind input.DispatchMouseEventType
		x    float64
	}{
		{input.DispatchMouseEventTypeMousePressed, at[0]},
		{input.DispatchMouseEventTypeMouseMoved, at[1]},
		{input.DispatchMouseEventTypeMouseReleased, at[1]},
	} {
		if err := chromedp.Do(ctx, chromedp.MouseEvent(e.kind, e.x, at[2], chromedp.Button("left"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := chromedp.Do(ctx, chromedp.WaitVisible("#over-time .shown")); err != nil {
		t.Errorf("dragging over the lanes of a day shows no part of it: %v", err)
	}
}

// moveByArrows moves the cursor of a day by keys: the read-out follows, aloud as well.
func moveByArrows(t *testing.T, ctx context.Context, b *box.Box) {
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/p/ada-lindqvist/day/2026-11-19"),
		chromedp.Focus("[data-readout]")); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, key := range []string{kb.Home, kb.ArrowRight, kb.ArrowRight, kb.End, kb.ArrowLeft} {
		if err := chromedp.Do(ctx, chromedp.KeyEvent(key)); err != nil {
			t.Fatal(err)
		}
		said, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](readAt))
		if err != nil {
			t.Fatal(err)
		}
		if said[1] == "" || seen[said[1]] {
			t.Errorf("after %q the read-out says %q aloud, as before", key, said[1])
		}
		seen[said[1]] = true
	}
}
