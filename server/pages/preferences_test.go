package pages_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gorilla/mux"

	"garner/db"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/pages"
	"garner/server/peer"
	"garner/server/servertest"
	"garner/ui"
	"garner/ui/text"
)

// demoHousehold is the people of the demo with the stories that keep data away, and
// a watch that looked every six hours.
func demoHousehold(t *testing.T) (*servertest.Site, pages.Options) {
	t.Helper()
	var opts pages.Options
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { opts = o.Options })
	const days, every = 8, 6 * time.Hour
	until := time.Now()
	w := simulator.New(simulator.Config{Seed: 1, People: 3, Days: days, Until: until, Stories: true})
	for _, p := range w.People() {
		if _, err := s.Store.AddPerson(t.Context(), until.AddDate(0, 0, -days), p.Name, p.UserID, p.Token); err != nil {
			t.Fatal(err)
		}
	}
	look := until.AddDate(0, 0, -days)
	looks := func(before time.Time) {
		for ; look.Before(before); look = look.Add(every) {
			s.Run()
			if err := s.Store.Grow(t.Context(), db.Up, look, every); err != nil {
				t.Fatal(err)
			}
			if err := opts.Watch.(*watch.Watch).RunOnce(t.Context(), look); err != nil {
				t.Fatal(err)
			}
		}
	}
	for d := range w.Live(look, until) {
		looks(d.At)
		if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: d.At, Path: d.Type}, d.Body); err != nil {
			t.Fatal(err)
		}
	}
	looks(until)
	s.Push("bodyComps", `"measurementTimeInSeconds":1,"weightInGrams":80000`) // without a person, for the inbox
	s.Push("dailies", `"calendarDate":"x"`)
	return s, opts
}

// samePages makes one address of those that differ in numbers and names.
var samePages = regexp.MustCompile(`\d+|/p/[^/?]+|from=.*`)

// filled are addresses of a person's pages that no link leads to for sure.
var filled = strings.NewReplacer("{slug}", "ada-lindqvist", "{date}", time.Now().AddDate(0, 0, -2).Format(time.DateOnly),
	"{type}", "activities", "/plan", "/plan?from=2026-01-01&to=2026-02-01",
	"{year:[0-9]{4}}", time.Now().Format("2006"), "/trends",
	"/trends?m=weight&m=distance&m=active_energy&m=skin_temperature_deviation&m=hydration",
	"{month:[0-9]{1,2}}", time.Now().Format("1"))

// everyPage returns the pages that links lead to from the first, a few of each
// kind, as a reader with these preferences gets them: all routes of a person among them.
func everyPage(t *testing.T, s *servertest.Site, opts pages.Options, prefs ui.Preferences) map[string]*goquery.Document {
	t.Helper()
	const ofAKind = 2
	opts.Preferences, opts.Demo = prefs, true // without sign-in
	router := mux.NewRouter()
	site := pages.New(opts, s.Inbox.InboxReader, s.Store, slog.New(slog.DiscardHandler))
	site.Register(router, site.Routes())
	found, kinds, queue := map[string]*goquery.Document{}, map[string]int{}, []string{"/"}
	unread := map[string]bool{} // routes of a person
	for _, route := range site.Routes() {
		if route.Page && strings.HasPrefix(route.Path, "/p/{slug}") {
			unread[route.Path] = true
			if !strings.Contains(route.Path, "{id:") { // lists lead to these
				queue = append(queue, filled.Replace(route.Path))
			}
		}
	}
	for _, slug := range []string{"ada-lindqvist", "mira-lindqvist"} { // days with data, before links to others
		queue = append(queue, "/p/"+slug+"/day/"+time.Now().AddDate(0, 0, -2).Format(time.DateOnly))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		path, _, _ := strings.Cut(queue[0], "#")
		kind := samePages.ReplaceAllString(path, "#")
		if strings.HasPrefix(path, "/p/") { // whatever is chosen there: there are thousands of choices
			kind, _, _ = strings.Cut(kind, "?")
		}
		if found[path] != nil || kinds[kind] >= ofAKind {
			continue
		}
		kinds[kind]++
		w := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
		var match mux.RouteMatch
		if router.Match(req, &match) && match.Route != nil {
			if template, err := match.Route.GetPathTemplate(); err == nil {
				delete(unread, template)
			}
		}
		req.RemoteAddr = "127.0.0.1:5000"
		peer.With(nil, router).ServeHTTP(w, req)
		switch {
		case w.Code == http.StatusSeeOther:
			queue = append(queue, w.Header().Get("Location"))
			continue
		case w.Code != http.StatusOK:
			t.Errorf("%s: %d", path, w.Code)
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		found[path] = doc
		doc.Find("a[href^='/']:not([download])").Each(func(_ int, a *goquery.Selection) {
			queue = append(queue, a.AttrOr("href", ""))
		})
	}
	if len(unread) > 0 {
		t.Errorf("not read: %v", unread)
	}
	return found
}

// words are what a page shows or says: its texts, titles and labels. Left out are
// bodies as they came and what can be chosen in a form.
func words(doc *goquery.Document) (out []string) {
	doc.Find("script, style, pre, option").Remove()
	doc.Find("*").Contents().Each(func(_ int, n *goquery.Selection) {
		if goquery.NodeName(n) == "#text" {
			out = append(out, strings.TrimSpace(n.Text()))
		}
	})
	for _, name := range []string{"title", "aria-label", "placeholder"} {
		doc.Find("[" + name + "]").Each(func(_ int, n *goquery.Selection) { out = append(out, n.AttrOr(name, "")) })
	}
	return out
}

var (
	clock24  = regexp.MustCompile(`\b(0\d|1[3-9]|2[0-3]):[0-5]\d\b`)
	clock12  = regexp.MustCompile(`\b([1-9]|1[0-2])(:[0-5]\d){0,2}` + "\u202f" + `[ap]m\b`)
	pace     = regexp.MustCompile(`^\d+:\d\d$`) // a cell without its unit
	metric   = regexp.MustCompile(`\d[\s\x{202f}](km|kg|m|cm|km/h|°C)\b|/km\b|^(km|kg|cm|km/h|°C|/km)$`)
	mixed    = regexp.MustCompile(`\d[\s\x{202f}](st|°F|kJ)\b|^(st|°F|kJ)$`)
	notMixed = regexp.MustCompile(`\d[\s\x{202f}](kg|°C|kcal|mi|ft|mph)\b|/mi\b|^(kg|°C|kcal|in|mph|/mi)$`)
	imperial = regexp.MustCompile(`\d[\s\x{202f}](mi|lb|ft|mph|°F)\b|/mi\b|^(lb|in|mph|°F|/mi)$`)
)

func TestWhatAReaderPrefersReachesEveryPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	s, opts := demoHousehold(t)
	if ada, err := s.Store.PersonBySlug(t.Context(), "ada-lindqvist"); err != nil {
		t.Fatal(err)
	} else if err := s.Store.SetWomensHealth(t.Context(), ada.ID, true); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		prefs                            ui.Preferences
		clock, units, notClock, notUnits *regexp.Regexp
	}{
		{ui.Preferences{Units: ui.Metric}, clock24, metric, clock12, imperial},
		{ui.Preferences{Units: ui.Imperial, Clock: text.Clock12, WeekStart: ui.Sunday}, clock12, imperial, clock24, metric},
		{ui.Preferences{Units: ui.Units{System: health.SystemMetric, Weight: health.InStones,
			Temperature: health.InFahrenheit, Energy: health.InKilojoules}}, clock24, mixed, clock12, notMixed},
	} {
		found, kinds, clocks, units, months := everyPage(t, s, opts, c.prefs), map[string]bool{}, 0, 0, 0
		for path, doc := range found {
			if path == "/help/dictionary" { // it explains the units in which values are stored
				continue
			}
			if first := doc.Find(".month-names li").First().Text(); first != "" {
				months++
				if want := c.prefs.WeekStart.Weekday().String()[:3]; first != want {
					t.Errorf("%s begins weeks with %s, not %s", path, first, want)
				}
			}
			for _, text := range words(doc) {
				rest := c.clock.ReplaceAllString(text, "")
				if !pace.MatchString(text) && c.notClock.MatchString(rest) || c.notUnits.MatchString(text) {
					t.Errorf("%v %s: %s says %q", c.prefs.Units, c.prefs.Clock, path, text)
				}
				if rest != text {
					clocks++
					kinds[samePages.ReplaceAllString(path, "#")] = true
				}
				if c.units.MatchString(text) {
					units++
				}
			}
		}
		if clocks < 500 || units < 100 || months == 0 {
			t.Errorf("%d times of day, %d values with such units, %d months: too few for a household", clocks, units, months)
		}
		for _, kind := range []string{"/", "/alerts", "/alerts/#", "/sync", "/inbox", "/inbox/#", "#/sync",
			"#/sync/sleeps", "#/day/#-#-#", "#/data", "#/data/activities"} {
			if !kinds[kind] {
				t.Errorf("no page %s tells a time of day", kind)
			}
		}
	}
}

// TestTheReadersZoneIsThatOfPausesAndPages has a reader twelve hours behind
// UTC, where their days end at noon.
func TestTheReadersZoneIsThatOfPausesAndPages(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", -12*3600)
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.Preferences.Zone = zone })
	s.Add("Ada", "u1")
	until := time.Now().In(zone).AddDate(0, 0, 2)
	s.Send("/alerts/pauses", url.Values{"until": {until.Format(time.DateOnly)}})
	pauses, err := s.Store.Pauses(t.Context(), time.Time{})
	want := time.Date(until.Year(), until.Month(), until.Day()+1, 0, 0, 0, 0, zone)
	if err != nil || len(pauses) != 1 || !pauses[0].To.Equal(want) {
		t.Fatalf("%v, %v; want one until %v", pauses, err, want)
	}
	s.Send("/p/ada/sync/pause", url.Values{"until": {until.Format(time.DateOnly)}})
	for _, path := range []string{"/alerts", "/p/ada/sync"} {
		if page := s.Page(path); !strings.Contains(page, "<span>until "+until.Format("Mon 2 Jan")) {
			t.Errorf("%s does not show the pause on the reader's calendar", path)
		}
	}
}
