package pull_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/health"
)

const today health.Day = 20_777 // of noon

func TestAFreshKeyBringsTheZoneThenRecentDaysThenHistoryNewestFirst(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 100)
	b.run(2 * time.Minute)
	calls := b.targets(0)
	if i := index(calls, "/userprofile-service/userprofile/settings"); i > 1 {
		t.Errorf("the profile is call %d", i)
	}
	if i := index(calls, "daily?calendarDate=2026-11-20"); i < 0 || i > 8 {
		t.Errorf("today's summary is call %d", i)
	}
	week, month := index(calls, "daily?calendarDate=2026-11-13"), index(calls, "v2/dailysummaries?startDate=2026-10-1")
	if week < 0 || month < week {
		t.Errorf("last week is call %d, last month %d", week, month)
	}
	if k := b.keyOf(0); k.Zone == "" {
		t.Error("the zone is not known")
	}
	b.run(30 * time.Minute)
	if k := b.keyOf(0); k.FirstDay != today-99 {
		t.Errorf("the first day is %s, want %s", k.FirstDay, today-99)
	}
}

func TestNothingIsAskedAgainAfterARestartThatNeedNotBe(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 100)
	for range 10 { // killed every five seconds
		b.run(5 * time.Second)
		b.restart()
	}
	b.run(16 * time.Minute)
	calls := b.targets(0)
	sorted := slices.Sorted(slices.Values(calls))
	for i, c := range sorted[1:] {
		if c == sorted[i] {
			t.Errorf("%s was asked twice", c)
		}
	}
	if b.exchanges() != 1 {
		t.Errorf("the key was exchanged %d times", b.exchanges())
	}
	heart := b.ledger(0)["heartRate"]
	for day := today - 99; day <= today; day++ {
		row := heart[int64(day)]
		if row.State == db.PullToAsk || row.Final != (day <= today-9) {
			t.Errorf("%s: %+v", day, row)
		}
	}
}

func TestACallWhoseAnswerIsLostIsMadeAgainOnce(t *testing.T) {
	t.Parallel()
	b := open(t, 1, 20)
	b.run(2 * time.Second)
	// The answer is durable, and the process ended before the ledger knew.
	b.Harm(`delete from pulled where endpoint = 'heartRateZones'; update pull_call set ended_ms = 0
		where endpoint = 'heartRateZones'`)
	b.restart()
	b.run(time.Minute)
	n := 0
	for _, c := range b.targets(0) {
		if c == "/biometric-service/heartRateZones" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("it was made %d times", n)
	}
}

func TestA429IsObeyedWithAllKeys(t *testing.T) {
	t.Parallel()
	b := open(t, 2, 20)
	b.run(3 * time.Second)
	b.garmin.FailPersonal(http.StatusTooManyRequests)
	b.run(time.Second)
	before := len(b.garmin.PersonalCalls())
	b.garmin.FailPersonal(0)
	b.restart() // which remembers it
	b.run(12 * time.Second)
	if n := len(b.garmin.PersonalCalls()); n != before {
		t.Errorf("%d calls within the time that Garmin asked to wait", n-before)
	}
	b.run(5 * time.Second)
	if n := len(b.garmin.PersonalCalls()); n == before {
		t.Error("no calls after it")
	}
	for _, row := range b.ledger(0)["daySummary"] {
		if row.State == db.PullFailed {
			t.Errorf("a day counts as failed: %+v", row)
		}
	}
}

func TestARefusedKeyIsNotUsedAgainUntilThereIsANewOne(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 2, 20)
	b.run(10 * time.Second)
	b.garmin.DeleteKey(0)
	b.run(time.Minute)
	k := b.keyOf(0)
	if k.State != db.KeyRefused || k.Fault == "" {
		t.Fatalf("%+v", k)
	}
	mine, before := len(b.targets(0)), b.exchanges()
	b.run(10 * time.Hour)
	if len(b.targets(0)) != mine || b.exchanges() != before {
		t.Errorf("%d calls and %d exchanges with a refused key", len(b.targets(0))-mine, b.exchanges()-before)
	}
	b.key(0, b.garmin.MakeKey(0, noon.AddDate(1, 0, 0)))
	b.run(time.Minute)
	if len(b.targets(0)) == mine {
		t.Error("the new key is not used")
	}
}

func TestABearerIsRenewedAnHourBeforeItsEndAndAfterItWasRefused(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 5)
	b.runner.Recent = cron.Every(6 * time.Hour)
	b.run(22 * time.Hour)
	if n := b.exchanges(); n != 1 {
		t.Fatalf("%d exchanges in 22 hours", n)
	}
	b.run(2 * time.Hour)
	if n := b.exchanges(); n != 2 {
		t.Fatalf("%d exchanges in 24 hours", n)
	}
	for _, c := range b.garmin.PersonalCalls() {
		if c.Status == http.StatusUnauthorized {
			t.Error("a bearer had ended")
		}
	}
	b.garmin.MakeKey(0, noon) // the bearer ends with the key that it is of
	k := b.garmin.MakeKey(0, noon.AddDate(1, 0, 0))
	if err := b.Store.SetBearer(t.Context(), b.people[0].ID, 1, "wrong", b.now.Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.key(0, k)
	if err := b.Store.SetBearer(t.Context(), b.people[0].ID, 2, "wrong", b.now.Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.run(time.Hour)
	refused := 0
	for _, c := range b.garmin.PersonalCalls() {
		if c.Status == http.StatusUnauthorized {
			refused++
		}
	}
	if refused == 0 || refused > 2 || b.exchanges() != 3 || b.keyOf(0).State != db.KeyInUse {
		t.Errorf("%d refusals, %d exchanges, %+v", refused, b.exchanges(), b.keyOf(0))
	}
}

func TestWhileGarminIsDownForADayItIsCalledRarelyAndThenAllIsAsked(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 2, 10)
	b.runner.Recent = cron.Every(2 * time.Hour)
	b.run(time.Hour)
	b.garmin.FailPersonal(http.StatusInternalServerError)
	before := len(b.garmin.PersonalCalls())
	b.run(24 * time.Hour)
	if n := len(b.garmin.PersonalCalls()) - before; n < 10 || n > 150 {
		t.Errorf("%d calls in a day in which Garmin did not work", n)
	}
	b.garmin.FailPersonal(0)
	b.run(7 * time.Hour)
	for i := range b.people {
		for key, rows := range b.ledger(i) {
			for _, row := range rows {
				if row.State == db.PullFailed {
					t.Errorf("%s of %s is still failed: %+v", key, row.Day, row)
				}
			}
		}
		if b.ledger(i)["daySummary"][int64(today+1)].Asked.IsZero() {
			t.Error("the day after was not asked")
		}
	}
}

func TestPeopleAreServedInTurn(t *testing.T) {
	t.Parallel()
	b := open(t, 3, 40)
	b.run(time.Minute)
	var n []int
	for i := range b.people {
		n = append(n, len(b.targets(i)))
	}
	if slices.Max(n)-slices.Min(n) > 2 {
		t.Errorf("calls of each person: %v", n)
	}
}

func TestWhileLiveDataWaitNothingIsCalled(t *testing.T) {
	t.Parallel()
	b := open(t, 1, 5)
	busy := true
	b.runner.Busy = func() bool { return busy }
	b.run(time.Minute)
	if n := len(b.garmin.PersonalCalls()); n != 0 {
		t.Errorf("%d calls", n)
	}
	busy = false
	b.run(time.Minute)
	if len(b.garmin.PersonalCalls()) == 0 {
		t.Error("no calls")
	}
}
