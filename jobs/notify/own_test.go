package notify

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/health/alert"
	"garner/jobs/jobstest"
)

// home is a household with a real mail server: an account for each person.
type home struct {
	*testing.T
	box     *jobstest.Box
	p       *Dispatcher
	s       *server
	f       *alert.Facts
	account map[string]*db.Account
}

// newHome makes accounts of people, by their mail address. None has the address of
// the installation.
func newHome(t *testing.T, change func(*Dispatcher), mails map[string]string) *home {
	t.Helper()
	h := &home{T: t, box: jobstest.Open(t), s: newServer(t, temper{}), f: &alert.Facts{Now: friday}, account: map[string]*db.Account{}}
	h.p, _ = newPostOf(h.box, func(p *Dispatcher) {
		p.Destinations[0].Channel = h.s.mail()
		if change != nil {
			change(p)
		}
	})
	for name, mail := range mails {
		person, err := h.p.Store.AddPerson(t.Context(), friday, name, strings.ToLower(name), "")
		if err != nil {
			t.Fatal(err)
		}
		h.f.People = append(h.f.People, alert.Person{ID: person.ID, Name: name})
		a := db.Account{Name: name, Role: db.RoleMember, Person: person.ID, Preferences: db.Preferences{Mail: mail}}
		if h.account[name], err = h.p.Store.AddAccount(t.Context(), friday, a, "hash"); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// prefers sets the preferences of an account.
func (h *home) prefers(name string, p db.Preferences) {
	h.Helper()
	if err := h.p.Store.SetPreferences(h.Context(), h.account[name].ID, p); err != nil {
		h.Fatal(err)
	}
}

// silent opens an incident about a person, or about everyone if there is no name.
func (h *home) silent(name string, now time.Time) *alert.Incident {
	h.Helper()
	if name == "" {
		return h.opens(alert.Subject{Kind: alert.NothingArrives}, now)
	}
	return h.opens(alert.Subject{Kind: alert.PersonSilent, Person: h.account[name].Person}, now)
}

func (h *home) opens(s alert.Subject, now time.Time) *alert.Incident {
	h.Helper()
	e := alert.Incident{Subject: s, Since: now, Opened: now}
	h.record(&e, now, alert.Opened)
	return &e
}

func (h *home) record(e *alert.Incident, now time.Time, ev alert.Event) {
	h.Helper()
	h.f.Now = now
	record(h.T, h.p, h.f, e, ev)
}

// gets sends what is due and compares to whom it went.
func (h *home) gets(now time.Time, want ...string) {
	h.Helper()
	send(h.T, h.p, now)
	if got := h.s.recipients(); !slices.Equal(got, want) {
		h.Errorf("mails at %s went to %q, want %q", now.Format("Mon 15:04"), got, want)
	}
}

// record writes an event of an incident as of the facts, with its notifications.
func record(t *testing.T, p *Dispatcher, f *alert.Facts, e *alert.Incident, ev alert.Event) {
	t.Helper()
	compose, err := p.Composer(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	changes := []alert.Change{{Incident: *e, Events: []alert.Event{ev}}}
	if err := p.Store.PutIncidents(t.Context(), f.Now, changes, compose); err != nil {
		t.Fatal(err)
	}
	*e = changes[0].Incident
}

const (
	adminMail = "admin@example.org" // the box's
	adaMail   = "ada@example.org"
	benMail   = "ben@example.org"
)

func TestAnIncidentAboutAPersonIsMailedToThemAndNoOtherMember(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ada": adaMail, "Ben": benMail, "Cora": ""})
	e := h.silent("Ben", friday)
	h.gets(friday, adminMail, benMail)
	e.Closed = friday.Add(time.Hour)
	h.record(e, e.Closed, alert.Recovered)
	h.gets(e.Closed, adminMail, benMail)
	h.silent("", friday)
	h.silent("Cora", friday)
	h.gets(e.Closed.Add(2*time.Hour), adminMail, adminMail)
}

func TestTheStateOfMailIsThatOfTheBoxsOwn(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail})
	h.silent("Ben", friday)
	h.gets(friday, adminMail, benMail)
	if sent, _, err := h.p.Store.LastNotifications(t.Context()); err != nil || sent[KindMail].Destination != adminMail {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestTheOwnMailOfAPersonSaysWhyItWasSentAndNoValue(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail})
	h.silent("Ben", friday)
	h.gets(friday, adminMail, benMail)
	for _, raw := range h.s.mails() {
		msg := parse(t, raw)
		checkHeader(t, raw)
		text := parts(t, msg)["text/plain; charset=UTF-8"]
		own := msg.Header.Get("To") == "<"+benMail+">"
		if !strings.Contains(text, "http://garner.test/alerts/1\r\n") || own != strings.Contains(text, ownFoot) {
			t.Errorf("to %s:\n%s", msg.Header.Get("To"), text)
		}
		for _, never := range []string{"steps", "bpm", "userId", adminMail, adaMail} {
			if strings.Contains(text, never) {
				t.Errorf("it says %q:\n%s", never, text)
			}
		}
	}
}

func TestLinksLeadToThePublicAddressIfThereIsOne(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail})
	h.p.LinkTo("https://garner.example.org/")
	h.silent("Ben", friday)
	h.gets(friday, adminMail, benMail)
	for _, raw := range h.s.mails() {
		if text := parts(t, parse(t, raw))["text/plain; charset=UTF-8"]; !strings.Contains(text,
			"\nhttps://garner.example.org/alerts/1\r\n") {
			t.Errorf("no link in:\n%s", text)
		}
	}
}

func TestAnAccountThatIsDisabledOrHasNoMailGetsNothing(t *testing.T) {
	t.Parallel()
	stop := map[string]func(h *home) error{
		"disabled": func(h *home) error { return h.p.Store.SetDisabled(h.Context(), h.account["Ben"].ID, true) },
		"removed":  func(h *home) error { return h.p.Store.RemoveAccount(h.Context(), h.account["Ben"].ID) },
		"without mail": func(h *home) error {
			return h.p.Store.SetPreferences(h.Context(), h.account["Ben"].ID, db.Preferences{})
		},
		"of no person": func(h *home) error { return h.p.Store.SetAccountPerson(h.Context(), h.account["Ben"].ID, 0) },
	}
	for name, stop := range stop {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, nil, map[string]string{"Ben": benMail})
			waits := h.silent("Ben", friday)
			if err := stop(h); err != nil {
				t.Fatal(err)
			}
			h.gets(friday, adminMail) // what was waiting is not sent either
			later := friday.Add(time.Hour)
			next := h.opens(alert.Subject{Kind: alert.PersonLeft, Person: waits.Person}, later)
			h.gets(later, adminMail)
			list, err := h.p.Store.NotificationsOf(t.Context(), next.ID)
			if err != nil || len(list) != 1 {
				t.Errorf("%d written, %v", len(list), err)
			}
		})
	}
}

func TestWithoutAMailServerNothingIsWrittenToMembers(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail})
	e := h.silent("Ben", friday)
	ntfy := Destination{Kind: KindNtfy, Address: "n", Channel: &letterbox{}}
	h.p.Redirect([]Destination{ntfy}, time.UTC)
	h.gets(friday)
	h.record(e, friday.Add(time.Hour), alert.Reminded)
	list, err := h.p.Store.UnsentNotifications(t.Context())
	if err != nil || len(list) != 1 || list[0].Channel != KindNtfy {
		t.Errorf("%+v, %v", list, err)
	}
}

// Ada's account has the same mail, and what is about Ben is not for her.
func TestWhatFailedBeforeAnAccountWasDisabledIsNotSent(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail, "Ada": benMail})
	h.s.rcpt = func(string) error { return errors.New("not now") }
	h.silent("Ben", friday)
	for i := range 4 {
		send(t, h.p, friday.Add(time.Duration(i)*time.Hour))
	}
	if err := h.p.Store.SetDisabled(t.Context(), h.account["Ben"].ID, true); err != nil {
		t.Fatal(err)
	}
	h.s.rcpt = nil
	h.gets(friday.Add(5*time.Hour), adminMail)
	h.gets(friday.Add(72 * time.Hour))
}

func TestADigestWaitsForNoAccountThatIsDisabled(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.PerHour = 2 }, map[string]string{"Ben": benMail, "Ada": benMail})
	h.s.rcpt = func(string) error { return errors.New("not now") }
	e := h.silent("Ben", friday)
	for range 4 {
		h.record(e, h.f.Now.Add(time.Minute), alert.Reminded)
	}
	send(t, h.p, h.f.Now) // makes the digests
	if err := h.p.Store.SetDisabled(t.Context(), h.account["Ben"].ID, true); err != nil {
		t.Fatal(err)
	}
	h.s.rcpt = nil
	h.gets(friday.Add(3*time.Hour), adminMail) // Ada's account has the same mail, and this is not hers
}

func TestOneMailGoesToAnAddressThatIsTheBoxsToo(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.Destinations[0].Address = "Admin <admin@example.org>" },
		map[string]string{"Ben": "Admin@Example.org"})
	h.silent("Ben", friday)
	h.gets(friday, adminMail)
}

func TestMembersWithOneAddressShareItsHourlyLimit(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.PerHour = 3 }, map[string]string{"Ada": benMail, "Ben": benMail})
	for _, name := range []string{"Ada", "Ben"} {
		e := h.silent(name, friday)
		h.record(e, friday.Add(time.Second), alert.Reminded)
	}
	send(t, h.p, friday.Add(time.Minute))
	n := 0
	for _, to := range h.s.recipients() {
		if to == benMail {
			n++
		}
	}
	if n > 3 {
		t.Errorf("%d mails within the hour", n)
	}
}

func TestQuietHoursAreByTheClockOfTheAccount(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.Quiet = QuietHours{From: 22 * 60, To: 7 * 60} },
		map[string]string{"Ada": adaMail, "Ben": benMail})
	h.prefers("Ben", db.Preferences{Mail: benMail, Zone: "America/New_York"})
	noon := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	morning := noon.Add(-3 * time.Hour) // 05:00 in New York
	e := h.silent("Ben", morning)
	h.silent("Ada", morning)
	h.gets(morning, adaMail, adminMail, adminMail)
	h.gets(noon, benMail)
	e.Closed = noon.Add(12 * time.Hour) // midnight here, 20:00 there
	h.record(e, e.Closed, alert.Recovered)
	h.gets(e.Closed, benMail)
	h.gets(noon.Add(20*time.Hour), adminMail)
}

func TestNothingIsTriedAgainInQuietHoursOfTheAccount(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.Quiet = QuietHours{From: 22 * 60, To: 7 * 60} },
		map[string]string{"Ben": benMail})
	h.prefers("Ben", db.Preferences{Mail: benMail, Zone: "America/New_York"})
	noon := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	h.s.rcpt = func(string) error { return errors.New("not now") }
	h.silent("Ben", noon)
	h.gets(noon)
	h.s.rcpt = nil
	h.gets(noon.Add(11*time.Hour), benMail) // 23:00 here, 19:00 there
	h.gets(noon.Add(20*time.Hour), adminMail)
}

// The beginning is held back for Ben, and known to the box when it ends.
func TestAnEndGoesWhereItsBeginningWent(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(p *Dispatcher) { p.Quiet = QuietHours{From: 22 * 60, To: 7 * 60} },
		map[string]string{"Ben": benMail})
	h.prefers("Ben", db.Preferences{Mail: benMail, Zone: "America/New_York"})
	morning := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	e := h.silent("Ben", morning)
	h.gets(morning, adminMail)
	e.Closed = morning.Add(time.Hour)
	h.record(e, e.Closed, alert.Recovered)
	h.gets(e.Closed, adminMail)
	h.gets(morning.Add(6 * time.Hour))
}

func TestAMemberWhoMistypesTheirMailStopsNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail})
	refused := benMail
	h.s.rcpt = func(to string) error {
		if to == refused {
			return errors.New("no such user")
		}
		return nil
	}
	h.silent("Ben", friday)
	for i := range 5 {
		send(t, h.p, friday.Add(time.Duration(i)*time.Hour))
	}
	if since, why, err := h.p.Failing(t.Context()); err != nil || !since.IsZero() {
		t.Errorf("failing since %s: %s, %v", since, why, err)
	}
	if _, failed, err := h.p.Store.LastNotifications(t.Context()); err != nil || len(failed) != 0 {
		t.Errorf("%+v, %v", failed, err)
	}
	refused = adminMail
	h.silent("", friday.Add(5*time.Hour))
	for i := range 3 {
		send(t, h.p, friday.Add(time.Duration(5+i)*time.Hour))
	}
	if since, _, err := h.p.Failing(t.Context()); err != nil || since.IsZero() {
		t.Errorf("the box's own mail is refused, and that is no failure: %v", err)
	}
}

func TestTheWeeklySummaryIsForTheBoxOnly(t *testing.T) {
	t.Parallel()
	schedule, err := cron.ParseStandard("0 8 * * 1")
	if err != nil {
		t.Fatal(err)
	}
	h := newHome(t, func(p *Dispatcher) { p.Summary = schedule }, map[string]string{"Ben": benMail})
	for _, now := range []time.Time{friday, friday.AddDate(0, 0, 8)} {
		h.f.Now = now
		if err := h.p.WriteSummary(t.Context(), now, h.f); err != nil {
			t.Fatal(err)
		}
	}
	h.gets(friday.AddDate(0, 0, 8), adminMail)
}

// An address that got into the database in another way than by a form adds neither
// a header nor a recipient.
func TestAnAddressInjectsNoHeader(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"ben@example.org\r\nBcc: eve@example.org", "ben@example.org, eve@example.org",
		"Ben <ben@example.org>\r\nBcc: eve@example.org", "ben@example.org>\r\nRCPT TO:<eve@example.org",
		"=?utf-8?q?=0D=0ABcc:_eve=40example.org?= <ben@example.org>"} {
		h := newHome(t, nil, map[string]string{"Ben": benMail})
		for _, set := range []error{
			h.p.Store.SetPreferences(t.Context(), h.account["Ben"].ID, db.Preferences{Mail: bad}), db.CheckMail(bad)} {
			if !errors.Is(set, db.ErrMail) {
				t.Errorf("%q was taken: %v", bad, set)
			}
		}
		h.box.Harm(`update account set mail = ?`, bad)
		h.silent("Ben", friday)
		send(t, h.p, friday)
		for _, to := range h.s.recipients() {
			if to != benMail && to != adminMail {
				t.Errorf("%q sent mail to %s", bad, to)
			}
		}
		for _, raw := range h.s.mails() {
			checkHeader(t, raw)
		}
	}
}
