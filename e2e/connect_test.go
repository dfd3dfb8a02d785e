package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"garner/e2e/box"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// guest is the person whom the admin invites, and slug how addresses name them.
const guest, guestSlug = "Ottilie Quastenflosser", "ottilie-quastenflosser"

// guestIndex and otherIndex are the two of the simulated world who connect.
const guestIndex, otherIndex = 0, 1

// behind is how far the simulated Garmin's clock is behind: what its watches send after
// the consent lies in the past for Garner, and it answers requests at once.
const behind = 36 * time.Hour

// connecting is a Garner whose Garmin is simulated, with what Garmin sent.
type connecting struct {
	*box.Box
	garmin *box.Garmin
	notes  watch

	mu   sync.Mutex
	sent map[int][]simulator.Delivery // by person; guarded by mu
}

// newConnecting starts both. Samples of activities come in files only: as JSON they
// would only make the test slow.
func newConnecting(t *testing.T, days int) *connecting {
	t.Helper()
	c := &connecting{sent: map[int][]simulator.Delivery{}}
	world := simulator.New(simulator.Config{Seed: 7, People: 2, Days: days + 30, Until: time.Now(), Faults: &simulator.Faults{}})
	c.garmin = box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.Now = func() time.Time { return time.Now().Add(-behind) }
		cfg.Mode = map[string]string{"activityDetails": service.ModeOff}
		push := cfg.Push
		cfg.Push = func(ctx context.Context, d simulator.Delivery) error {
			c.mu.Lock()
			c.sent[d.Person] = append(c.sent[d.Person], d)
			c.mu.Unlock()
			return push(ctx, d)
		}
	})
	// Another site than Garner's, as Garmin is: cookies follow the rules for that.
	elsewhere := strings.Replace(c.garmin.Server.URL, "127.0.0.1", "localhost", 1)
	c.Box = box.Start(t, t.TempDir(), box.Options{Env: append(c.garmin.Env(), "GARNER_BACKFILL_KEY=production",
		fmt.Sprint("GARNER_BACKFILL_ON_CONNECT_DAYS=", days), "GARNER_LOG_LEVEL=debug",
		"GARNER_GARMIN_AUTHORIZE_URL="+elsewhere+service.AuthorizePath)})
	c.garmin.PushTo(c.Box)
	return c
}

// deliver has Garmin send what waits, and processes it.
func (c *connecting) deliver() {
	c.T.Helper()
	if err := c.garmin.Deliver(c.T.Context(), time.Now()); err != nil {
		c.T.Fatal(err)
	}
	c.Drained()
}

// phone is a narrow browser window. What it must not do is noted.
func (c *connecting) phone(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	c.notes.listen(t, ctx, c.Addr)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// quiet reports what the browser noted. Going to Garmin is no fault, and 422 is the answer
// to a form that is to be filled in again.
func (c *connecting) quiet(after string) {
	c.T.Helper()
	for _, note := range c.notes.take() {
		if !strings.HasPrefix(note, "request to http://localhost:") && !strings.Contains(note, "status of 422") {
			c.T.Errorf("%s: %s", after, note)
		}
	}
}

// step does something in a browser, within a time, and then expects quiet.
func (c *connecting) step(ctx context.Context, what string, do ...chromedp.Action[chromedp.Void]) {
	c.T.Helper()
	limited, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, do...); err != nil {
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`)) // the page may be gone
		c.T.Fatalf("%s: %v\n%s", what, err, text)
	}
	c.fits(ctx, what)
	c.quiet(what)
}

// fits looks for what is wrong with a page of Garner.
func (c *connecting) fits(ctx context.Context, what string) {
	c.T.Helper()
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`location.host === "`+c.Addr+`" ? `+pageFaults+` : []`))
	if err != nil {
		c.T.Fatal(err)
	}
	for _, fault := range faults {
		c.T.Errorf("%s: the page %s", what, fault)
	}
}

// renewed waits until an open page shows something, and fails if it was loaded again
// for that.
func (c *connecting) renewed(ctx context.Context, what, selector string, do func()) {
	c.T.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`window.sameLoad = true`)); err != nil {
		c.T.Fatal(err)
	}
	do()
	c.step(ctx, what, chromedp.WaitVisible(selector))
	if same, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`window.sameLoad === true`)); err != nil || !same {
		c.T.Errorf("%s: the page was loaded again, %v", what, err)
	}
}

// link has the admin make a link for the guest, and returns it.
func (c *connecting) link(ctx context.Context) string {
	c.T.Helper()
	c.step(ctx, "a link is made", chromedp.Click(`[data-testid=invite-garmin] button`), chromedp.WaitVisible(`#one-time-link`))
	link, err := chromedp.Run(ctx, chromedp.Value(`#one-time-link`))
	if err != nil {
		c.T.Fatal(err)
	}
	if u, err := url.Parse(link); err != nil || u.Host != c.Addr {
		c.T.Fatalf("the link %q leads elsewhere, %v", link, err)
	}
	return link
}

// consent opens a link, agrees at Garmin as a person of its world, and links them.
func (c *connecting) consent(ctx context.Context, link, name string, person int, historical bool) {
	c.T.Helper()
	agree := []chromedp.Action[chromedp.Void]{chromedp.Click(`button[value=agree]`), chromedp.WaitVisible(`[data-testid=confirm]`)}
	state := "off"
	if historical {
		agree = slices.Insert(agree, 0, chromedp.Click(`input[value=`+service.HistoricalExport+`]`))
		state = "on"
	}
	c.step(ctx, "the link leads to Garmin", chromedp.Navigate(link), chromedp.WaitVisible(`[data-testid=historical-hint]`),
		chromedp.Click(`[data-testid=connect] button`), chromedp.WaitVisible(`button[value=agree]`),
		chromedp.SetValue(`select[name=person]`, fmt.Sprint(person)))
	c.step(ctx, "Garmin leads back", agree...)
	for selector, want := range map[string]string{
		`[data-testid=confirm]`: "Garmin user id " + c.garmin.World.People()[person].UserID + " Person here " + name,
		`[data-testid=permission-` + service.HistoricalExport + `] p`: "Historical data " + state,
	} {
		text, err := chromedp.Run(ctx, chromedp.Text(selector))
		if got := strings.Join(strings.Fields(text), " "); err != nil || !strings.HasSuffix(got, want) {
			c.T.Errorf("before linking, %s is %q, want %q, %v", selector, got, want, err)
		}
	}
	c.step(ctx, "the person is linked", chromedp.Click(`[data-testid=link] button`),
		chromedp.WaitVisible(`[data-testid=first-data]`))
}

// A person is invited, connects, gets history, and has everything erased; what another
// person sent in the same bodies stays.
func TestAPersonConnectsGetsTheirHistoryAndHasItErased(t *testing.T) {
	t.Parallel()
	days := 60
	if allWanted() {
		days = 365
	}
	c := newConnecting(t, days)
	box.AddAdmin(t, c.Dir)
	admin := c.phone(t, box.Browser(t))
	signInAs(t, admin, c.Box, box.Admin)
	c.quiet("signing in")
	c.step(admin, "a person is added", chromedp.Navigate("http://"+c.Addr+"/people"),
		chromedp.SendKeys(`[data-testid=add-person] input[name=name]`, guest), chromedp.Click(`[data-testid=add-person] button`),
		chromedp.WaitVisible(`[data-testid=connection-`+guestSlug+`]`))
	c.step(admin, "their connection is opened", chromedp.Click(`[data-testid=connection-`+guestSlug+`] a`),
		chromedp.WaitVisible(`[data-testid=connection]`))
	link := c.link(admin)

	other, cancel := chromedp.NewContext(admin, chromedp.WithNewBrowserContext())
	defer cancel()
	phone := c.phone(t, other)
	c.consent(phone, link, guest, guestIndex, false)
	c.step(phone, "Historical data is off, and data is waited for", chromedp.WaitVisible(`[data-testid=historical-off]`),
		chromedp.WaitVisible(`[data-testid=first-data].lamp-running`))
	c.garmin.Connect(c.Box, "Ben", otherIndex, service.HealthExport, service.ActivityExport)
	c.renewed(phone, "the first data is shown", `[data-testid=first-data].lamp-ok`, c.deliver)
	first := c.tokens()

	c.again(admin, phone)
	file := c.history(admin, days)
	c.sharedDays()
	c.erase(admin, append(c.marks(), string(file)), append(first, c.tokens()...))
}

// again connects once more, from the page that says what is missing.
func (c *connecting) again(admin, phone context.Context) {
	c.T.Helper()
	c.step(admin, "no history can be asked for", chromedp.Navigate("http://"+c.Addr+"/p/"+guestSlug+"/backfill"),
		chromedp.Click(`[data-testid=empty] a[href="/p/`+guestSlug+`/connection"]`), chromedp.WaitVisible(`[data-testid=connection]`))
	c.consent(phone, c.link(admin), guest, guestIndex, true)
	c.step(phone, "Historical data is on", chromedp.WaitNotPresent(`[data-testid=historical-off]`))
}

// history waits for what was asked for, and looks at a day of some months ago. It
// returns the file of an activity of that day.
func (c *connecting) history(admin context.Context, days int) []byte {
	c.T.Helper()
	const cell = `[data-testid=grid] td .sign`
	c.step(admin, "history is asked for", chromedp.Navigate("http://"+c.Addr+"/p/"+guestSlug+"/backfill"),
		chromedp.WaitVisible(`main h1`))
	c.renewed(admin, "requests are accepted", cell+`.is-running`, func() {})
	conn := box.ReadOnly(c.T, c.Dir+"/garner.db")
	defer conn.Close()
	box.Until(c.T, "all is asked for", time.Minute, func() bool {
		var n, open int
		err := conn.QueryRow(`select count(*), coalesce(sum(state <= 1 and status <> 400), 0) from backfill`).Scan(&n, &open)
		return err == nil && n >= days/30*10 && open == 0
	})
	c.renewed(admin, "data arrives", cell+`.is-ok`, c.deliver)
	box.Until(c.T, "files are fetched", time.Minute, func() bool {
		var open int
		return conn.QueryRow(`select count(*) from fetch where state = 0`).Scan(&open) == nil && open == 0
	})
	c.Drained()
	return c.longAgo(admin, days)
}

// longAgo looks at a day with an activity, whose file can be downloaded.
func (c *connecting) longAgo(admin context.Context, days int) []byte {
	c.T.Helper()
	at := time.Now().AddDate(0, 0, 20-days)
	var announced []simulator.Announcement
	for ; len(announced) == 0; at = at.AddDate(0, 0, 1) {
		announced = c.garmin.World.ActivityFiles(guestIndex, at)
	}
	day := at.AddDate(0, 0, -1)
	c.step(admin, "a day of long ago", chromedp.Navigate("http://"+c.Addr+"/p/"+guestSlug+"/day/"+day.Format(time.DateOnly)),
		chromedp.WaitVisible(`[data-testid=activity-file]`), chromedp.WaitVisible(`main svg`))
	href, err := chromedp.Run(admin, chromedp.Evaluate[string](`document.querySelector("[data-testid=activity-file]").href`))
	if err != nil {
		c.T.Fatal(err)
	}
	c.step(admin, "coverage of long ago", chromedp.Navigate(fmt.Sprintf("http://%s/p/%s/coverage?year=%d&month=%d", c.Addr,
		guestSlug, day.Year(), day.Month())),
		chromedp.WaitVisible(`[data-testid=month] td:nth-of-type(`+fmt.Sprint(day.Day())+`).cover-present`))
	want, err := c.garmin.World.ActivityFile(guestIndex, announced[0].ActivityID, announced[0].FileType)
	if err != nil {
		c.T.Fatal(err)
	}
	if got := fetch(c.T, c.Reader(), href); !bytes.Equal(got, want) {
		c.T.Errorf("the file that can be downloaded has %d bytes, not the %d of the watch", len(got), len(want))
	}
	return want
}
