package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/chromedp"
)

// cursorTimes are what the cursor of a day reads at its end, by either clock.
const cursorTimes = `(() => {
	const figure = document.querySelector("[data-testid=ribbon]");
	const read = figure.querySelector("[data-readout]");
	return ["24", "12"].map((clock) => {
		figure.dataset.clock = clock;
		read.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
		return read.querySelector("output b").textContent;
	});
})()`

func TestTheCursorOfADayReadsByTheClockOfThePage(t *testing.T) {
	t.Parallel()
	w, list := box.Household(1, 3)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	box.NewSender(list).Send(b.Addr, 4, nil, func(int64) {})
	b.Drained()
	ctx, cancel := context.WithTimeout(browser(t), 30*time.Second)
	defer cancel()
	signIn(t, ctx, b)
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/p/ada-lindqvist/day/2026-11-19")); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](cursorTimes))
	if want := []string{"23:59", "11:59\u202fpm"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
