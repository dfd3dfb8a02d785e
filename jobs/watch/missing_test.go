package watch

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/jobs/notify"
	"garner/query"
)

// text is that of the newest notice whose subject begins so.
func (g *guarded) text(subject string) string {
	g.T.Helper()
	list, err := g.w.Store.RecentNotifications(g.T.Context(), 1000)
	g.must(err)
	for _, m := range list {
		if strings.HasPrefix(m.Subject, subject) {
			return string(m.Body)
		}
	}
	g.T.Fatalf("no notification about %q, but:\n%s", subject, strings.Join(g.told(), "\n"))
	return ""
}

func TestARecoveryAfterThreeWeeksListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(25*24, nil, "Cora", "Ben")
	g.pass(21*24, gone("Cora"), "Cora", "Ben")
	g.pass(12, nil, "Cora", "Ben")
	if text := g.text("Over: No data from Cora"); !strings.Contains(text,
		"Still missing: Daily summary of Cora (partly there) on 26 Oct; Daily summary of Cora from 27 Oct to 16 Nov") {
		t.Error(text)
	}
}

func TestDaysOnWhichAPersonWasPausedOrDisconnectedAreNotMissing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben", "Mira", "Dora")
	all := []string{"Cora", "Ben", "Mira", "Dora"}
	g.pass(21*24+12, nil, all...) // until Friday evening
	g.pause(db.Pause{Person: g.person("Mira")}, 66)
	g.leaves("dora")
	g.look()
	g.now = g.now.Add(62 * time.Hour) // off until Monday, when Saturday is missing and Sunday may still come
	g.must(g.w.RecordUptime(t.Context(), g.now, missedBeat))
	g.pass(26, nil, all...)
	missing := g.text("Garner was off")
	for _, name := range all {
		if want := name == "Cora" || name == "Ben"; strings.Contains(missing, "of "+name+" on 24 Oct") != want {
			t.Errorf("of %s, missing is %v: %s", name, !want, missing)
		}
	}
}

// Cora ends the connection for a month and returns her consent again; her watch
// sends days, and no night any more.
func TestATypeIsWatchedAgainAfterAMonthWithoutConsent(t *testing.T) {
	t.Parallel()
	needsAll(t)
	g := newGuarded(t, "Cora", "Ben")
	days := func(n int, sleeps bool) {
		for range n {
			g.pass(7, nil, "Cora", "Ben")
			g.slept("Ben")
			if sleeps {
				g.slept("Cora")
			}
			g.pass(17, nil, "Cora", "Ben")
		}
	}
	days(25, true)
	g.leaves("cora")
	g.pass(24*30, gone("Cora"), "Cora", "Ben")
	g.shares("cora", "HEALTH_EXPORT", "ACTIVITY_EXPORT")
	days(8, false)
	g.once("opened: Sleep of Cora has stopped arriving")
}

// Cora takes her permission back twice, and each time gives it again; notices
// that name no set come in between.
func TestDaysThatWereNotSharedAreExcusedHoweverOftenThatHappened(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora")
	days := func(n int, shared bool) {
		for range n {
			g.now = g.now.Add(24 * time.Hour)
			if shared {
				g.day("Cora", g.now.Add(-time.Minute))
			}
		}
	}
	g.now = g.now.Truncate(24 * time.Hour).Add(20 * time.Hour) // a day counts by its noon
	days(5, true)
	for range 2 {
		g.shares("cora", "ACTIVITY_EXPORT")
		days(3, false)
		g.push(`{"userPermissionsChange":[{"userId":"cora","permissions":null,"changeTimeInSeconds":%d}]}`, g.now.Unix())
		days(3, false)
		g.shares("cora", "HEALTH_EXPORT", "ACTIVITY_EXPORT")
		days(5, true)
	}
	facts, found, err := g.w.Snapshot(t.Context(), g.now)
	g.must(err)
	home := &query.Household{Viewer: query.Operator(), Store: g.w.Store, Facts: facts, Found: found}
	c, err := home.Coverage(t.Context(), 0)
	g.must(err)
	j, _ := c.Type("dailies")
	first := c.Today - 26
	states, err := c.Days(t.Context(), j, first, c.Today)
	g.must(err)
	withheld := 0
	for i, state := range states {
		if state.Absence == health.Missing {
			t.Errorf("%s is missing", first+health.Day(i))
		}
		if state.Why == health.NotShared {
			withheld++
		}
	}
	if withheld != 12 {
		t.Errorf("%d days were not shared, want 6 each time", withheld)
	}
}

func TestAConsentThatIsGivenAgainWithoutDataIsWatchedAgain(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.leaves("cora")
	g.pass(24*5, gone("Cora"), "Cora", "Ben")
	g.never("No data from Cora")
	g.shares("cora", "HEALTH_EXPORT", "ACTIVITY_EXPORT")
	g.pass(40, gone("Cora"), "Cora", "Ben")
	g.never("No data from Cora")
	g.pass(40, gone("Cora"), "Cora", "Ben")
	g.once("opened: No data from Cora")
}

func TestWhoReceivesOnlyOldSamplesInRisingOrderIsNotOnTime(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	old := friday.AddDate(-1, 0, 0)
	for range 40 {
		g.day("Cora", old)
		old = old.Add(12 * time.Hour)
		g.pass(2, gone("Cora"), "Cora", "Ben")
	}
	g.once("opened: Only old data has arrived from Cora")
	g.never("No data has ever arrived")
	facts, found, err := g.w.Snapshot(t.Context(), g.now)
	g.must(err)
	for i, p := range facts.People {
		if got := found.People[i].State; p.Name == "Cora" && got != alert.Waiting {
			t.Errorf("Cora is %s", got)
		}
	}
	g.day("Cora", g.now.Add(-time.Minute))
	g.pass(2, gone("Cora"), "Cora", "Ben")
	g.once("recovered: Over: Only old data has arrived from Cora")
}

// Notices of one hour go out in one, which says of each when, how long and
// what is missing.
func TestADigestSaysWhenHowLongAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(25*24, nil, "Cora", "Ben")
	g.pass(72, gone("Cora"), "Cora", "Ben")
	g.pass(12, nil, "Cora", "Ben")
	g.w.Dispatcher.PerHour = 1
	g.w.Dispatcher.Destinations[0].Channel = &letterbox{}
	g.must(g.w.Dispatcher.RunOnce(t.Context(), g.now))
	list, err := g.w.Store.RecentNotifications(t.Context(), 1)
	g.must(err)
	m := list[0]
	if m.Event != "digest" {
		t.Fatalf("the newest is %s: %s", m.Event, m.Subject)
	}
	var n notify.Notification
	g.must(json.Unmarshal(m.Body, &n))
	for _, want := range []string{"No data from Cora (", "The last data arrived at ", "after 3 days",
		"Still missing: Daily summary of Cora (partly there) on"} {
		if !strings.Contains(n.Text, want) {
			t.Errorf("the digest lacks %q:\n%s", want, n.Text)
		}
	}
}
