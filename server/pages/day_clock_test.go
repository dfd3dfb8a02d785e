package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server"
	"garner/server/servertest"
)

// berlin is a day on which Berlin's clocks change, with what its records say.
type berlin struct {
	date          string
	start, length int
	before, after int // offsets
}

var (
	spring = berlin{"2026-03-29", 1774738800, 82800, 3600, 7200}
	autumn = berlin{"2026-10-25", 1792879200, 90000, 7200, 3600}
)

func (b berlin) daily() string {
	return fmt.Sprintf(
		`"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":%d,"steps":9,
		"timeOffsetHeartRateSamples":{%s}`,
		b.date,
		b.start,
		b.before,
		b.length,
		list(b.length/900, func(i int) string { return fmt.Sprintf(`"%d":%d`, i*900, 60+i) }),
	)
}

// epoch is a slice so many hours after midnight, with its own clock.
func (b berlin) epoch(hours, steps int) string {
	offset := b.before
	if hours >= b.before/3600+1 { // the clocks change at 01:00 UTC
		offset = b.after
	}
	return fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":900,`+
		`"activityType":"WALKING","steps":%d`,
		b.start+hours*3600, offset, steps)
}

func TestDaysOf23And25HoursShowWhatTheWatchShowed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		day  berlin
		noon int // hours after midnight
		says []string
	}{
		"spring": {spring, 11, []string{"the clock went forward from 02:00 to 03:00 (UTC+1 to UTC+2)", "UTC+1 → UTC+2",
			"a day of 23 h 00"}},
		"autumn": {autumn, 13, []string{"the clock went back from 03:00 to 02:00 (UTC+2 to UTC+1)", "UTC+2 → UTC+1",
			"a day of 25 h 00"}},
	} {
		for kind, epochs := range map[string]bool{"with slices": true, "the day's summary alone": false} {
			s := servertest.Ada(t)
			s.Push("dailies", c.day.daily())
			if epochs {
				s.Push("epochs", c.day.epoch(1, 11), c.day.epoch(2, 22), c.day.epoch(3, 33), c.day.epoch(c.noon, 99))
			}
			page := s.Page("/p/ada/day/" + c.day.date)
			for _, want := range append(c.says, fmt.Sprintf(`data-to="%d000"`, c.day.start+c.day.length),
				fmt.Sprintf(`data-from="%d000"`, c.day.start)) {
				if !strings.Contains(page, want) {
					t.Errorf("%s, %s: the page lacks %q", name, kind, want)
				}
			}
			pulse := 60 + c.noon*4
			if got, want := servertest.TwinOf(t, page,
				"heart"), fmt.Sprintf("12:00 %d %d 2", pulse, pulse+1); !strings.Contains(got, want) {
				t.Errorf("%s, %s: noon does not read 12:00: %s", name, kind, got)
			}
			if !epochs {
				continue
			}
			steps := servertest.TwinOf(t, page, "steps")
			want := []string{"01:00 11 11 1", "03:00 22 22 1", "04:00 33 33 1", "12:00 99 99 1"}
			if name == "autumn" {
				want = []string{"01:00 11 11 1", "02:00a 22 22 1", "02:00b 33 33 1", "12:00 99 99 1"}
			}
			for _, row := range want {
				if !strings.Contains(steps, row) {
					t.Errorf("%s: the steps lack %q: %s", name, row, steps)
				}
			}
		}
	}
}

// TestWakingIsOnTheClockOfTheMorning: seven and a half hours from 22:30 end at
// 07:00 in the night that lacks an hour, whatever the clock of the evening.
func TestWakingIsOnTheClockOfTheMorning(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", spring.daily())
	s.Push(
		"sleeps",
		fmt.Sprintf(
			`"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":27000,`+
				`"validation":"AUTO_FINAL"`,
			spring.date,
			spring.start-5400,
		),
	)
	if lane := servertest.LaneOf(t, s.Page("/p/ada/day/"+spring.date),
		"sleep"); !strings.Contains(lane, "from 22:30 to 07:00.") {
		t.Errorf("%.300s", lane)
	}
}

// TestADaySyncedShortOfMidnightIsNotAShortDay: the running day's summary
// ends where the data end.
func TestADaySyncedShortOfMidnightIsNotAShortDay(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	b := spring
	b.date, b.start = "2026-03-10", spring.start-19*86400
	s.Push("dailies", b.daily())
	next := b
	next.date, next.start, next.length = "2026-03-11", b.start+86400, 86400
	s.Push("dailies", next.daily())
	page := s.Page("/p/ada/day/2026-03-10")
	if !strings.Contains(page, fmt.Sprintf(`data-to="%d000"`, b.start+86400)) || strings.Contains(page, "a day of") ||
		!strings.Contains(page, `data-seams=""`) {
		t.Error("a day whose last sync was at 23:00 is drawn as one of 23 hours")
	}
}

// TestAJourneyIsASeamWithBothClocks flies from UTC to UTC+9 before noon.
func TestAJourneyIsASeamWithBothClocks(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	const start = midnight20 + 3600 // at UTC
	epoch := func(hours, offset, steps int) string {
		return fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":900,`+
			`"activityType":"WALKING","steps":%d,"calendarDate":"2026-11-20"`,
			start+hours*3600, offset, steps)
	}
	s.Push("epochs", epoch(1, 0, 5), epoch(9, 0, 6), epoch(10, 9*3600, 7))
	page := s.Page("/p/ada/day/2026-11-20")
	for _, want := range []string{"UTC → UTC+9", "a day of 15 h 00", "watch clock UTC<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := servertest.TwinOf(t, page, "steps"); !strings.Contains(got, "09:00 6 6 1") ||
		!strings.Contains(got, "19:00 7 7 1") {
		t.Errorf("%s", got)
	}
}

// TestArrivalIsToldOnTheReadersOrTheWatchsClock has a box in Berlin, a person
// in Berlin, and a person whose watch showed UTC+9.
func TestArrivalIsToldOnTheReadersOrTheWatchsClock(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	received := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC)
	for offset, want := range map[int]string{3600: "00:30<", 9 * 3600: "08:30 UTC+9<", 0: "23:30 UTC<"} {
		s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.Preferences.Zone = zone })
		s.Add("Ada", "u1")
		body := fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":%d,
			"durationInSeconds":86400,"steps":1}]}`, midnight20+3600-offset, offset)
		if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: received}, []byte(body)); err != nil {
			t.Fatal(err)
		}
		s.Run()
		_, row, _ := strings.Cut(s.Page("/p/ada/day/2026-11-20"), `data-testid="metric-steps"`)
		if row, _, _ = strings.Cut(row, "</tr>"); !strings.Contains(row, want) {
			t.Errorf("a watch at %d: %q lacks %q", offset, row, want)
		}
		if inbox := s.Page("/inbox"); !strings.Contains(inbox, "00:30<") {
			t.Error("the inbox does not keep the reader's clock")
		}
	}
}

// TestADayNamesTheClockOfHomeWhereTheWatchShowsAnother has a person whose account says
// Berlin, on days in winter and in summer, at home and away, whatever the reader's zone.
func TestADayNamesTheClockOfHomeWhereTheWatchShowsAnother(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	ada, err := s.Store.PersonBySlug(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	account, err := s.Store.AddAccount(t.Context(), time.Now(), db.Account{Name: "ada", Role: db.RoleAdmin, Person: ada.ID}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.SetPreferences(t.Context(), account.ID, db.Preferences{Zone: "Europe/Berlin"}); err != nil {
		t.Fatal(err)
	}
	for day, c := range map[string]struct {
		hours int
		want  string
	}{
		"2026-11-20": {1, ""}, "2026-07-01": {2, ""},
		"2026-11-18": {9, "home is UTC+1"}, "2026-07-03": {-4, "home is UTC+2"},
	} {
		date, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		s.Push("dailies", fmt.Sprintf(`"summaryId":"%s","calendarDate":"%s","startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":%d,"durationInSeconds":86400,"steps":9`, day, day, date.Unix()-int64(c.hours)*3600, c.hours*3600))
		page := s.Page("/p/ada/day/" + day)
		if has := strings.Contains(page, "home is"); has != (c.want != "") || !strings.Contains(page, c.want) {
			t.Errorf("%s with a watch at UTC%+d: home is named: %v, want %q", day, c.hours, has, c.want)
		}
	}
}
