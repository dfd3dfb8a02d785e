package e2e

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	serverpages "garner/server/pages"

	"github.com/gorilla/mux"
)

// lookedAtElsewhere are addresses of pages that are looked at while a person connects:
// theirs have what no list can name.
var lookedAtElsewhere = []string{"/connect/NONE", "/connect/garmin/callback?state=x", "/connect/garmin/done",
	"/p/guest/connection", "/p/guest/backfill/plan", "/settings/api/tokens/1"}

// leadElsewhere are addresses that only lead to another page.
var leadElsewhere = []string{"/p/ada-lindqvist", "/p/ada-lindqvist/day"}

func TestEveryPageOfTheSiteIsLookedAt(t *testing.T) {
	t.Parallel()
	addresses := slices.Concat(lookedAtElsewhere, leadElsewhere)
	for _, list := range []map[string]string{lookedAt, lookedAtSignedOut, lookedAtByMember} {
		addresses = slices.AppendSeq(addresses, maps.Values(list))
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
