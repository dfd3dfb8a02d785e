package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Each step waits for what only its page shows.
func TestSigningInAgainAndOutWorksWithAndWithoutScriptAndWithinThePolicy(t *testing.T) {
	t.Parallel()
	b := box.Start(t, t.TempDir(), box.Options{})
	box.AddAdmin(t, b.Dir)
	for name, without := range map[string]bool{"with script": false, "without script": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(box.Browser(t), time.Minute)
			defer cancel()
			if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
				emulation.SetScriptExecutionDisabledParams{Value: without}); err != nil {
				t.Fatal(err)
			}
			w, at := &watch{}, "http://"+b.Addr
			w.listen(t, ctx, b.Addr)
			const password, enter = `main form #password`, `main form button.primary`
			const signOut, signedOut = `.account form button`, `form[action="/signin"]`
			for _, step := range []struct {
				what string
				do   []chromedp.Action[chromedp.Void]
			}{
				{"a page leads to the sign-in", []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(1280, 900),
					chromedp.Navigate(at + "/people"), chromedp.WaitVisible(signedOut)}},
				{"a wrong password is refused", []chromedp.Action[chromedp.Void]{chromedp.SendKeys(`#name`, box.Admin),
					chromedp.SendKeys(password, "wrong"), chromedp.Click(enter), chromedp.WaitVisible(`.notice.error`)}},
				{"the right one leads to the page", []chromedp.Action[chromedp.Void]{
					chromedp.SendKeys(password, box.Password), chromedp.Click(enter), chromedp.WaitVisible(`form[action="/people"]`)}},
				{"the password is asked again", []chromedp.Action[chromedp.Void]{
					chromedp.Navigate(at + "/reauthenticate?next=%2Fsettings"), chromedp.SendKeys(password, box.Password),
					chromedp.Click(enter), chromedp.WaitVisible(`form[action="/settings/password"]`)}},
				{"signing out", []chromedp.Action[chromedp.Void]{chromedp.Click(signOut, chromedp.NodeVisible),
					chromedp.WaitVisible(signedOut)}},
				{"a page leads to the sign-in again", []chromedp.Action[chromedp.Void]{chromedp.Navigate(at + "/people"),
					chromedp.WaitVisible(signedOut)}},
			} {
				if err := chromedp.Do(ctx, step.do...); err != nil {
					t.Fatalf("%s: %v", step.what, err)
				}
			}
			for _, note := range w.take() {
				if !strings.Contains(note, "401") { // the answer to the wrong password
					t.Error(note)
				}
			}
		})
	}
}
