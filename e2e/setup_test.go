package e2e

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/chromedp"
)

// The first link leads through the set-up, and the first push turns a lamp on while
// the page is open.
func TestTheSetUpLeadsFromTheFirstLinkToTheFirstLamp(t *testing.T) {
	t.Parallel()
	b := box.Start(t, t.TempDir(), box.Options{})
	link, err := url.Parse(strings.TrimSpace(b.Run("setup-link")))
	if err != nil {
		t.Fatal(err)
	}
	link.Host = b.Addr // the system chose the port
	ctx, cancel := context.WithTimeout(box.Browser(t), 2*time.Minute)
	defer cancel()
	w := &watch{}
	w.listen(t, ctx, b.Addr)
	step := func(name string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(`[data-testid=progress] a[href="/setup/` + name + `"][aria-current=step]`)
	}
	save := `[data-testid=settings] button.primary`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(link.String()),
		chromedp.SendKeys(`#name`, box.Admin), chromedp.SendKeys(`#password`, box.Password),
		chromedp.Click(`form button.primary`),
		step("source"), chromedp.Click(`#setup-source-push`), chromedp.Click(save),
		step("address"), chromedp.SendKeys(`#public_url`, "https://garner.example.org"), chromedp.Click(save),
		chromedp.WaitVisible(`.notice[role=status]`), chromedp.Click(`.form-buttons a.button`),
		step("garmin"), chromedp.SendKeys(`#garmin-client_id`, "ours"),
		chromedp.SendKeys(`#garmin-client_secret`, "hush-hush"), chromedp.Click(save),
		step("callbacks"), chromedp.WaitVisible(`[data-testid=callback-dailies][data-state=never]`),
		chromedp.Click(`[data-copy=url-dailies]`)); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+b.Addr+"/garmin/"+box.Secret+"/dailies",
		strings.NewReader(`{"dailies":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("garmin-client-id", "ours")
	resp, err := box.NewClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the push: %s, %v", resp.Status, err)
	}
	if err := chromedp.Do(ctx,
		chromedp.WaitVisible(`[data-testid=callback-dailies][data-state=arrived]`)); err != nil {
		t.Fatalf("the lamp stays off: %v", err)
	}
	want := "https://garner.example.org/garmin/" + box.Secret + "/dailies"
	box.Until(t, "the URLs have the new address", 30*time.Second, func() bool {
		url, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("url-dailies").textContent`))
		return err == nil && url == want
	})
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/setup/preferences")); err != nil {
		t.Fatal(err)
	}
	zones, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.getElementById("zones").options.length`))
	if err != nil || zones < 100 {
		t.Errorf("%d time zones are offered, %v", zones, err)
	}
	for _, note := range w.take() {
		t.Error(note)
	}
}
