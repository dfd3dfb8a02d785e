package e2e

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shots is where screenshots of every page are put, to be looked at.
var shots = flag.String("shots", "", "folder for screenshots of every page")

// signIn gives the browser a session of the admin, by the form.
func signIn(t *testing.T, ctx context.Context, b *box.Box) {
	t.Helper()
	b.Reader() // adds the account
	signInAs(t, ctx, b, box.Admin)
}

func signInAs(t *testing.T, ctx context.Context, b *box.Box, name string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+"/"), chromedp.SendKeys(`#name`, name),
		chromedp.SendKeys(`#password`, box.Password), chromedp.Click(`form button.primary`),
		chromedp.WaitVisible(`[data-testid=signed-in]`)); err != nil {
		t.Fatalf("sign in: %v", err)
	}
}

// watch notes what a page must not do: errors, refused content, requests to
// other hosts.
type watch struct {
	mu    sync.Mutex
	notes []string
}

func (w *watch) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.notes
	w.notes = nil
	return out
}

func (w *watch) listen(t *testing.T, ctx context.Context, host string) {
	t.Helper()
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if ev.Entry.Level == "error" {
				w.note("log: %s", ev.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			w.note("exception: %s", ev.ExceptionDetails.Text)
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(ev.Request.URL); err == nil && u.Host != host && u.Scheme != "data" {
				w.note("request to %s", ev.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shownBox is a box with a household of some days and with something of each
// trouble.
func shownBox(t *testing.T, days int) *box.Box {
	t.Helper()
	w, list := box.Household(3, days)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_ALERTS_CHECK_EVERY=1s"}})
	s := box.NewSender(list)
	s.Send(b.Addr, 4, nil, func(int64) {})
	client := box.NewClient()
	for typ, body := range map[string]string{
		"dailies": `{"dailies":[{"userId":"` + w.People()[0].UserID + `","summaryId":"x1","steps":5}]}`,
		"sleeps": `{"sleeps":[{"userId":"0123456789abcdef0123456789abcdef","summaryId":"x2",` +
			`"startTimeInSeconds":1763800000,"durationInSeconds":600}]}`,
		"newThings": `{"newThings":[{"userId":"u","a":1}]}`,
		"hrv":       `not JSON <script>alert(1)</script>`,
	} {
		if status, err := box.Post(client, b.Addr, typ, []byte(body)); status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d, %v", typ, status, err)
		}
	}
	b.Drained()
	b.Shows("/alerts", "could not be processed")
	return b
}

// lookedAt are the pages that a visitor may look at.
var lookedAt = map[string]string{
	"home": "/", "day": "/p/ada-lindqvist/day/2026-11-19", "today": "/p/ada-lindqvist/day/2026-11-20",
	"night": "/p/ada-lindqvist/sleep/2026-11-19", "weeks": "/p/ada-lindqvist/sleep/weeks",
	"nights": "/p/ada-lindqvist/sleep/compare?a=2026-11-18&b=2026-11-19", "trends": "/p/ada-lindqvist/trends",
	"heart": "/p/ada-lindqvist/heart", "stress": "/p/ada-lindqvist/stress", "breathing": "/p/ada-lindqvist/breathing",
	"body": "/p/ada-lindqvist/body", "year": "/p/ada-lindqvist/calendar/2026", "month": "/p/ada-lindqvist/calendar/2026/11",
	"mira":      "/p/mira-lindqvist/day/2026-11-18",
	"empty-day": "/p/ada-lindqvist/day/2020-01-01", "person-export": "/p/mira-lindqvist/export",
	"snapshots": "/p/ada-lindqvist/snapshots", "data": "/p/ben-okafor-lind/data",
	"sleeps":     "/p/ada-lindqvist/data/sleeps",
	"activities": "/p/ben-okafor-lind/activities", "rides": "/p/ben-okafor-lind/data/activities",
	"no-activities": "/p/ada-lindqvist/activities?from=2030-01-01",
	"empty-table":   "/p/ben-okafor-lind/data/bloodPressures", "inbox": "/inbox",
	"parked": "/inbox?state=parked",
	"sync":   "/sync", "troubled": "/sync?only=problems&sort=silence", "person-sync": "/p/ben-okafor-lind/sync",
	"pair-sync": "/p/mira-lindqvist/sync/sleeps",
	"coverage":  "/coverage", "person-coverage": "/p/ada-lindqvist/coverage?year=2026&month=11", "alerts": "/alerts",
	"incident": "/alerts/1",
	"backfill": "/backfill", "person-backfill": "/p/ada-lindqvist/backfill",
	"backfill-wrong": "/p/ada-lindqvist/backfill/plan?from=soon",
	"delivery":       "/inbox/1", "people": "/people", "help": "/help",
	"dictionary": "/help/dictionary", "missing": "/nope",
	"setup-source": "/setup/source", "setup-key": "/setup/key", "setup-address": "/setup/address", "setup-garmin": "/setup/garmin",
	"setup-callbacks": "/setup/callbacks", "setup-mail": "/setup/mail", "setup-preferences": "/setup/preferences",
	"setup-household": "/setup/household", "setup-done": "/setup/done", "box": "/settings/box",
	"api": "/settings/api", "token-new": "/settings/api/tokens/new", "backup": "/settings/backup",
	"setup-backup": "/setup/backup",
	"settings":     "/settings", "account": "/accounts/1", "invite": "/people/mira-lindqvist/invite",
	"audit": "/audit", "audit-empty": "/audit?person=ben-okafor-lind", "reauthenticate": "/reauthenticate?next=/export",
}

// lookedAtSignedOut are the pages of those who have no session.
var lookedAtSignedOut = map[string]string{
	"sign-in": "/signin", "link-spent": "/setup?token=NONE", "out-missing": "/nope",
}

// lookedAtByMember are the pages that are different for a member: their own person is
// Mira, and no one else shares with them.
var lookedAtByMember = map[string]string{
	"member-home": "/", "member-day": "/p/mira-lindqvist/day/2026-11-18", "member-sync": "/sync",
	"member-coverage": "/coverage", "member-alerts": "/alerts", "member-export": "/export", "member-settings": "/settings",
	"member-refused": "/people", "member-unseen": "/p/ada-lindqvist/day/2026-11-19",
}

func TestEveryPageIsQuietAndFitsOnEveryScreenInBothThemes(t *testing.T) {
	t.Parallel()
	b := shownBox(t, 30)
	ctx := box.Browser(t)
	signIn(t, ctx, b)
	w := &watch{}
	w.listen(t, ctx, b.Addr)
	lookAtAll(t, ctx, w, b, lookedAt)
	lookAtAll(t, ctx, w, b, linked(t, b))
	t.Run("on paper", func(t *testing.T) { lookAtPrinted(t, ctx, b) })
	t.Run("still", func(t *testing.T) { lookAtStill(t, ctx, b) })
	t.Run("by keys", func(t *testing.T) { walkByKeys(t, ctx, b) })
	t.Run("by arrows", func(t *testing.T) { moveByArrows(t, ctx, b) })
	t.Run("by dragging", func(t *testing.T) { dragOverLanes(t, ctx, b) })
	forgetSession(t, ctx)
	lookAtAll(t, ctx, w, b, lookedAtSignedOut)
	// The name is too long for the header and for a line on a phone.
	const member = "mira.of-the-house-with-the-green-door-by-the-lake"
	box.AddAccount(t, b.Dir, "--name", member, "--role", "member", "--person", "Mira Lindqvist")
	signInAs(t, ctx, b, member)
	lookAtAll(t, ctx, w, b, lookedAtByMember)
	forgetSession(t, ctx)
	signInAs(t, ctx, b, box.Admin)
	lookAtAll(t, ctx, w, b, map[string]string{"people-long": "/people", "account-long": "/accounts/2"})
	lookAtOwn(t, ctx, w, b)
	t.Run("connecting", func(t *testing.T) { lookAtConnecting(t, ctx) })
}

func forgetSession(t *testing.T, ctx context.Context) {
	t.Helper()
	if _, err := chromedp.Call(ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
}

// widthsIn are those of the screens on which pages are looked at in a theme: all, or
// else the narrowest in one and a wide one in the other.
func widthsIn(theme string) []int64 {
	switch {
	case allWanted():
		return []int64{320, 390, 1280}
	case theme == "dark":
		return []int64{320}
	}
	return []int64{1280}
}

func lookAtAll(t *testing.T, ctx context.Context, w *watch, b *box.Box, pages map[string]string) {
	t.Helper()
	for _, theme := range []string{"light", "dark"} {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}); err != nil {
			t.Fatal(err)
		}
		for _, width := range widthsIn(theme) {
			for name, path := range pages {
				t.Run(fmt.Sprintf("%s %s %d", name, theme, width), func(t *testing.T) {
					lookAt(t, ctx, w, b, name, path, theme,
						width)
				})
			}
		}
	}
}

// refused are the pages whose status is an error, which browsers note.
var refused = map[string]string{"missing": "404", "out-missing": "404", "link-spent": "404", "member-refused": "403",
	"member-unseen": "404", "backfill-wrong": "400", "connect-spent": "404", "connect-nothing": "404", "connect-foreign": "400"}

// pageFaults lists what is wrong with the page that is shown.
const pageFaults = `(() => {
	const all = (css) => [...document.querySelectorAll(css)];
	const ids = all("[id]").map(e => e.id);
	return Object.entries({
		"scrolls sideways": document.documentElement.scrollWidth > window.innerWidth,
		"has not one h1": all("h1").length !== 1,
		"has no language": document.documentElement.lang === "",
		"has a style attribute": all("main [style]:not(.cursor)").length > 0,
		"has a field without label": all("input:not([type=hidden]),select,textarea").some(e =>
			!e.labels.length && !e.getAttribute("aria-label")),
		"has a picture without words": all("svg[role=img]").some(e =>
			!e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")),
		"has a link or button unnamed": all("a[href],button").some(e =>
			!e.textContent.trim() && !e.getAttribute("aria-label") && !e.querySelector("[aria-label],title")),
		"has a form with two main buttons": all("form").some(f => f.querySelectorAll("button.primary").length > 1),
		"has a button or field that is too small to touch": all("button,.button,input,select").some(e =>
			e.checkVisibility() && !e.closest(".sr") && !["checkbox", "radio"].includes(e.type) &&
			e.getBoundingClientRect().height < 43.5),
		"repeats an id": new Set(ids).size !== ids.length,
		"shows markup of hostile bodies": all("main script").length > 0,
	}).filter(([, bad]) => bad).map(([what]) => what);
})()`

func lookAt(t *testing.T, ctx context.Context, w *watch, b *box.Box, name, path, theme string, width int64) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	w.take()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900),
		chromedp.Navigate("http://"+b.Addr+path)); err != nil {
		t.Fatal(err)
	}
	for _, note := range w.take() {
		if status := refused[name]; status != "" && strings.Contains(note, status) {
			continue // that is the page
		}
		t.Error(note)
	}
	wantNoFaults(t, ctx, path)
	if allWanted() || (len(name)%2 == 0) == (theme == "dark") { // each page once; it takes a second
		wantAccessible(t, ctx, path)
	}
	if *shots != "" && width != 320 {
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, fmt.Sprintf("%s-%s-%d.png", name, theme, width)), png,
			0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// wantNoFaults wants nothing wrong with the page that is shown.
func wantNoFaults(t *testing.T, ctx context.Context, page string) {
	t.Helper()
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](pageFaults))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range faults {
		t.Errorf("%s %s", page, what)
	}
}

func TestAPersonIsAddedFromTheInboxWithoutScript(t *testing.T) {
	t.Parallel()
	b := shownBox(t, 2)
	ctx := box.Browser(t)
	signIn(t, ctx, b)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	form := `form[action="/people"]`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate("http://"+b.Addr+"/inbox"),
		chromedp.SendKeys(form+` input[name=name]`, "Nora"), chromedp.Click(form+` button`)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.WaitVisible(`main h1`)); err != nil {
		t.Fatal(err)
	}
	if list := b.Run("person", "list"); !strings.Contains(list, "Nora") {
		t.Fatalf("Nora was not added:\n%s", list)
	}
	if c := b.Drained(); c.Orphaned != 0 {
		t.Errorf("her data still wait: %+v", c)
	}
	if rows := b.Run("export", "--person", "Nora", "--type", "sleeps"); strings.Count(rows, "\n") != 2 {
		t.Errorf("her night did not come out:\n%s", rows)
	}
}

func TestARuleAndAPauseAreSetWithoutScript(t *testing.T) {
	t.Parallel()
	b := shownBox(t, 2)
	ctx := box.Browser(t)
	signIn(t, ctx, b)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900),
		chromedp.Navigate("http://"+b.Addr+"/p/ben-okafor-lind/sync"),
		chromedp.SendKeys(`[data-testid=limit] input[name=hours]`, "36"), chromedp.Click(`[data-testid=limit] button`),
		chromedp.WaitVisible(`.notice`)); err != nil {
		t.Fatal(err)
	}
	until := time.Now().AddDate(0, 0, 3)
	if err := chromedp.Do(ctx, chromedp.SendKeys(`[data-testid=pause] input[name=until]`, until.Format("01022006")),
		chromedp.SendKeys(`[data-testid=pause] input[name=reason]`, "a holiday"),
		chromedp.Click(`[data-testid=pause] button`), chromedp.WaitVisible(`[data-testid=pauses]`)); err != nil {
		t.Fatal(err)
	}
	page := string(fetch(t, b.Reader(), "http://"+b.Addr+"/alerts"))
	for _, want := range []string{`value="36"`, "a holiday", "until " + until.Format("Mon 2 Jan")} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of alerts lacks %q", want)
		}
	}
}
