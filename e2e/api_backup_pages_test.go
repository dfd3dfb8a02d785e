package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// onPhone signs a browser in to a box with one person, and gives it the width of a phone.
func onPhone(t *testing.T) (context.Context, *box.Box, *watch) {
	t.Helper()
	w, _ := box.Household(1, 1)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	ctx := box.Browser(t)
	signIn(t, ctx, b)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	seen := &watch{}
	seen.listen(t, ctx, b.Addr)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)); err != nil {
		t.Fatal(err)
	}
	return ctx, b, seen
}

// read is what an expression gives on the page that is shown.
func read[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mustBeSound fails for what is wrong with the page that is shown.
func mustBeSound(t *testing.T, ctx context.Context, seen *watch, page string) {
	t.Helper()
	for _, what := range append(read[[]string](t, ctx, pageFaults), seen.take()...) {
		t.Errorf("the page of %s: %s", page, what)
	}
}

func TestATokenIsShownOnceAndReadsTheAPIUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	ctx, b, seen := onPhone(t)
	site := "http://" + b.Addr
	if err := chromedp.Do(ctx, chromedp.Navigate(site+"/settings/api/tokens/new"), chromedp.SendKeys(`#name`, "dashboard"),
		chromedp.Click(`[data-testid=token-form] button.primary`), chromedp.WaitVisible(`#token`)); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, ctx, seen, "the new token")
	token := read[string](t, ctx, `document.querySelector("#token").value`)
	status := func() int {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, site+"/api/v1/people", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := box.NewClient().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	if got := status(); got != http.StatusOK {
		t.Errorf("the token is answered %d", got)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(site+"/settings/api"),
		chromedp.WaitVisible(`[data-testid=token-1]`)); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, ctx, seen, "the API")
	page := read[string](t, ctx, `document.documentElement.outerHTML`)
	if !strings.HasPrefix(token, "garner_") || strings.Contains(page, token) {
		t.Errorf("%d characters of a token, which the list shows again: %t", len(token), strings.Contains(page, token))
	}
	if err := chromedp.Do(ctx, chromedp.Click(`[data-testid=token-1] .button`),
		chromedp.WaitVisible(`[data-testid=revoke-form]`)); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, ctx, seen, "revoking")
	if err := chromedp.Do(ctx, chromedp.Click(`[data-testid=revoke-form] button`),
		chromedp.WaitVisible(`.notice`)); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != http.StatusUnauthorized {
		t.Errorf("revoked, it is answered %d", got)
	}
}

func TestABackupThatIsAskedForAppearsInTheListByItself(t *testing.T) {
	t.Parallel()
	ctx, b, seen := onPhone(t)
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/settings/backup"),
		chromedp.Click(`form[action="/settings/backup/key"] button`), chromedp.WaitVisible(`#recovery-key`)); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, ctx, seen, "the recovery key")
	key := read[string](t, ctx, `document.querySelector("#recovery-key").value`)
	// The event stream brings the list: the page is not loaded again.
	if err := chromedp.Do(ctx, chromedp.Click(`main .button[href="/settings/backup"]`),
		chromedp.Click(`form[action="/settings/backup"] button`),
		chromedp.WaitVisible(`[data-testid=backups] form button`)); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, ctx, seen, "backups")
	page := read[string](t, ctx, `document.documentElement.outerHTML`)
	if !strings.HasPrefix(key, "AGE-SECRET-KEY-1") || strings.Contains(page, key) {
		t.Error("the recovery key is shown again, or never was")
	}
	if !strings.Contains(page, "everything, encrypted") || !strings.Contains(page, "--identity recovery-key.txt ") {
		t.Errorf("the page of backups does not say that it is encrypted:\n%s", page)
	}
}

func TestABackupIsAskedForWithoutScript(t *testing.T) {
	t.Parallel()
	ctx, b, _ := onPhone(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/settings/backup"),
		chromedp.Click(`form[action="/settings/backup"] button`), chromedp.WaitVisible(`.notice`)); err != nil {
		t.Fatal(err)
	}
	b.Shows("/settings/backup", `data-testid="backups"`)
}
