package e2e

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"

	"github.com/chromedp/chromedp"
)

// newWatch is a Garmin at which one person has a watch and nothing was set up.
func newWatch(t *testing.T, days int) (g *box.Garmin, name string) {
	t.Helper()
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: days, Until: time.Now(), Faults: &simulator.Faults{}})
	return box.NewGarmin(t, world, nil), world.People()[0].Name
}

func TestAKeyAloneBringsTheNewestNightWithinAMinute(t *testing.T) {
	t.Parallel()
	g, name := newWatch(t, 30)
	dir := t.TempDir()
	box.AddAdmin(t, dir)
	box.Run(t, dir, "person", "add", "--name", name)
	g.AddKey(t, dir, name, 0)
	b := box.Start(t, dir, box.Options{Env: g.PersonalEnv()})
	b.Reader()
	began := time.Now()
	b.Shows("/", `id="night-ada-lindqvist-t"`) // the picture of its stages
	t.Logf("the newest night was on the page after %s, %d calls", time.Since(began).Round(100*time.Millisecond),
		len(g.PersonalCalls()))
	recent := time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	if rows := b.Run("export", "--person", name, "--type", "sleeps", "--from", recent); strings.Count(rows, "\n") < 2 {
		t.Errorf("the export lacks the night:\n%s", rows)
	}
}

// The set-up asks for a key, says what is wrong with one, and shows the night.
func TestTheSetUpLeadsFromAKeyToTheNewestNight(t *testing.T) {
	t.Parallel()
	g, name := newWatch(t, 30)
	b := box.Start(t, t.TempDir(), box.Options{Env: g.PersonalEnv()})
	link, err := url.Parse(strings.TrimSpace(b.Run("setup-link")))
	if err != nil {
		t.Fatal(err)
	}
	link.Host = b.Addr // the system chose the port
	ctx, cancel := context.WithTimeout(box.Browser(t), 3*time.Minute)
	defer cancel()
	w := &watch{}
	w.listen(t, ctx, b.Addr)
	form := `form[data-testid=key-form] `
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(link.String()),
		chromedp.SendKeys(`#name`, box.Admin), chromedp.SendKeys(`#password`, box.Password),
		chromedp.Click(`form button.primary`),
		chromedp.WaitVisible(`input[name="setup.source"]`), chromedp.Click(`input[name="setup.source"][value=key]`),
		chromedp.Click(`[data-testid=settings] button.primary`),
		chromedp.WaitVisible(`[data-testid=progress] a[href="/setup/key"][aria-current=step]`),
		chromedp.SendKeys(`#name`, name), chromedp.SendKeys(`input#key`, "GCDC_MISTYPEDMISTYPED"), chromedp.Click(`#life-90`),
		chromedp.Click(form+`button.primary`), chromedp.WaitVisible(`#key[aria-invalid=true]`)); err != nil {
		t.Fatal(err)
	}
	words, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").textContent`))
	if err != nil || !strings.Contains(words, "Garmin refuses this key.") || strings.Contains(words, "MISTYPED") {
		t.Errorf("a wrong key leads to %q, %v", words, err)
	}
	wantNoFaults(t, ctx, "the wrong key")
	for _, note := range w.take() {
		if !strings.Contains(note, "422") { // that is the page
			t.Error(note)
		}
	}
	if err := chromedp.Do(ctx, chromedp.SendKeys(`input#key`, g.MakeKey(0, time.Now().AddDate(0, 3, 0))),
		chromedp.Click(form+`button.primary`), chromedp.WaitVisible(`.notice[role=status]`),
		chromedp.WaitVisible(`[data-testid=key-state]`)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/"), chromedp.WaitVisible(`.night .big`)); err != nil {
		t.Fatalf("the night does not come to the page: %v", err)
	}
	t.Logf("the newest night was on the page after %s", time.Since(began).Round(100*time.Millisecond))
	for _, note := range w.take() {
		t.Error(note)
	}
	lookAtAll(t, ctx, w, b, map[string]string{"key-home": "/", "key-connection": "/p/ada-lindqvist/connection",
		"key-coverage": "/p/ada-lindqvist/coverage", "key-set-up": "/setup/key"})
}
