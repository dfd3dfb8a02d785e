package e2e

import (
	"slices"
	"time"

	"github.com/chromedp/cdproto/input"
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

// readDay moves the cursor of a day, which reads by the clock of the page.
func readDay(h hand, day string) {
	h.t.Helper()
	h.do(chromedp.Navigate(day))
	const aloud = `document.querySelector("[data-testid=ribbon] [data-readout]").getAttribute("aria-valuetext")`
	h.changes("the mouse reads", aloud, func() { h.mouse(input.DispatchMouseEventTypeMouseMoved, 0.4) })
	h.changes("a finger reads", aloud, func() {
		h.touch(input.DispatchTouchEventTypeTouchStart, time.Now(), 0.7)
		h.touch(input.DispatchTouchEventTypeTouchEnd, time.Now())
	})
	got := evaluated[[]string](h, cursorTimes)
	if want := []string{"23:59", "11:59\u202fpm"}; !slices.Equal(got, want) {
		h.t.Errorf("%q, want %q", got, want)
	}
}
