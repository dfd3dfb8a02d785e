package pages

import (
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// Live are the options that may change while Garner runs. Apply replaces them.
type Live struct {
	// CallbackURL is the URL, with its secret, to which Garmin must push.
	CallbackURL string
	// Public means that a public address is configured.
	Public bool
	// Channels are the notification channels.
	Channels []Channel
	// Zone is the time zone of pages that are not about one person; nil for
	// UTC.
	Zone *time.Location
}

// Options are what the pages are made with.
type Options struct {
	Live
	// Demo shows the demo banner on every page.
	Demo bool
	// Upgrading means that garner.db is being brought to the schema of this
	// version, so that there are no pages yet.
	Upgrading bool
	// Version is the program's own.
	Version string
	// KeepBodies is how long bodies are kept once they are processed,
	// KeepOrphans how long the data of unknown people wait.
	KeepBodies, KeepOrphans time.Duration
	// Watch is the watch over silence; nil if there is none.
	Watch Watcher
}

// Site is all pages, with the files that they offer for download.
type Site struct {
	Options
	inbox   *db.InboxReader
	store   *db.Store
	log     *slog.Logger
	roster  query.Roster
	exports chan struct{} // holds one for each download that runs
	live    atomic.Pointer[Live]
}

// New makes the pages over an inbox and a store. The store may be nil if
// garner.db is broken: then every page says so.
func New(opts Options, inbox *db.InboxReader, store *db.Store, log *slog.Logger) *Site {
	s := &Site{Options: opts, inbox: inbox, store: store, log: log, exports: make(chan struct{}, mostExports)}
	s.Apply(opts.Live)
	s.Live = Live{} // only what Apply keeps is in force
	return s
}

// Apply replaces the options that may change. Pages that are being made keep
// what they began with.
func (s *Site) Apply(live Live) {
	if live.Zone == nil {
		live.Zone = time.UTC
	}
	s.live.Store(&live)
}

func (s *Site) zone() *time.Location { return s.live.Load().Zone }

// Register adds the routes of all pages: they are shown by GET, and every change
// is a form.
func (s *Site) Register(r *mux.Router) {
	get := func(path string, h func(*http.Request) (answer, error)) {
		r.HandleFunc(path, s.page(h)).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path string, h func(*http.Request) (answer, error)) {
		r.HandleFunc(path, s.page(h)).Methods(http.MethodPost)
	}
	get("/", s.home)
	get("/p/{slug}", s.newestDay)
	get("/p/{slug}/day", s.newestDay)
	get("/p/{slug}/day/{date}", s.day)
	get("/p/{slug}/data", s.dataIndex)
	get("/p/{slug}/data/{type}", s.dataTable)
	get("/export", s.exportPage)
	get("/p/{slug}/export", s.exportPage)
	r.HandleFunc("/export.zip", s.exportZIP).Methods(http.MethodGet)
	r.HandleFunc(dictionaryPath, s.exportDictionary).Methods(http.MethodGet)
	r.HandleFunc("/p/{slug}/export/coverage", s.exportCoverage).Methods(http.MethodGet)
	r.HandleFunc("/p/{slug}/export/metrics", s.downloads(exportMetrics)).Methods(http.MethodGet)
	r.HandleFunc("/p/{slug}/export/{type}", s.downloads(exportRecords)).Methods(http.MethodGet)

	get("/inbox", s.inboxPage)
	post("/inbox/again", s.inboxAgain)
	get("/inbox/{id:[0-9]+}", s.delivery)
	r.HandleFunc("/inbox/{id:[0-9]+}/body", s.deliveryBody).Methods(http.MethodGet)
	post("/inbox/{id:[0-9]+}/again", s.deliveryAgain)
	post("/inbox/{id:[0-9]+}/accept", s.deliveryAccept)
	post("/inbox/{id:[0-9]+}/aside", s.deliveryAside)

	get("/sync", s.sync)
	get("/p/{slug}/sync", s.personSync)
	post("/p/{slug}/sync", s.personSyncSave)
	post("/p/{slug}/sync/pause", s.personSyncPause)
	get("/p/{slug}/sync/{type}", s.typeSync)
	post("/p/{slug}/sync/{type}", s.typeSyncSave)
	get("/coverage", s.coverage)
	r.HandleFunc("/coverage.csv", s.coverageCSV).Methods(http.MethodGet)
	r.HandleFunc("/p/{slug}/coverage.csv", s.coverageCSV).Methods(http.MethodGet)
	get("/p/{slug}/coverage", s.personCoverage)
	get("/alerts", s.alerts)
	get("/alerts/{id:[0-9]+}", s.incidentPage)
	post("/alerts/rules", s.alertsRule)
	post("/alerts/rules/delete", s.alertsRuleDelete)
	post("/alerts/pauses", s.alertsPause)
	post("/alerts/pauses/delete", s.alertsPauseDelete)
	post("/alerts/acknowledge", s.alertsAcknowledge)
	post("/alerts/test", s.alertsTest)

	get("/people", s.people)
	post("/people", s.peopleAdd)
	post("/people/{slug}/units", s.peopleUnits)
	post("/theme", s.setTheme)
	get("/help", s.help)
}

// reader returns the reader for the viewer of a page.
func (s *Site) reader(now time.Time) *query.Reader {
	q := &query.Reader{Viewer: query.Operator(), Store: s.store, Inbox: s.inbox, Roster: &s.roster, Now: now}
	if s.Watch != nil {
		q.Watch = s.Watch
	}
	return q
}

// demoLoads reports whether a demo is still loading its past.
func (s *Site) demoLoads() bool { return s.Demo && s.Watch != nil && s.Watch.Held() }

// base fills what every page needs.
func (s *Site) base(r *http.Request, title string, nav ui.Nav) (ui.Page, error) {
	p := ui.Page{Title: title, Active: nav, Demo: s.Demo, DemoLoads: s.demoLoads(), Theme: theme(r),
		Path: r.URL.RequestURI(),
		Now:  time.Now().In(s.zone()), Version: s.Version}
	q := s.reader(p.Now)
	people, err := q.People(r.Context())
	if err != nil {
		return p, err
	}
	for _, person := range people[:min(len(people), ui.CompactAbove)] {
		p.People = append(p.People, link(person))
	}
	badges, err := q.Badges(r.Context())
	p.Trouble, p.OpenIncidents = badges.Parked, badges.OpenIncidents
	return p, err
}

func link(p *db.Person) ui.PersonLink { return ui.PersonLink{Name: p.Name, Slug: p.Slug} }

// person is the one that the address names.
func (s *Site) person(r *http.Request) (*db.Person, error) {
	return s.reader(time.Now()).Person(r.Context(), mux.Vars(r)["slug"])
}

// of is the person that the address names, whom the page shows as its own.
func (s *Site) of(r *http.Request, p *ui.Page) (*db.Person, error) {
	person, err := s.person(r)
	if err != nil {
		return nil, err
	}
	l := link(person)
	p.Person = &l
	return person, nil
}

const themeCookie = "theme"

// theme is the chosen one; empty to follow the system.
func theme(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || c.Value != "light" && c.Value != "dark" {
		return ""
	}
	return c.Value
}

// setTheme keeps the choice in the browser and goes back to the page.
func (s *Site) setTheme(r *http.Request) (answer, error) {
	choice := r.PostFormValue("theme")
	if choice != "light" && choice != "dark" {
		choice = ""
	}
	return answer{to: backTo(r), cookie: &http.Cookie{Name: themeCookie, Value: choice, Path: "/", MaxAge: 365 * 86400,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}}, nil
}

// backTo is the page of a form, if it is one of ours.
func backTo(r *http.Request) string {
	to := r.PostFormValue("back")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

func (s *Site) help(r *http.Request) (answer, error) {
	p, err := s.base(r, "Help", ui.NavHelp)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Help(p, ui.HelpView{Metrics: derivedRules()}))
}
