package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/jobs/notify"
)

// These tests are about sides: no side is blamed for what another did.

func TestAnOutageInTheFirstDaysIsNoSilence(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprintf("P%02d", i))
	}
	g := newGuarded(t, names...)
	for range 4 * 24 {
		g.now = g.now.Add(time.Hour)
		for i, n := range names {
			if g.now.Hour() >= 7 && g.now.Hour() <= 22 && (g.now.Hour()+i)%4 == 0 {
				g.day(n, g.now.Add(-time.Minute))
			}
		}
		g.look()
	}
	g.wants()
	g.pass(70, gone(names...), names...)
	g.wants("opened: No data is arriving from Garmin", "reminded: Still: No data is arriving")
}

// Ben's last data are of a day ago: that they came after Cora's proves nothing.
func TestOthersWhoseDataAreOldProveNothing(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.limit("Cora", 30*time.Hour)
	g.limit("Ben", 200*time.Hour)
	g.pass(36, gone("Cora"), "Cora", "Ben")
	g.pass(48, gone("Cora", "Ben"), "Cora", "Ben")
	list, err := g.w.Store.RecentNotifications(t.Context(), 3)
	g.must(err)
	if len(list) != 3 || !strings.Contains(string(list[2].Body), "the connection to this machine work") {
		t.Fatalf("told: %q; %s", g.told(), list[len(list)-1].Body)
	}
	if !strings.Contains(string(list[0].Body), "too long ago to tell by comparison") {
		t.Errorf("%s", list[0].Body)
	}
}

func TestWhoseDataCannotBeUnderstoodIsNotSilent(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	for range 60 {
		g.pass(1, gone("Cora"), "Cora", "Ben")
		g.Arrive(db.Arrival{Received: g.now},
			fmt.Sprintf(`{"dailies":[{"userId":"cora","summaryId":"d","calendarDate":"nonsense","startTimeInSeconds":"%d x"}]}`,
				g.now.Unix()))
		g.run()
	}
	g.never("No data from Cora")
	g.pass(60, gone("Cora"), "Cora", "Ben") // now she is
	g.once("opened: No data from Cora")
}

func TestDataKeptApartForTheirClientIDAreNotBlamedOnTheWatch(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora")
	g.pass(48, nil, "Cora")
	for i := range 60 {
		g.now = g.now.Add(time.Hour)
		g.Arrive(db.Arrival{Received: g.now, Client: db.ClientWrong},
			fmt.Sprintf(`{"dailies":[{"userId":"cora","summaryId":"q%d","calendarDate":%q,"startTimeInSeconds":%d,`+
				`"startTimeOffsetInSeconds":0,"durationInSeconds":3600}]}`, i, g.now.Format(time.DateOnly), g.now.Unix()-3600))
		g.run()
		g.look()
	}
	list, err := g.w.Store.RecentNotifications(t.Context(), 10)
	g.must(err)
	i := slices.IndexFunc(list, func(m db.Notification) bool { return m.Subject == "No data from Cora" })
	if i < 0 {
		t.Fatalf("told: %q", g.told())
	}
	if body := string(list[i].Body); !strings.Contains(body, "are in quarantine") ||
		strings.Contains(body, "Open Garmin Connect") {
		t.Errorf("%s", body)
	}
}

func TestAPersonAddedLateIsNotSilentWhileTheirDataIsProcessed(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(72, nil, "Cora", "Ben", "Dora") // Dora is not known yet
	g.Add("Dora", "dora", "")
	waiting := g.Counts().Waiting
	g.Harm(`update delivery set due_ms = ? where state = 0 and id not in (select id from delivery where state = 0
		order by due_ms, id limit 3)`, time.Now().Add(time.Hour).UnixMilli())
	g.run()
	if left := g.Counts().Waiting; left == 0 || left != waiting-3 {
		t.Fatalf("%d of %d deliveries still wait", left, waiting)
	}
	g.look() // a look in between
	g.Harm(`update delivery set due_ms = 0 where state = 0`)
	g.run()
	g.now = g.now.Add(time.Minute)
	g.look()
	g.wants()
}

func TestBothOfTwoDowntimesAreKnownAndTheLongOneTold(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	off := func(d time.Duration) {
		g.now = g.now.Add(d)
		g.must(g.w.RecordUptime(t.Context(), g.now, missedBeat))
		g.must(g.w.RunOnce(t.Context(), g.now))
	}
	off(20 * time.Hour)
	g.now = g.now.Add(30 * time.Minute)
	g.must(g.w.RecordUptime(t.Context(), g.now, time.Hour))
	off(90 * time.Minute)
	g.pass(10, nil, "Cora", "Ben")
	g.wants("noticed: Garner was off for 20 h")
	if list, err := g.w.Store.PastIncidents(t.Context(), 0, 10, nil); err != nil || len(list) != 2 {
		t.Errorf("known are %v, %v", list, err)
	}
}

func TestOwnDowntimeIsNoUnreachability(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.w.PublicURL = "https://garner.example"
	g.pass(48, nil, "Cora", "Ben")
	g.must(g.w.probed(t.Context(), g.now.Add(-5*time.Minute), nil))
	g.must(g.w.probed(t.Context(), g.now, errors.New("connection reset")))
	g.now = g.now.Add(40 * time.Minute)
	g.must(g.w.RecordUptime(t.Context(), g.now, missedBeat))
	g.must(g.w.RunOnce(t.Context(), g.now))
	g.wants()
	g.must(g.w.probed(t.Context(), g.now, errors.New("connection reset")))
	g.pass(1, nil, "Cora", "Ben")
	g.wants("opened: Garner's public address does not respond")
}

func TestAnAddressThatIsNoLongerConfiguredIsNotMissed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.w.PublicURL = "https://garner.example"
	g.pass(4, nil, "Cora", "Ben")
	g.must(g.w.probed(t.Context(), g.now.Add(-5*time.Minute), nil))
	g.must(g.w.probed(t.Context(), g.now, errors.New("no such host")))
	g.pass(2, nil, "Cora", "Ben")
	g.wants("opened: Garner's public address does not respond")
	g.w.PublicURL = ""
	g.pass(24*10, nil, "Cora", "Ben")
	g.wants("opened: Garner's public address does not respond")
}

// While the disk has no room, Garner answers 503: no person counts as silent.
func TestWhatGarnerItselfRefusesIsNoSilence(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	full, err := db.OpenInbox(t.Context(), t.TempDir(), db.InboxLimits{QueueRows: 1, QueueBytes: 1, BacklogRows: 1,
		BacklogBytes: 1, MinFree: 1 << 60}, nil)
	g.must(err)
	t.Cleanup(func() { g.must(full.Close()) })
	well := g.w.Inbox
	g.w.Inbox, g.w.Every = full, time.Hour
	g.pass(60, gone("Cora", "Ben"), "Cora", "Ben")
	g.never("No data from")
	g.never("No data is arriving")
	g.w.Inbox = well
	g.pass(36, nil, "Ben")
	g.never("No data from")
	g.pass(10, nil, "Ben")
	g.once("opened: No data from Cora")
}

func TestASummaryNamesPeopleWithoutAnyData(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben", "Dora")
	g.pass(59, nil, "Cora", "Ben")
	g.w.Dispatcher.Summary = cron.Every(time.Minute)
	g.look() // from here on a summary is due
	g.pass(1, nil, "Cora", "Ben")
	list, err := g.w.Store.RecentNotifications(t.Context(), 1)
	g.must(err)
	var n notify.Notification
	g.must(json.Unmarshal(list[0].Body, &n))
	if n.Type != "summary" || !strings.Contains(n.Text, "No data has ever arrived from\n") ||
		!strings.Contains(n.Text, "Dora") || strings.Contains(n.Subject+n.Text, "All is well") {
		t.Errorf("%s: %s\n%s", n.Type, n.Subject, n.Text)
	}
}
