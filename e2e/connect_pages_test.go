package e2e

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// lookAtConnecting looks at the pages of a person who connects, while they do, and at
// those of what is asked for then. It is a box of its own: one that has a Garmin.
func lookAtConnecting(t *testing.T, ctx context.Context) {
	c := newConnecting(t, 30)
	words := strings.Fields(c.Run("person", "invite", "--name", guest))
	link, err := url.Parse(words[len(words)-1])
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	defer cancel()
	ctx = c.phone(t, ctx)
	lookAtAll(t, ctx, &c.notes, c.Box, map[string]string{"connect": link.Path, "connect-spent": "/connect/NONE",
		"connect-foreign": "/connect/garmin/callback?state=x", "connect-nothing": "/connect/garmin/done"})
	c.consent(ctx, "http://"+c.Addr+link.Path, guest, guestIndex, true)
	lookAtAll(t, ctx, &c.notes, c.Box, map[string]string{"connect-waits": "/connect/garmin/done"})
	c.deliver()
	lookAtAll(t, ctx, &c.notes, c.Box, map[string]string{"connect-done": "/connect/garmin/done"})
	signIn(t, ctx, c.Box)
	ago := func(days int) string { return time.Now().AddDate(0, 0, -days).Format(time.DateOnly) }
	c.Run("backfill", "--person", guest, "--type", "sleeps", "--from", ago(120), "--to", ago(90), "--detach")
	person := "/p/" + guestSlug
	plan := person + "/backfill/plan?from=" + ago(80) + "&to=" + ago(60)
	c.Shows(plan, `data-testid="windows"`)
	lookAtAll(t, ctx, &c.notes, c.Box, map[string]string{"connection": person + "/connection",
		"backfill-asked": person + "/backfill", "backfill-people": "/backfill", "backfill-plan": plan})
}
