package e2e

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// mostSheets is how many sheets of paper a page may need.
const mostSheets = 2

// paperFaults lists what is wrong with the page that is shown as it would be printed.
const paperFaults = `(() => {
	const shown = (css) => [...document.querySelectorAll(css)].filter(e => e.checkVisibility());
	const clipped = shown("main .scroll, main .lanes, main table").filter(e => e.scrollWidth > e.clientWidth + 1 &&
		getComputedStyle(e).overflowX !== "visible");
	return Object.entries({
		"shows navigation": shown("nav.nav, .skip, .top, form, button, a.step").length > 0,
		"has no header": shown("[data-testid=printed]").length !== 1,
		"cuts a table or chart": clipped.length > 0,
		"lacks Garmin's name at the data": !document.querySelector("main").innerText.includes("Garmin"),
		"is not in the colours of paper": getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)",
	}).filter(([, bad]) => bad).map(([what]) => what);
})()`

// lookAtPrinted prints pages, in the dark theme, on both kinds of paper.
func lookAtPrinted(t *testing.T, ctx context.Context, b *box.Box) {
	dark := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
	emulate(t, ctx, emulation.SetEmulatedMediaParams{Media: "print", Features: dark})
	defer emulate(t, ctx, emulation.SetEmulatedMediaParams{})
	for _, path := range []string{"/p/ada-lindqvist/day/2026-11-19", linked(t, b)["activity"]} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(718, 1000), chromedp.Navigate("http://"+b.Addr+path)); err != nil {
			t.Fatal(err)
		}
		wantNone(t, ctx, path+" on paper", paperFaults)
		header, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("[data-testid=printed]").innerText`))
		if want := "printed on " + time.Now().UTC().Format("Mon 2 Jan 2006"); err != nil ||
			!strings.Contains(header, "Ada Lindqvist · ") || !strings.HasSuffix(header, want) {
			t.Errorf("the header of %s is %q (%v), want whose it is and %q", path, header, err, want)
		}
		for name, size := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
			pdf, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: size[0],
				PaperHeight: size[1], PreferCSSPageSize: new(false)})
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(pdf.Data, []byte("/Type /Page\n")); n < 1 || n > mostSheets {
				t.Errorf("%s needs %d sheets of %s, want 1 to %d", path, n, name, mostSheets)
			}
		}
	}
}

func emulate(t *testing.T, ctx context.Context, media emulation.SetEmulatedMediaParams) {
	t.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
}

// stillFaults lists what moves, though the reader asked for stillness, and what cannot be
// seen in colours that the reader's system forces.
const stillFaults = `(() => {
	const all = [...document.querySelectorAll("body *")];
	const moving = (s) => s.animationName !== "none" || s.transitionDuration.split(", ").some(d => d !== "0s");
	const current = [...document.querySelectorAll(".nav [aria-current=page]")].filter(e => e.checkVisibility());
	return Object.entries({
		"moves": all.some(e => moving(getComputedStyle(e))),
		"does not show where one is": current.length !== 1 ||
			getComputedStyle(current[0]).outlineStyle === "none",
	}).filter(([, bad]) => bad).map(([what]) => what);
})()`

// lookAtStill looks at a page as those see it who asked for less motion and for colours
// of their own.
func lookAtStill(t *testing.T, ctx context.Context, b *box.Box) {
	emulate(t, ctx, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "forced-colors", Value: "active"}}})
	defer emulate(t, ctx, emulation.SetEmulatedMediaParams{})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate("http://"+b.Addr+"/sync")); err != nil {
		t.Fatal(err)
	}
	wantNone(t, ctx, "/sync in forced colours", stillFaults)
}

// wantNone wants an expression to list nothing.
func wantNone(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](expression))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Errorf("%s %s", what, fault)
	}
}
