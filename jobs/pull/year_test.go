package pull

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// crowd is people whose calls are planned in simulated time, without any call.
type crowd struct {
	*Runner
	t     *testing.T
	begin time.Time
	first health.Day // of all accounts
	// off is a day on which Garmin answers nothing; 0 for none.
	off health.Day
	// restless days have another summary whenever they are asked for.
	restless bool

	calls, failed int
	perDay        map[personDay]int // calls
	second        int64
	inSecond      int
	mostInSecond  int
	lastToday     map[int64]time.Time // the last answer about today, by person
	longestGap    time.Duration
}

type personDay struct {
	person int64
	day    health.Day
}

var zones = []string{"Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "UTC"}

func newCrowd(t *testing.T, people, days int) *crowd {
	t.Helper()
	settle, err := cron.ParseStandard("0 4 * * *")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2025, 11, 20, 12, 0, 0, 0, time.UTC)
	c := &crowd{t: t, begin: begin, first: dayIn(begin, time.UTC) - health.Day(days), perDay: map[personDay]int{},
		lastToday: map[int64]time.Time{},
		Runner:    &Runner{Schedule: Schedule{Recent: cron.Every(20 * time.Minute), Settle: settle}, PerSecond: 2, Parallel: 2}}
	for i := range people {
		c.books = append(c.books, newBook(db.PersonalKey{Person: int64(i + 1), Zone: zones[i%len(zones)]}, nil, begin))
	}
	return c
}

// run plans calls until an instant, and answers them.
func (c *crowd) run(now, end time.Time) time.Time {
	for now.Before(end) {
		up := now.Sub(c.begin)
		if now.Before(c.resume) {
			now = c.resume
			continue
		}
		free, wait := c.pace.free(up, c.PerSecond)
		most := min(free, c.Parallel)
		if c.down >= mostDown {
			most = min(most, 1)
		}
		calls := c.pick(now, most)
		for _, one := range calls {
			c.answer(one, now, up)
		}
		switch {
		case len(calls) == 0 && free > 0:
			now = now.Add(max(c.quiet(now), time.Second))
		case len(calls) > 0:
			_, wait = c.pace.free(up, c.PerSecond)
			fallthrough
		default:
			now = now.Add(max(wait, time.Millisecond))
		}
	}
	return now
}

func (c *crowd) answer(one call, now time.Time, up time.Duration) {
	b, a := one.book, one.ask
	c.pace.began(up)
	c.calls++
	c.perDay[personDay{b.person, dayIn(now, b.zone)}]++
	if s := now.Unix(); s != c.second {
		c.second, c.inSecond = s, 0
	}
	c.inSecond++
	c.mostInSecond = max(c.mostInSecond, c.inSecond)
	defer c.release(one)
	if c.off != 0 && dayIn(now, time.UTC) == c.off {
		c.failed++
		c.Runner.failed(now)
		for _, row := range b.failed(a, one.rows, false, now) {
			b.ledger.put(row)
		}
		return
	}
	c.down = 0
	delete(b.streak, a.Endpoint.Key)
	delete(b.blocked, a.Endpoint.Key)
	answer := personal.Answer{Outcome: personal.Data, Days: map[health.Day]personal.Outcome{}}
	today := dayIn(now, b.zone)
	for day := a.From; day <= a.To && ofDays(a.Endpoint); day++ {
		if answer.Days[day] = personal.Nothing; day >= c.first && !a.Endpoint.Optional {
			answer.Days[day] = personal.Data
		}
		if a.Endpoint.Key == "activities" && day >= c.first && day%3 == 0 {
			answer.Activities = append(answer.Activities, personal.Listing{ID: int64(day), Day: day})
		}
	}
	if a.Endpoint.Key == "daySummary" && a.From == today {
		if last, ok := c.lastToday[b.person]; ok {
			c.longestGap = max(c.longestGap, now.Sub(last))
		}
		c.lastToday[b.person] = now
	}
	after, found := b.answered(a, one.rows, answer, now)
	for i := range after {
		if content := c.content(after[i].Day, now, b.zone); content != after[i].Answer {
			after[i].Answer, after[i].Kept = content, now
		}
	}
	for _, row := range append(after, found...) {
		b.ledger.put(row)
	}
	if b.firstDay == 0 {
		b.firstDay = c.begins(b, now)
	}
}

// content is what the summary of a day says at an instant: the watch syncs every 20 minutes
// between 7 and 23, and the first time in the morning it completes the day before.
func (c *crowd) content(day health.Day, now time.Time, zone *time.Location) int64 {
	if c.restless {
		return now.Unix()
	}
	today := dayIn(now, zone)
	morning := startOf(today, zone).Add(7 * time.Hour)
	switch sync := now.Truncate(20 * time.Minute); {
	case sync.Before(morning):
		return min(morning.Add(-8*time.Hour).Unix(), startOf(day+1, zone).Add(7*time.Hour).Unix())
	default:
		evening := morning.Add(16 * time.Hour)
		if sync.After(evening) {
			sync = evening
		}
		return min(sync.Unix(), startOf(day+1, zone).Add(7*time.Hour).Unix())
	}
}

// complete checks that each day was asked for until its answer was final.
func (c *crowd) complete(now time.Time) {
	c.t.Helper()
	for _, b := range c.books {
		if b.firstDay != c.first {
			c.t.Errorf("person %d: the account begins on %s, want %s", b.person, b.firstDay, c.first)
		}
		for _, e := range personal.Endpoints {
			if !e.Asked || !ofDays(e) || e.Optional {
				continue
			}
			for day := c.first; day <= dayIn(now, b.zone)-settleDays-1; day++ {
				if !b.ledger.cell(e.Key, day).final() {
					c.t.Fatalf("person %d: %s of %s is not final", b.person, e.Key, day)
				}
			}
		}
		for day := c.first + 3 - c.first%3; day < dayIn(now, b.zone)-settleDays-1; day += 3 {
			if row, open := b.ledger.open[item{"activityFile", int64(day)}]; open || !b.ledger.knows("activityFile", int64(day)) {
				c.t.Fatalf("person %d: the file of %d: %+v", b.person, day, row)
			}
		}
	}
}

// median is how many calls a person has on a median day.
func (c *crowd) median() int {
	list := slices.Sorted(maps.Values(c.perDay))
	return list[len(list)/2]
}

func (c *crowd) log(people, days int) {
	c.t.Logf("%d people, %d days: %d calls, %d on a median day of a person, %d on the busiest, at most %d in a second; "+
		"today was asked at the latest after %s; %d calls failed", people, days, c.calls, c.median(),
		slices.Max(slices.Collect(maps.Values(c.perDay))), c.mostInSecond, c.longestGap, c.failed)
}

func TestEachDayIsAskedForUntilItIsFinalWithinTheLimits(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	people, days := 2, 14
	if os.Getenv("GARNER_TEST_ALL") != "" {
		people, days = 10, 365
	}
	c := newCrowd(t, people, 30)
	now := c.run(c.begin, c.begin.AddDate(0, 0, days/2))
	gap := c.longestGap
	c.off = dayIn(now, time.UTC) + 1 // Garmin is off for a day, and a key does not work for three days
	c.books[0].wait = now.AddDate(0, 0, 3)
	now = c.run(now, c.begin.AddDate(0, 0, days))
	c.complete(now)
	if c.mostInSecond > c.PerSecond {
		t.Errorf("%d calls in a second", c.mostInSecond)
	}
	if gap > time.Hour {
		t.Errorf("today was not asked for %s", gap)
	}
	if c.failed == 0 || c.failed > 200 {
		t.Errorf("%d calls on the day on which Garmin was off", c.failed)
	}
	c.log(people, days)
}

func TestADayCostsFewCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		restless bool
		most     int
	}{"a watch that syncs while its wearer is awake": {false, 550}, "a summary that always changes": {true, 700}} {
		crowd := newCrowd(t, 1, 30)
		crowd.restless = c.restless
		now := crowd.run(crowd.begin, crowd.begin.AddDate(0, 0, 5))
		before := crowd.calls
		crowd.run(now, now.AddDate(0, 0, 1))
		if n := crowd.calls - before; n > c.most {
			t.Errorf("%s: %d calls a day, want at most %d", name, n, c.most)
		} else {
			t.Logf("%s: %d calls a day", name, n)
		}
	}
}

func TestTwoYearsOfDaysComeWithinTenMinutes(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 1, 730)
	now, b := c.begin, c.books[0]
	done := func() bool {
		for day := c.first; day <= dayIn(now, b.zone); day++ {
			if b.ledger.cell("daySummaries", day) == 0 || b.ledger.cell("sleeps", day) == 0 {
				return false
			}
		}
		return true
	}
	for !done() && now.Before(c.begin.Add(time.Hour)) {
		now = c.run(now, now.Add(10*time.Second))
	}
	if took := now.Sub(c.begin); took > 10*time.Minute {
		t.Errorf("they took %s", took)
	} else {
		t.Logf("two years of days and nights in %s and %d calls", took, c.calls)
	}
}
