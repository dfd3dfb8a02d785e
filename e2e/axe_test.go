package e2e

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the text of axe-core, which finds what people with disabilities stumble over.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("testdata/axe/axe.min.js")
	return string(text), err
})

// axeFaults are the rules of WCAG 2.2 AA and of good practice that the page breaks, each
// with where it does.
const axeFaults = `axe.run(document, {
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
}).then(found => found.violations.map(v =>
	v.id + " (" + v.help + ") " + v.nodes.length + "x: " + v.nodes.slice(0, 3).map(n =>
		n.html.slice(0, 160) + " " + [...n.any, ...n.all, ...n.none].map(c => c.message).join("; ")).join(" | ")))`

// wantAccessible wants axe to find nothing wrong with the page that is shown. The policy
// of the page forbids what axe does, so the browser notes errors that are not the page's.
func wantAccessible(t *testing.T, ctx context.Context, page string) {
	t.Helper()
	text, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](text)); err != nil {
		t.Fatal(err)
	}
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](axeFaults, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range faults {
		t.Errorf("%s breaks %s", page, what)
	}
}
