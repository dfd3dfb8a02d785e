package watch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
)

// What follows is about ends: an incident is over by proof, and by nothing else.

func TestALongerLimitIsNoRecovery(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.pass(60, gone("Cora"), "Cora", "Ben")
	g.limit("Cora", 120*time.Hour)
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.never("Over:")
}

func TestAPauseOfTheBoxIsNoRecoveryOfAnOutage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben", "Mira")
	all := []string{"Cora", "Ben", "Mira"}
	g.pass(10*24, nil, all...)
	g.pass(60, gone(all...), all...)
	g.once("opened: No data is arriving")
	g.pause(db.Pause{}, 100)
	told := len(g.told())
	g.pass(90, gone(all...), all...)
	if now := len(g.told()); now != told {
		t.Errorf("told in the pause: %q", g.told()[told:])
	}
	g.never("Over:")
}

func TestAPauseIsNoReconnection(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.leaves("cora")
	g.pass(10, gone("Cora"), "Cora", "Ben")
	g.pause(db.Pause{Person: g.person("Cora")}, 100)
	g.pass(150, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected")
}

func TestLeavingGivesNoPermissionBack(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.shares("cora", "MCT_EXPORT")
	g.pass(24, gone("Cora"), "Cora", "Ben")
	g.leaves("cora")
	g.pass(10, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora no longer shares daily health data", "opened: Cora is disconnected")
}

func TestASilentPersonIsNoRecoveryOfTheirType(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	days := func(n int, sleeps, here bool) {
		away := gone()
		if !here {
			away = gone("Cora")
		}
		for range n {
			g.pass(7, away, "Cora", "Ben")
			g.slept("Ben")
			if sleeps && here {
				g.slept("Cora")
			}
			g.pass(17, away, "Cora", "Ben")
		}
	}
	days(25, true, true)
	days(6, false, true)
	g.once("opened: Sleep of Cora has stopped arriving")
	days(5, false, false)
	g.never("Over:")
}

func TestATypeThatStoppedForAllCanBePaused(t *testing.T) {
	t.Parallel()
	needsAll(t)
	g := newGuarded(t, "Cora", "Ben", "Mira")
	all := []string{"Cora", "Ben", "Mira"}
	for range 20 {
		g.pass(7, nil, all...)
		for _, name := range all {
			g.slept(name)
		}
		g.pass(17, nil, all...)
	}
	g.pass(24*5, nil, all...)
	g.once("opened: Sleep has stopped arriving for everyone")
	g.pause(db.Pause{Type: "sleeps"}, 60*24)
	told := len(g.told())
	g.pass(24*20, nil, all...)
	if now := g.told(); len(now) != told {
		t.Errorf("told in the pause: %q", now[told:])
	}
}

func TestAClockThatIsNoLongerComparedIsNotRightAgain(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.w.Heartbeat.URL = "https://switch.example"
	clock := func(ahead time.Duration) {
		g.must(g.w.Store.SetSignal(t.Context(), signClock, db.Signal{At: g.now, Value: ahead.Milliseconds()}))
	}
	g.pass(4, nil, "Cora", "Ben")
	clock(time.Hour)
	g.look()
	g.pass(6, nil, "Cora", "Ben")
	g.wants("opened: This machine's clock is wrong")
	clock(0)
	g.look()
	g.pass(2, nil, "Cora", "Ben")
	g.once("recovered: Over: This machine's clock is wrong")
}

func TestARecoveryIsToldAfterALongTimeOff(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.pass(60, gone("Cora"), "Cora", "Ben")
	g.day("Cora", g.now)
	g.look() // closed, to be told in ten minutes
	g.now = g.now.Add(62 * time.Hour)
	g.must(g.w.RecordUptime(t.Context(), g.now, missedBeat))
	g.day("Cora", g.now)
	g.day("Ben", g.now)
	g.must(g.w.RunOnce(t.Context(), g.now))
	g.pass(10, nil, "Cora", "Ben")
	g.once("Over: No data from Cora")
}

// And of what comes back after its end.

func TestWhoLeavesAgainIsToldAgain(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.leaves("cora")
	g.look()
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.day("Cora", g.now)
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.leaves("cora")
	g.pass(2, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected", "recovered: Over: Cora is disconnected",
		"relapsed: Again: Cora is disconnected")
	g.pass(40*24, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected", "recovered: Over: Cora is disconnected",
		"relapsed: Again: Cora is disconnected")
}

func TestASecondWithdrawalIsTold(t *testing.T) {
	t.Parallel()
	needsAll(t)
	g := newGuarded(t, "Cora", "Ben")
	g.push(`{"activities":[{"userId":"cora","summaryId":"a1","activityId":1,"startTimeInSeconds":%d,`+
		`"durationInSeconds":600,"activityType":"RUNNING"}]}`, g.now.Unix()-1000)
	g.pass(48, nil, "Cora", "Ben")
	g.shares("cora", "HEALTH_EXPORT", "MCT_EXPORT")
	g.pass(24, nil, "Cora", "Ben")
	g.wants("opened: Cora no longer shares activities")
	g.shares("cora")
	g.pass(60*24, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora no longer shares activities",
		"relapsed: Again: Cora no longer shares daily health data, activities")
}

func TestAPermissionThatIsTakenTwiceIsToldTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.shares("cora", "MCT_EXPORT")
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.shares("cora", "MCT_EXPORT", "HEALTH_EXPORT")
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.shares("cora", "MCT_EXPORT")
	g.pass(40*24, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora no longer shares daily", "recovered: Over: Cora no longer shares",
		"relapsed: Again: Cora no longer shares daily")
}

func TestATroubleThatComesBackIsToldAgainWithinTheGrace(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(4, nil, "Cora", "Ben")
	g.w.DiskWanted = 1 << 60
	g.pass(1, nil, "Cora", "Ben")
	g.w.DiskWanted = 0
	g.pass(2, nil, "Cora", "Ben")
	g.w.DiskWanted = 1 << 60
	g.pass(3, nil, "Cora", "Ben")
	g.wants("opened: The disk", "recovered: Over: The disk", "relapsed: Again: The disk")
}

func TestASilenceThatComesBackIsToldWithItsOwnBeginning(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.limit("Cora", 3*time.Hour)
	g.pass(30, gone("Cora"), "Cora", "Ben")
	back := g.now
	g.day("Cora", g.now)
	g.look()
	g.now = g.now.Add(15 * time.Minute)
	g.look()
	told := len(g.told())
	g.pass(8, gone("Cora"), "Cora", "Ben")
	list, err := g.w.Store.RecentNotifications(t.Context(), 1)
	g.must(err)
	if len(g.told()) != told+1 || list[0].Subject != "Again: No data from Cora" {
		t.Fatalf("told: %q", g.told()[told:])
	}
	if want := "The last data arrived at " + back.Format("15:04"); !strings.Contains(string(list[0].Body), want) {
		t.Errorf("want %q in %s", want, list[0].Body)
	}
}

func TestALeakInAnOutageIsNotItsEnd(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	var names []string
	for i := range 12 {
		names = append(names, fmt.Sprintf("P%02d", i))
	}
	g := newGuarded(t, names...)
	for range 15 * 24 {
		g.now = g.now.Add(time.Hour)
		for i, n := range names {
			if (g.now.Hour()+i)%6 == 0 {
				g.day(n, g.now.Add(-time.Minute))
			}
		}
		g.look()
	}
	g.wants()
	g.pass(8, gone(names...), names...)
	g.day("P00", g.now)
	g.look()
	g.pass(20, gone(names...), names...)
	if told := g.told(); !strings.HasPrefix(told[len(told)-1], "relapsed: Again: No data is arriving") {
		t.Errorf("nothing arrives for 20 hours; told %q", told)
	}
}

func TestAClockThatWasAheadHidesNoLaterSilence(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	const ahead = 60 * 24 * time.Hour
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.now = g.now.Add(ahead)
	g.must(g.w.RecordUptime(t.Context(), g.now, -1))
	for i := range 100 { // Cora is silent, which is told, and comes back
		g.now = g.now.Add(time.Hour)
		if g.now.Hour()%3 == 1 {
			g.day("Ben", g.now.Add(-ahead-time.Minute))
			if i > 70 {
				g.day("Cora", g.now.Add(-ahead-time.Minute))
			}
		}
		g.look()
	}
	told := len(g.told())
	g.now = g.now.Add(time.Hour - ahead) // set right
	g.must(g.w.RecordUptime(t.Context(), g.now, -1))
	for range 6 * 24 {
		g.now = g.now.Add(time.Hour)
		g.day("Ben", g.now.Add(-time.Minute))
		g.look()
	}
	if now := strings.Join(g.told()[told:], "\n"); !strings.Contains(now, "opened: No data from Cora") {
		t.Errorf("Cora is silent for six days; told since the clock was set right: %q", now)
	}
}

// Garmin delivers what it had queued even after the connection was ended.
func TestDataOfBeforeADisconnectionDoNotRefuteIt(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.pass(6, gone("Cora"), "Cora", "Ben")
	synced := g.now.Add(-time.Hour)
	g.leaves("cora")
	g.pass(1, gone("Cora"), "Cora", "Ben")
	g.day("Cora", synced)
	g.pass(60, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected")
}

func TestAPersonWithoutAnyDataIsReportedOnceUntilDataComes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(47, nil, "Ben")
	g.wants()
	g.pass(20*24, nil, "Ben")
	g.wants("opened: No data has ever arrived from Cora")
	g.pause(db.Pause{Person: g.person("Cora")}, 24)
	g.pass(20, nil, "Ben")
	g.never("Over:")
	g.pass(20, nil, "Ben")
	g.day("Cora", g.now)
	g.pass(3, nil, "Cora", "Ben")
	g.never("Over: No data has ever arrived") // the pause had answered it
}
