package watch

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/jobs"
	"garner/jobs/jobstest"
	"garner/jobs/notify"
)

// guarded is a box with a drain and a watch over it, in simulated time.
type guarded struct {
	*jobstest.Box
	drain *jobs.Drain
	w     *Watch
	now   time.Time
}

// friday is the morning on which these stories begin.
var friday = time.Date(2026, 10, 2, 6, 0, 0, 0, time.UTC)

func newGuarded(t *testing.T, names ...string) *guarded {
	t.Helper()
	b, log := jobstest.Open(t), slog.New(slog.DiscardHandler)
	g := &guarded{Box: b, now: friday}
	g.drain = &jobs.Drain{Inbox: b.Inbox.InboxReader, Receiving: b.Inbox, Store: b.Store, Log: log, Workers: 2}
	g.w = &Watch{Inbox: b.Inbox, Store: b.Store, Log: log,
		Rules: alert.Rules{SilentAfter: 48 * time.Hour, Grace: time.Hour},
		Every: time.Minute, DataDir: t.TempDir(),
		Dispatcher: notify.NewDispatcher(&notify.Dispatcher{Store: b.Store, Log: log, Zone: time.UTC, PerHour: 10,
			Base:         "http://garner.test",
			Destinations: []notify.Destination{{Kind: notify.KindMail, Address: "admin@example.org"}}})}
	for _, name := range names {
		if _, err := b.Store.AddPerson(t.Context(), friday, name, strings.ToLower(name), ""); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// day pushes a daily summary that reaches some instant, received at now.
func (g *guarded) day(name string, reach time.Time) {
	g.T.Helper()
	midnight := reach.Truncate(24 * time.Hour)
	g.Arrive(db.Arrival{Received: g.now},
		fmt.Sprintf(`{"dailies":[{"userId":%q,"summaryId":"d%s","calendarDate":%q,"startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"steps":%d}]}`,
			strings.ToLower(name), midnight.Format("0102"), midnight.Format(time.DateOnly), midnight.Unix(),
			int(reach.Sub(midnight).Seconds()), reach.Unix()%100000))
	g.run()
}

// run drains what has arrived.
func (g *guarded) run() {
	g.T.Helper()
	g.must(g.drain.RunUntilEmpty(g.T.Context()))
}

// look beats and looks.
func (g *guarded) look() {
	g.T.Helper()
	if err := g.w.RecordUptime(g.T.Context(), g.now, 2*time.Hour); err != nil {
		g.T.Fatal(err)
	}
	if err := g.w.RunOnce(g.T.Context(), g.now); err != nil {
		g.T.Fatal(err)
	}
}

// needsAll skips a test of weeks whose rule others test with days.
func needsAll(t *testing.T) {
	t.Helper()
	if os.Getenv("GARNER_TEST_ALL") == "" {
		t.Skip("many hours of watching; runs with GARNER_TEST_ALL=1")
	}
}

// pass lets hours pass; people sync at each hour of the day from 7 to 22, except
// those of whom away says so. The watch looks each hour, but in the middle of a long time
// only each second hour.
func (g *guarded) pass(hours int, away func(name string, now time.Time) bool, names ...string) {
	g.T.Helper()
	const edge = 48
	for passed := range hours {
		g.now = g.now.Add(time.Hour)
		if h := g.now.Hour(); h >= 7 && h <= 22 && h%3 == 1 {
			for _, name := range names {
				if away == nil || !away(name, g.now) {
					g.day(name, g.now.Add(-time.Minute))
				}
			}
		} else if passed%2 == 1 && passed > edge && hours-passed > edge {
			continue
		}
		g.look()
	}
}

// told lists what was to be told: event, kind and person.
func (g *guarded) told() (out []string) {
	g.T.Helper()
	list, err := g.w.Store.RecentNotifications(g.T.Context(), 1000)
	if err != nil {
		g.T.Fatal(err)
	}
	slices.Reverse(list)
	for _, m := range list {
		out = append(out, m.Event+": "+m.Subject)
	}
	return out
}

func (g *guarded) wants(want ...string) {
	g.T.Helper()
	got := g.told()
	if len(got) != len(want) {
		g.T.Fatalf("told:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			g.T.Errorf("told %q, want %q", got[i], want[i])
		}
	}
}

// gone says of some that they are away.
func gone(who ...string) func(string, time.Time) bool {
	return func(name string, _ time.Time) bool { return slices.Contains(who, name) }
}

func (g *guarded) must(err error) {
	g.T.Helper()
	if err != nil {
		g.T.Fatal(err)
	}
}

func (g *guarded) person(name string) int64 {
	g.T.Helper()
	p, err := g.w.Store.PersonByName(g.T.Context(), name)
	g.must(err)
	return p.ID
}

// pause pauses from now on for some hours.
func (g *guarded) pause(p db.Pause, hours int) {
	g.T.Helper()
	p.From, p.To = g.now, g.now.Add(time.Duration(hours)*time.Hour)
	_, err := g.w.Store.PutPause(g.T.Context(), p)
	g.must(err)
}

// limit returns a person a limit of their own.
func (g *guarded) limit(name string, d time.Duration) {
	g.T.Helper()
	g.must(g.w.Store.PutRule(g.T.Context(), db.Rule{Person: g.person(name), Limit: d}))
}

// push has a body arrive now and be processed.
func (g *guarded) push(format string, args ...any) {
	g.T.Helper()
	g.now = g.now.Add(time.Minute)
	g.Arrive(db.Arrival{Received: g.now}, fmt.Sprintf(format, args...))
	g.run()
}

func (g *guarded) leaves(user string) {
	g.T.Helper()
	g.push(`{"deregistrations":[{"userId":%q}]}`, user)
}

// shares has Garmin say what a person shares from now on.
func (g *guarded) shares(user string, permissions ...string) {
	g.T.Helper()
	list, err := json.Marshal(append([]string{}, permissions...))
	g.must(err)
	at := g.now.Add(time.Minute).Unix()
	g.push(`{"userPermissionsChange":[{"userId":%q,"summaryId":"p%d","permissions":%s,"changeTimeInSeconds":%d}]}`, user,
		at, list, at)
}

// slept pushes the night that ended this morning.
func (g *guarded) slept(name string) {
	g.T.Helper()
	end := g.now.Truncate(24 * time.Hour).Add(6 * time.Hour)
	g.Arrive(db.Arrival{Received: g.now},
		fmt.Sprintf(`{"sleeps":[{"userId":%q,"summaryId":"s%d","calendarDate":%q,"startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":0,"durationInSeconds":28800}]}`,
			strings.ToLower(name), end.Unix(), end.Format(time.DateOnly), end.Unix()-28800))
	g.run()
}

// never wants no notice that holds a text.
func (g *guarded) never(what string) {
	g.T.Helper()
	if all := strings.Join(g.told(), "\n"); strings.Contains(all, what) {
		g.T.Errorf("told that %q:\n%s", what, all)
	}
}

// once wants a notice that holds a text.
func (g *guarded) once(what string) {
	g.T.Helper()
	if all := strings.Join(g.told(), "\n"); strings.Count(all, what) != 1 {
		g.T.Errorf("not told once that %q:\n%s", what, all)
	}
}

func TestAWeekendOffIsReportedOnceCountsAsNoSilenceAndItsGapsAreListed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben", "Mira")
	all := []string{"Cora", "Ben", "Mira"}
	g.pass(21*24+12, nil, all...) // until Friday evening, three weeks later
	g.wants()
	// Off until Monday. Garmin repeats what Cora and Ben sent meanwhile; Mira was
	// out of reach, and Saturday of hers never comes. Her Sunday may still come:
	// Coverage calls it awaited, and so it is not among what is missing.
	g.now = g.now.Add(62 * time.Hour)
	for _, name := range all[:2] {
		for back := 3; back > 0; back-- { // whole days
			g.day(name, g.now.Truncate(24*time.Hour).Add(time.Duration(1-back)*24*time.Hour-time.Second))
		}
		g.day(name, g.now)
	}
	if err := g.w.RecordUptime(t.Context(), g.now, missedBeat); err != nil {
		t.Fatal(err)
	}
	g.w.learnt.Store(nil) // it is another process
	g.w.learner = learner{}
	g.look()
	g.wants()
	g.pass(26, func(name string, now time.Time) bool { return name == "Mira" && now.Before(g.now) }, all...)
	g.wants("noticed: Garner was off for 2 days 14 h")
	list, err := g.w.Store.PastIncidents(t.Context(), 0, 10, nil)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if missing := strings.Join(list[0].Evidence.Missing, "; "); !strings.Contains(missing,
		"Daily summary of Mira on 24 Oct") || strings.Contains(missing, "25 Oct") || strings.Contains(missing, "Cora") {
		t.Errorf("missing: %q", missing)
	}
}

func TestOldDataThatArriveLateAreNoRecovery(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	last := g.now
	gone := func(name string, _ time.Time) bool { return name == "Cora" }
	g.pass(60, gone, "Cora", "Ben")
	g.wants("opened: No data from Cora")
	g.day("Cora", last.Add(-40*time.Hour)) // an old day, sent again with another count
	g.look()
	g.wants("opened: No data from Cora")
	g.day("Cora", g.now.Add(-time.Minute))
	g.look()
	g.now = g.now.Add(15 * time.Minute)
	g.look()
	g.wants("opened: No data from Cora", "recovered: Over: No data from Cora")
}

func TestAPersonWhoseDataWaitsToBeProcessedIsNotSilent(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(24, nil, "Cora", "Ben")
	g.now = g.now.Add(time.Hour)
	g.Arrive(db.Arrival{Received: g.now},
		`{"dailies":[{"userId":"cora","summaryId":"x","calendarDate":"2026-10-03","startTimeInSeconds":1790985600,`+
			`"durationInSeconds":100}]}`)
	for range 70 {
		g.now = g.now.Add(time.Hour)
		g.look()
	}
	g.wants("opened: Deliveries are not being processed", "reminded: Still: Deliveries", "reminded: Still: Deliveries")
}

func TestWhoIsDisconnectedIsToldSoOnceAndNotCalledSilent(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.now = g.now.Add(time.Minute)
	g.Arrive(db.Arrival{Received: g.now}, `{"deregistrations":[{"userId":"cora"}]}`)
	g.run()
	g.pass(100, func(name string, _ time.Time) bool { return name == "Cora" }, "Cora", "Ben")
	g.wants("opened: Cora is disconnected")
	g.day("Cora", g.now)
	g.pass(2, nil, "Ben")
	g.wants("opened: Cora is disconnected", "recovered: Over: Cora is disconnected")
}

func TestAPermissionThatIsTakenBackIsToldAndItsTypesAreNotMissed(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.now = g.now.Add(time.Minute)
	g.Arrive(db.Arrival{Received: g.now},
		fmt.Sprintf(`{"userPermissionsChange":[{"userId":"cora","summaryId":"p","permissions":["ACTIVITY_EXPORT"],`+
			`"changeTimeInSeconds":%d}]}`, g.now.Unix()))
	g.run()
	g.pass(100, func(name string, _ time.Time) bool { return name == "Cora" }, "Cora", "Ben")
	g.wants("opened: Cora no longer shares daily health data")
}

func TestAPauseKeepsQuietAndEndsAnIncidentWithoutAWord(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	gone := func(name string, _ time.Time) bool { return name == "Cora" }
	g.pass(60, gone, "Cora", "Ben")
	cora, err := g.w.Store.PersonByName(t.Context(), "Cora")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.w.Store.PutPause(t.Context(), db.Pause{Person: cora.ID, From: g.now, To: g.now.Add(100 * time.Hour),
		Reason: "holiday"}); err != nil {
		t.Fatal(err)
	}
	g.pass(99+40, gone, "Cora", "Ben")
	g.wants("opened: No data from Cora")
	g.pass(12, gone, "Cora", "Ben")
	g.wants("opened: No data from Cora", "opened: No data from Cora") // 48 h after the pause
}

func TestAClockThatIsSetIsNoSilence(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"ahead": 30 * 24 * time.Hour, "back": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuarded(t, "Cora", "Ben")
			g.pass(48, nil, "Cora", "Ben")
			g.now = g.now.Add(jump)
			if err := g.w.RecordUptime(t.Context(), g.now, -1); err != nil {
				t.Fatal(err)
			}
			g.look()
			g.pass(40, nil, "Cora", "Ben")
			for _, line := range g.told() {
				if !strings.Contains(line, "Garner was off") {
					t.Errorf("told: %s", line)
				}
			}
		})
	}
}

func TestTheRulesStayQuietWhileAllPeopleSync(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(20*24, nil, "Cora", "Ben")
	g.wants()
}

func TestAnOutageOfGarminsIsOneNoticeAndNoneAboutPeople(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben", "Mira")
	all := []string{"Cora", "Ben", "Mira"}
	g.pass(10*24, nil, all...)
	out := g.now
	g.pass(100, func(string, time.Time) bool { return true }, all...)
	g.pass(24, nil, all...)
	told := g.told()
	if len(told) < 2 || told[0] != "opened: No data is arriving from Garmin" ||
		!strings.HasPrefix(told[len(told)-1], "recovered: Over: No data is arriving") {
		t.Errorf("out since %s; told:\n%s", out, strings.Join(told, "\n"))
	}
	for _, line := range told {
		if strings.Contains(line, "No data from") {
			t.Errorf("told: %s", line)
		}
	}
}

func TestWhoOnlyStepsOnAScaleIsNeverSilent(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	for week := range 5 {
		g.now = g.now.Add(time.Minute)
		g.Arrive(db.Arrival{Received: g.now},
			fmt.Sprintf(`{"bodyComps":[{"userId":"cora","summaryId":"w%d","measurementTimeInSeconds":%d,`+
				`"measurementTimeOffsetInSeconds":0,"weightInGrams":70000}]}`, week, g.now.Unix()-60))
		g.run()
		g.pass(7*24, func(name string, _ time.Time) bool { return name == "Cora" }, "Cora", "Ben")
	}
	g.wants()
}

func TestAMachineThatSleepsEveryNightTellsSoSeldom(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	for range 14 {
		g.pass(14, nil, "Cora", "Ben")
		g.now = g.now.Add(10 * time.Hour) // asleep
		if err := g.w.RecordUptime(t.Context(), g.now, missedBeat); err != nil {
			t.Fatal(err)
		}
	}
	if told := g.told(); len(told) > 6 || len(told) < 2 {
		t.Errorf("in two weeks it told:\n%s", strings.Join(told, "\n"))
	}
	list, err := g.w.Store.PastIncidents(t.Context(), 0, 100, nil)
	if err != nil || len(list) < 12 {
		t.Errorf("%d of 14 nights are noted, %v", len(list), err)
	}
}
