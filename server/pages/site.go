package pages

import (
	"crypto/x509"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/gorilla/mux"

	"garner/config"
	"garner/db"
	"garner/db/filestore"
	"garner/garmin/client"
	"garner/health/history"
	"garner/query"
	"garner/server/auth"
	"garner/server/selftest"
	"garner/ui"
	"garner/ui/text"
)

// Live are the options that may change while Garner runs. Apply replaces them.
type Live struct {
	// CallbackURL is the URL, with its secret, to which Garmin must push.
	CallbackURL string
	// Address is that of these pages on the internet, without a slash at its end;
	// empty for none.
	Address string
	// Garmin calls Garmin's API; nil while its client id or client secret is missing.
	Garmin *client.Client
	// Channels are the notification channels.
	Channels []Channel
	// Preferences are the household's: they hold where a reader has none. Their
	// Zone is that of pages that are not about one person.
	Preferences ui.Preferences
	// Map is what maps show below tracks; the zero value is a grid.
	Map config.Map
}

// Options are what the pages are made with.
type Options struct {
	Live
	// Auth knows who is signed in; nil if garner.db is broken.
	Auth *auth.Auth
	// Protocol is what people sign in by instead of OAuth 2.
	Protocol Protocol
	// Config is the configuration of the file and the environment: what they do not
	// set may be set on pages.
	Config config.Config
	// Prober makes the tokens by which a self-test knows this process.
	Prober *selftest.Prober
	// Roots are the authorities that a self-test trusts; nil for those of the system.
	Roots *x509.CertPool
	// CallbackSecrets can be changed on pages; nil if the configuration sets the one.
	CallbackSecrets CallbackSecrets
	// Demo shows the demo banner on every page, and needs no account on this machine.
	Demo bool
	// Upgrading is set while garner.db is being brought to the schema of this version,
	// so that there are no pages yet. It returns why that waits; empty if it does not.
	Upgrading func() string
	// Version is the program's own.
	Version string
	// KeepBodies is how long bodies are kept once they are processed,
	// KeepOrphans how long the data of unknown people wait.
	KeepBodies, KeepOrphans time.Duration
	// Files are the activity files that can be downloaded.
	Files filestore.Store
	// Backups is how backups are made.
	Backups Backups
	// History limits what can be asked for again.
	History history.Limits
	// Watch is the watch over silence; nil if there is none.
	Watch Watcher
	// Personal is how Garmin's Personal API is called.
	Personal Personal
}

// Site is all pages, with the files that they offer for download.
type Site struct {
	Options
	inbox   *db.InboxReader
	store   *db.Store
	log     *slog.Logger
	roster  query.Roster
	exports turns // of downloads
	making  turns // of pages
	live    atomic.Pointer[Live]
}

// New makes the pages over an inbox and a store. The store may be nil if
// garner.db is broken: then every page says so.
func New(opts Options, inbox *db.InboxReader, store *db.Store, log *slog.Logger) *Site {
	s := &Site{Options: opts, inbox: inbox, store: store, log: log,
		exports: newTurns(mostExports, exportPatience, "Too many downloads are running. Try again when one has ended."),
		making:  newTurns(mostPages, pagePatience, "Too many pages are being made. Try again in a minute.")}
	s.Apply(opts.Live)
	s.Live = Live{} // only what Apply keeps is in force
	return s
}

// Apply replaces the options that may change. Pages that are being made keep
// what they began with.
func (s *Site) Apply(live Live) {
	live.Preferences = live.Preferences.Or(ui.Preferences{Zone: time.UTC})
	s.live.Store(&live)
}

// reader returns the reader for the viewer of a request.
func (s *Site) reader(r *http.Request, now time.Time) *query.Reader {
	q := &query.Reader{Viewer: viewer(r), Store: s.store, Inbox: s.inbox, Roster: &s.roster, History: s.History,
		Now: now}
	if s.Watch != nil {
		q.Watch = s.Watch
	}
	return q
}

// demoLoads reports whether a demo is still loading its past.
func (s *Site) demoLoads() bool { return s.Demo && s.Watch != nil && s.Watch.Held() }

// preferences are those of the reader, complete: what they have chosen, then what
// the household prefers.
func (s *Site) preferences(r *http.Request) (ui.Preferences, error) {
	household, err := s.householdPreferences(r)
	who, ok := auth.Of(r.Context())
	if !ok {
		return household, err
	}
	own := ui.Preferences{Units: ui.Units(who.Account.Units), Clock: text.Clock(who.Account.Clock),
		WeekStart: ui.WeekStart(who.Account.WeekStart)}
	if zone, err := time.LoadLocation(who.Account.Zone); err == nil && who.Account.Zone != "" {
		own.Zone = zone
	}
	return own.Or(household), err
}

// householdPreferences are those that were set on pages, then those of the options.
func (s *Site) householdPreferences(r *http.Request) (ui.Preferences, error) {
	set, err := query.HouseholdPreferences(r.Context(), s.store)
	units := ui.Units{System: set[query.SettingUnits], Weight: set[query.SettingWeight],
		Temperature: set[query.SettingTemperature], Energy: set[query.SettingEnergy]}
	return ui.Preferences{Units: units, Clock: text.Clock(set[query.SettingClock]),
		WeekStart: ui.WeekStart(set[query.SettingWeekStart])}.Or(s.live.Load().Preferences), err
}

// base fills what every page needs.
func (s *Site) base(r *http.Request, title string, nav ui.Nav) (ui.Page, error) {
	p := ui.Page{Title: title, Active: nav, Demo: s.Demo, DemoLoads: s.demoLoads(), Theme: theme(r),
		ReadOnly: s.store.ReadOnly(), Damaged: s.store.Damaged, Path: r.URL.RequestURI(), Version: s.Version,
		Tiles: s.tiles(), KeysOff: keysOff(r)}
	var err error
	if p.Preferences, err = s.preferences(r); err != nil {
		return p, err
	}
	p.Now, p.Operates = time.Now().In(p.Zone), viewer(r).Operates()
	p.Account, p.PlainHTTP = accountOf(r), plainHTTP(r)
	p.SignedOut = p.Account == nil && !s.open(r)
	q := s.reader(r, p.Now)
	people, err := q.People(r.Context())
	if err != nil {
		return p, err
	}
	if p.PeopleTotal = len(people); p.PeopleTotal <= ui.MenuPeople {
		for _, person := range people {
			p.People = append(p.People, link(person))
		}
	}
	if at := slices.IndexFunc(people, func(p *db.Person) bool { return q.Reads(p.ID) == nil }); at >= 0 {
		setValues(&p, q, people[at])
	}
	badges, err := q.Badges(r.Context())
	p.Trouble, p.OpenIncidents = badges.Parked, badges.OpenIncidents
	return p, err
}

func link(p *db.Person) ui.PersonLink { return ui.PersonLink{Name: p.Name, Slug: p.Slug} }

// person is the one that the address names: whom the guard has found, or else, on
// routes that are for admins, who has that slug.
func (s *Site) person(r *http.Request) (*db.Person, error) {
	if p, ok := r.Context().Value(addressed{}).(*db.Person); ok {
		return p, nil
	}
	return s.reader(r, time.Now()).Person(r.Context(), mux.Vars(r)["slug"])
}

// of is the person that the address names, whom the page shows as its own.
func (s *Site) of(r *http.Request, p *ui.Page) (*db.Person, error) {
	person, err := s.person(r)
	if err != nil {
		return nil, err
	}
	l := link(person)
	p.Person, p.Changes = &l, viewer(r).Changes(person.ID) == nil
	if q := s.reader(r, p.Now); q.Reads(person.ID) == nil {
		setValues(p, q, person)
	}
	return person, nil
}

// setValues makes the navigation lead to the values of a person.
func setValues(p *ui.Page, q *query.Reader, person *db.Person) {
	p.Values = new(link(person))
	p.Cycle = person.WomensHealth && q.ReadsPrivate(person.ID) == nil
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

// said is a message in the address, after a form: name is that of its parameter. A link
// of another site must not put words into our mouth.
func said(r *http.Request, name string) string {
	if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return ""
	}
	return r.URL.Query().Get(name)
}

// backTo is the page of a form, if it is one of ours.
func backTo(r *http.Request) string {
	to := r.PostFormValue("back")
	return pageOr(to, "/")
}

// pageOr is an address if it is one of ours, and else another.
func pageOr(to, other string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, unsafeInAddress) {
		return other
	}
	return to
}

// unsafeInAddress reports whether browsers drop a character of an address, or take it
// for a slash.
func unsafeInAddress(c rune) bool { return c == '\\' || unicode.IsControl(c) }

func (s *Site) help(r *http.Request) (answer, error) {
	p, err := s.base(r, "Help", ui.NavHelp)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Help(p, ui.HelpView{Metrics: derivedRules()}))
}
