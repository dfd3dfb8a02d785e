package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/jobs/jobstest"
)

const night = jobstest.Night

func (b *bench) again(accept bool, ids ...int64) {
	b.T.Helper()
	if _, err := b.drain.Store.Requeue(b.T.Context(), accept, ids...); err != nil {
		b.T.Fatal(err)
	}
	b.run()
}

func TestDataOfUnknownPeopleWaitUntilTheyAreAdded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger"))
	b.run()
	if c := b.Counts(); c.Orphaned != 1 || c.Done != 0 {
		t.Fatalf("before: %+v", c)
	}
	b.Add("Ben", "stranger", "")
	b.run()
	if c := b.Counts(); c.Orphaned != 0 || c.Done != 1 {
		t.Errorf("after: %+v", c)
	}
}

func TestAPersonWhoIsAddedWhileTheirDeliveryIsInHandIsNotMissed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger"))
	jobs := b.claim()
	ids, err := b.drain.Store.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := b.drain.process(t.Context(), jobs[0], ids, nil)
	b.Add("Ben", "stranger", "")
	if err := b.drain.Store.Apply(t.Context(), time.Now(), []*db.Result{out}); err != nil {
		t.Fatal(err)
	}
	b.run()
	if c := b.Counts(); c.Orphaned != 0 || c.Done != 1 {
		t.Errorf("%+v", c)
	}
}

func TestAKnownTokenTeachesTheUserIDAndAContradictionParks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Add("Ben", "", "secret-token")
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"ben","userAccessToken":"secret-token","calendarDate":"2026-11-20",`+
			`"startTimeInSeconds":1763593200,"steps":1}]}`)
	b.run()
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"ben","calendarDate":"2026-11-21","startTimeInSeconds":1763679600,"steps":2}]}`)
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"u1","userAccessToken":"secret-token","calendarDate":"2026-11-22",`+
			`"startTimeInSeconds":1763766000,"steps":3}]}`)
	b.run()
	if c := b.Counts(); c.Done != 2 || c.Parked != 1 || c.Orphaned != 0 {
		t.Errorf("%+v", c)
	}
}

func TestADeliveryWithAWrongClientIDIsHeldUntilAKeeperAcceptsIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.Arrive(db.Arrival{Client: db.ClientWrong}, fmt.Sprintf(night, "u1"))
	b.run()
	if c := b.Counts(); c.Quarantined != 1 || len(b.current()) != 0 {
		t.Fatalf("before: %+v, %v", c, b.current())
	}
	b.again(false, id)
	if c := b.Counts(); c.Quarantined != 1 {
		t.Fatalf("tried again without being accepted: %+v", c)
	}
	b.again(true, id)
	if c := b.Counts(); c.Quarantined != 0 || c.Done != 1 || len(b.current()) != 1 {
		t.Errorf("after: %+v", c)
	}
}

func TestOneBadElementHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1763593200},{"userId":"u1"},7,`+
			`{"userId":"u1","calendarDate":"2026-11-21","startTimeInSeconds":1763679600}],"tomorrow":[{"userId":"u1"}]}`)
	b.run()
	if n := len(b.current()); n != 2 {
		t.Errorf("%d records stand, want 2", n)
	}
	issues, err := b.drain.Store.Issues(t.Context(), 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, is := range issues {
		reasons = append(reasons, is.Reason)
	}
	if len(issues) != 3 || !slices.Contains(reasons, "unknown type") || !slices.Contains(reasons, "not an object") {
		t.Errorf("issues: %q", reasons)
	}
	if c := b.Counts(); c.Parked != 1 || c.Done != 0 {
		t.Errorf("%+v", c)
	}
}

func TestPingsAndFilesAreKeptForFetching(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"u1","callbackURL":"https://apis.garmin.com/wellness-api/rest/dailies?token=t"}]}`)
	b.Arrive(db.Arrival{},
		`{"activityFiles":[{"userId":"u1","summaryId":"5-file","fileType":"FIT",`+
			`"callbackURL":"https://apis.garmin.com/wellness-api/rest/activityFile?id=5&token=t"}]}`)
	b.Arrive(db.Arrival{},
		`{"file":[{"userId":"u1","summaryId":"6-file","fileType":"FIT",`+
			`"callbackURL":"https://apis.garmin.com/wellness-api/rest/activityFile?id=6&token=t"}]}`)
	b.run()
	if c := b.Counts(); c.Fetching != 3 || c.Done != 3 || c.Parked != 0 {
		t.Errorf("%+v", c)
	}
}

func TestADeliveryThatKeepsFailingIsParkedAfterItsAttemptsAndOthersGoOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Add("Ben", "u2", "")
	b.Harm(`create trigger harm before insert on record when new.person_id = 2 begin select raise(abort, 'refused'); end`)
	bad := b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u2"))
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	garner := b.SQLite("garner.db")
	for attempt := 1; attempt <= MaxAttempts; attempt++ {
		b.run()
		var attempts, state int
		if err := garner.QueryRow(`select attempts, state from delivery where id = ?`, bad).Scan(&attempts,
			&state); err != nil {
			t.Fatal(err)
		}
		if attempts != attempt {
			t.Fatalf("%d attempts are on record after %d", attempts, attempt)
		}
		if done := state == int(db.Done); done != (attempt == MaxAttempts) {
			t.Fatalf("after attempt %d the state is %d", attempt, state)
		}
		if _, err := garner.Exec(`update delivery set due_ms = 0 where state = 0`); err != nil { // as if the wait were over
			t.Fatal(err)
		}
	}
	if c := b.Counts(); c.Parked != 1 || c.Done != 1 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
}

func TestRederiveRepairsAMappingThatWasWrong(t *testing.T) {
	t.Parallel()
	fill := func() *bench {
		b := newBench(t)
		b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
		b.Arrive(db.Arrival{},
			`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1763593200,`+
				`"durationInSeconds":86400,"steps":1234,"restingHeartRateInBeatsPerMinute":50}]}`)
		b.Arrive(db.Arrival{},
			`{"epochs":[{"userId":"u1","startTimeInSeconds":1763593200,"startTimeOffsetInSeconds":3600,`+
				`"durationInSeconds":900,"activityType":"WALKING","steps":9}]}`)
		b.Arrive(db.Arrival{},
			`{"manuallyUpdatedActivities":[{"userId":"u1","activityId":5,"startTimeInSeconds":1763600000,`+
				`"startTimeOffsetInSeconds":0,"durationInSeconds":60,"manual":true}]}`)
		b.run()
		return b
	}
	want := fill().derived()
	b := fill()
	garner := b.SQLite("garner.db")
	for _, harm := range []string{
		`update reading set vals = x''`,
		`update record set crc = 0, day = day + 3, key = key || '?', reach_s = 0, start_s = start_s - 7 where type_id = (select id
			from type where key = 'dailies')`,
		`update record set crc = 0, day = day - 1`,
		`update coverage set records = 99`,
		`update coverage set day = day + 40`,
	} {
		if _, err := garner.Exec(harm); err != nil {
			t.Fatal(err)
		}
	}
	if slices.Equal(b.derived(), want) {
		t.Fatal("nothing was harmed")
	}
	told := int64(0)
	if err := Rederive(t.Context(), b.drain.Store, func(done, total int64) { told = done }); err != nil {
		t.Fatal(err)
	}
	b.run()
	if told != 4 {
		t.Errorf("progress ended at %d of 4", told)
	}
	if got := b.derived(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// uptime lets Garner run for a while, as far as pruning is concerned.
func (b *bench) uptime(d time.Duration) {
	b.T.Helper()
	if err := b.drain.Store.AddUptime(b.T.Context(), d); err != nil {
		b.T.Fatal(err)
	}
}

// derived is what the pages read, as text.
func (b *bench) derived() (out []string) {
	b.T.Helper()
	for _, k := range garmin.Kinds() {
		for rec, err := range b.drain.Store.Each(b.T.Context(), 1, k.Type, -1<<20, 1<<20) {
			if err != nil {
				b.T.Fatal(err)
			}
			out = append(out, fmt.Sprint(k.Type, " ", rec.Key, " ", rec.Day, " ", rec.Start, " ", rec.End, " ", rec.Order.Class,
				" ", rec.Order.Reach))
		}
	}
	cover, err := b.drain.Store.Coverage(b.T.Context(), 1, -1<<20, 1<<20)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, c := range cover {
		out = append(out, fmt.Sprint("coverage ", c.Type, " ", c.Day, " ", c.Records))
	}
	readings, err := b.drain.Store.Readings(b.T.Context(), 1, -1<<20, 1<<20)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, r := range readings {
		out = append(out, fmt.Sprint("reading ", r.Metric, " ", r.Day, " ", r.Value))
	}
	slices.Sort(out)
	return out
}

func TestPruningDropsOnlyWhatIsNoLongerNeeded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	served := b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	parked := b.Arrive(db.Arrival{}, `not JSON`)
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger"))
	b.run()
	b.uptime(31 * 24 * time.Hour)
	young := b.Arrive(db.Arrival{}, strings.Replace(fmt.Sprintf(night, "u1"), "25200", "26000", 1))
	b.run()
	p := &Pruner{Inbox: b.drain.Receiving, Store: b.drain.Store, Log: b.drain.Log, Keep: 30 * 24 * time.Hour,
		KeepOrphans: 30 * 24 * time.Hour, MaxOrphans: 10}
	if err := p.RunOnce(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]bool{served: false, parked: true, young: true} {
		if _, err := b.drain.Inbox.Delivery(t.Context(), id); (err == nil) != want {
			t.Errorf("delivery %d: kept is %v, want %v", id, err == nil, want)
		}
	}
	if n := len(b.current()); n != 1 {
		t.Errorf("%d records stand after pruning", n)
	}
	if c := b.Counts(); c.Orphaned != 0 {
		t.Errorf("an orphan of a month ago still waits: %+v", c)
	}
	tallies, err := b.drain.Store.Tallies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(tallies) == 0 || tallies[0].What != "orphan dropped" || tallies[0].N != 1 {
		t.Errorf("what was dropped is not counted: %+v", tallies)
	}
}

func TestBackoffGrowsIsCappedAndVaries(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for attempt := 1; attempt < 20; attempt++ {
		low, high := Backoff(attempt, 0), Backoff(attempt, 0.999999)
		if low < last || high > 12*time.Minute || high <= low {
			t.Errorf("attempt %d waits %s to %s, after %s", attempt, low, high, last)
		}
		last = low
	}
}
