package e2e

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"garner/e2e/box"
	serverpages "garner/server/pages"

	"github.com/chromedp/chromedp"
	"github.com/gorilla/mux"
)

// lookedAtElsewhere are addresses of pages that are looked at while a person connects:
// theirs have what no list can name.
var lookedAtElsewhere = []string{"/connect/NONE", "/connect/garmin/callback?state=x", "/connect/garmin/done",
	"/p/guest/connection", "/p/guest/backfill/plan", "/settings/api/tokens/1", womensHealth}

// womensHealth is the page that only the person sees.
const womensHealth = "/p/ada-lindqvist/womens-health"

// lookAtOwn looks at womensHealth as that person, who then switches it on.
func lookAtOwn(t *testing.T, ctx context.Context, w *watch, b *box.Box) {
	t.Helper()
	const member = "ada"
	box.AddAccount(t, b.Dir, "--name", member, "--role", "member", "--person", "Ada Lindqvist")
	forgetSession(t, ctx)
	signInAs(t, ctx, b, member)
	lookAtAll(t, ctx, w, b, map[string]string{"cycles-off": womensHealth})
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+b.Addr+womensHealth),
		chromedp.Click(`form[action="`+womensHealth+`"] button`), chromedp.WaitVisible(`.cycle`)); err != nil {
		t.Fatal(err)
	}
	lookAtAll(t, ctx, w, b, map[string]string{"cycles": womensHealth})
}

// lookedAtByLink are pages whose address another page tells: the first that it links to.
var lookedAtByLink = map[string]struct{ from, to string }{
	"snapshot": {"/p/ada-lindqvist/snapshots", "/p/ada-lindqvist/snapshots/"},
	"activity": {"/p/ada-lindqvist/activities?gps=1", "/p/ada-lindqvist/activities/"},
	"indoors":  {"/p/ben-okafor-lind/activities", "/p/ben-okafor-lind/activities/"},
}

// linked finds the addresses of lookedAtByLink.
func linked(t *testing.T, b *box.Box) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, link := range lookedAtByLink {
		page := string(fetch(t, b.Reader(), "http://"+b.Addr+link.from))
		id := regexp.MustCompile(`href="` + link.to + `(\d+)"`).FindStringSubmatch(page)
		if id == nil {
			t.Errorf("%s leads to no %s", link.from, name)
			continue
		}
		out[name] = link.to + id[1]
	}
	return out
}

// leadElsewhere are addresses that only lead to another page.
var leadElsewhere = []string{"/p/ada-lindqvist", "/p/ada-lindqvist/day", "/p/ada-lindqvist/sleep",
	"/p/ada-lindqvist/calendar"}

func TestEveryPageOfTheSiteIsLookedAt(t *testing.T) {
	t.Parallel()
	addresses := slices.Concat(lookedAtElsewhere, leadElsewhere)
	for _, list := range []map[string]string{lookedAt, lookedAtSignedOut, lookedAtByMember} {
		addresses = slices.AppendSeq(addresses, maps.Values(list))
	}
	for _, link := range lookedAtByLink {
		addresses = append(addresses, link.to+"1")
	}
	router, unseen := mux.NewRouter(), map[string]bool{}
	for _, route := range serverpages.New(serverpages.Options{}, nil, nil, slog.New(slog.DiscardHandler)).Routes() {
		if route.Page && route.Method == http.MethodGet {
			router.Handle(route.Path, route.Handler).Methods(route.Method)
			unseen[route.Path] = true
		}
	}
	if len(unseen) < 40 {
		t.Errorf("there are only %d pages", len(unseen))
	}
	for _, address := range addresses {
		var match mux.RouteMatch
		if !router.Match(httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil), &match) {
			continue
		}
		path, err := match.Route.GetPathTemplate()
		if err != nil {
			t.Fatal(err)
		}
		delete(unseen, path)
	}
	for path := range unseen {
		t.Errorf("no test of the browser looks at %s: name an address of it in lookedAt", path)
	}
}
