package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/query"
	"garner/server"
	"garner/server/servertest"
)

// friday is 2026-11-20, and evening is on it.
const friday = health.Day(20777)

var evening = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)

// town is a server that has run for two months, and a reader of it.
type town struct {
	*servertest.Site
	q *query.Reader
	// offset is how far the watches are ahead of UTC, in seconds.
	offset int64
}

func newTown(t *testing.T, names ...string) *town {
	t.Helper()
	s := &town{q: &query.Reader{Viewer: query.Operator(), Now: evening}}
	s.Site = servertest.Open(t, servertest.Limits(), func(o *server.Options) { s.q.Watch = o.Watch })
	s.q.Store = s.Store
	for i, name := range names {
		_, err := s.Store.AddPerson(t.Context(), evening.AddDate(0, -2, 0), name, fmt.Sprint("u", i+1), "")
		s.must(err)
	}
	for _, at := range []time.Time{evening.AddDate(0, -2, 0), evening} {
		s.must(s.Store.Grow(t.Context(), db.Up, at, 70*24*time.Hour))
	}
	return s
}

func (s *town) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// noon is that of a day on the watch.
func (s *town) noon(day health.Day) time.Time {
	return day.Midnight().Add(12*time.Hour - time.Duration(s.offset)*time.Second)
}

// arrives takes an element of a person, from 1, at an instant.
func (s *town) arrives(at time.Time, typ string, person int, element string) {
	s.T.Helper()
	if at.After(evening) {
		at = evening
	}
	_, err := s.Inbox.Put(s.T.Context(), db.Arrival{Received: at},
		[]byte(fmt.Sprintf(`{%q:[{"userId":"u%d",%s}]}`, typ, person, element)))
	s.must(err)
}

// lasts takes records of some seconds from the midnights of days on, each when
// it is over.
func (s *town) lasts(seconds int64, typ string, person int, more string, days ...health.Day) {
	s.T.Helper()
	for _, day := range days {
		start := day.Midnight().Unix() - s.offset
		s.arrives(time.Unix(start+seconds, 0), typ, person, fmt.Sprintf(`"summaryId":"%s%d-%d","calendarDate":%q,
			"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":%d%s`, typ, person, start, day, start,
			s.offset, seconds, more))
	}
}

func (s *town) days(person int, days ...health.Day) {
	s.lasts(86400, "dailies", person, `,"steps":9`, days...)
}

func (s *town) nights(person int, days ...health.Day) {
	s.lasts(28800, "sleeps", person, `,"validation":"AUTO_FINAL"`, days...)
}

// coverage is that of a person by number, from 1.
func (s *town) coverage(person int) *query.Coverage {
	s.T.Helper()
	s.Run()
	c, err := s.q.Coverage(s.T.Context(), int64(person))
	s.must(err)
	return c
}

// between are the days from one to another.
func between(from, to health.Day) (out []health.Day) {
	for day := from; day <= to; day++ {
		out = append(out, day)
	}
	return out
}

// states returns a type's states from a day on in words: the reason, or else the
// kind.
func states(t *testing.T, c *query.Coverage, typ string, from, to health.Day) string {
	t.Helper()
	j, ok := c.Type(typ)
	if !ok {
		t.Fatalf("no type %s", typ)
	}
	list, err := c.Days(t.Context(), j, from, to)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, state := range list {
		word := state.Key()
		if state.Why != health.NoReason {
			word = state.Why.Key()
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

func TestWhatIsKnownOfEachDay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		push     func(s *town)
		typ      string
		from, to health.Day
		want     string
	}{
		"what never came is waited for": {
			push: func(*town) {}, typ: "dailies", from: friday - 1, to: friday,
			want: "nothing_yet, nothing_yet"},
		"before the first day nothing is expected, after today neither": {
			push: func(s *town) { s.days(1, friday-1, friday) }, typ: "dailies", from: friday - 2, to: friday + 1,
			want: "before_first, present, present, future"},
		"a day on which nothing came is missing": {
			push: func(s *town) { s.days(1, friday-5, friday-3, friday-1) }, typ: "dailies", from: friday - 5, to: friday,
			want: "present, missing, present, missing, present, awaited"},
		"a paused day is excused, the next one not": {
			push: func(s *town) {
				s.days(1, friday-6, friday-2)
				_, err := s.Store.PutPause(s.T.Context(), db.Pause{Person: 1, From: s.noon(friday - 5), To: s.noon(friday - 3)})
				s.must(err)
			}, typ: "dailies", from: friday - 6, to: friday - 2,
			want: "present, paused, paused, missing, present"},
		"the pause of another person or type excuses nothing": {
			push: func(s *town) {
				s.days(1, friday-4, friday-2)
				for _, p := range []db.Pause{{Person: 2}, {Person: 1, Type: "sleeps"}} {
					p.From, p.To = s.noon(friday-5), s.noon(friday)
					_, err := s.Store.PutPause(s.T.Context(), p)
					s.must(err)
				}
			}, typ: "dailies", from: friday - 4, to: friday - 2,
			want: "present, missing, present"},
		"within its limit a silence is awaited": {
			push: func(s *town) { s.days(1, between(friday-30, friday-2)...) }, typ: "dailies", from: friday - 2, to: friday,
			want: "present, awaited, awaited"},
		"beyond its limit a silence is missing up to today": {
			push: func(s *town) { s.days(1, between(friday-30, friday-4)...); s.days(2, between(friday-30, friday)...) },
			typ:  "dailies", from: friday - 4, to: friday,
			want: "present, missing, missing, missing, missing"},
		"after the end of a connection nothing is expected": {
			push: func(s *town) { s.days(1, friday-9); s.leaves(friday - 8) }, typ: "sleeps", from: friday - 9, to: friday,
			want: "nothing_yet" + strings.Repeat(", disconnected", 9)},
		"data of any type refute the end of a connection": {
			push: func(s *town) { s.nights(1, friday-9); s.leaves(friday - 8); s.days(1, friday-5) },
			typ:  "sleeps", from: friday - 9, to: friday - 4,
			want: "present, disconnected, disconnected, disconnected, missing, missing"},
		"without the permission nothing is expected": {
			push: func(s *town) {
				s.days(1, friday-8)
				s.shares(friday-7, "ACTIVITY_EXPORT")
				s.shares(friday-4, "HEALTH_EXPORT", "ACTIVITY_EXPORT")
				s.days(1, friday-2)
			}, typ: "dailies", from: friday - 8, to: friday - 2,
			want: "present, not_shared, not_shared, not_shared, missing, missing, present"},
		"data of the type alone refute that a permission was withdrawn": {
			push: func(s *town) {
				s.days(1, friday-8, friday-5)
				s.nights(1, friday-8)
				s.shares(friday-7, "ACTIVITY_EXPORT")
			}, typ: "dailies", from: friday - 8, to: friday - 3,
			want: "present, not_shared, not_shared, present, missing, missing"},
		"a day that ends early is partly there once the next have come": {
			push: func(s *town) { s.days(1, friday-5, friday-3, friday); s.lasts(40000, "dailies", 1, "", friday-4) },
			typ:  "dailies", from: friday - 5, to: friday - 3, want: "present, partial, present"},
		"the day of a flight east is whole, for the next begins at its end": {
			push: func(s *town) {
				s.lasts(50000, "dailies", 1, "", friday-4)
				s.arrives(s.noon(friday-2), "dailies", 1, fmt.Sprintf(`"summaryId":"next","calendarDate":%q,
					"startTimeInSeconds":%d,"startTimeOffsetInSeconds":36400,"durationInSeconds":86400`, friday-3,
					(friday-4).Midnight().Unix()+50000))
			}, typ: "dailies", from: friday - 4, to: friday - 4, want: "present"},
		"a night without the watch is not missing": {
			push: func(s *town) {
				s.lasts(28800, "sleeps", 1, `,"validation":"OFF_WRIST"`, friday-4)
				s.nights(1, friday-5, friday-3)
				s.lasts(28800, "hrv", 1, `,"lastNightAvg":40`, friday-5)
			}, typ: "hrv", from: friday - 5, to: friday - 3, want: "present, unworn, missing"},
		"a night may still change": {
			push: func(s *town) { s.lasts(28800, "sleeps", 1, `,"validation":"AUTO_TENTATIVE"`, friday) },
			typ:  "sleeps", from: friday, to: friday, want: "tentative"},
		"what could not be processed is not missing": {
			push: func(s *town) {
				s.days(1, friday-5, friday-3)
				s.arrives((friday - 4).Midnight().Add(time.Hour), "dailies", 1, `"summaryId":"x","calendarDate":"soon"`)
			}, typ: "dailies", from: friday - 5, to: friday - 3, want: "present, failed, present"},
		"of what comes as it comes nothing is missed": {
			push: func(s *town) { s.lasts(600, "activities", 1, `,"activityId":7`, friday-5) },
			typ:  "activities", from: friday - 5, to: friday - 4, want: "present, as_it_comes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTown(t, "Ada", "Ben")
			tt.push(s)
			if got := states(t, s.coverage(1), tt.typ, tt.from, tt.to); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.typ, got, tt.want)
			}
		})
	}
}

// leaves takes a deregistration of the first person at noon of a day.
func (s *town) leaves(day health.Day) {
	s.arrives(s.noon(day), "deregistrations", 1, `"summaryId":"left"`)
}

// shares takes a change of the first person's permissions at noon of a day.
func (s *town) shares(day health.Day, names ...string) {
	s.arrives(s.noon(day), "userPermissionsChange", 1, fmt.Sprintf(`"permissions":["%s"],"changeTimeInSeconds":%d`,
		strings.Join(names, `","`), s.noon(day).Unix()))
}

// In Auckland it is Saturday already, and noon comes before midnight in London.
func TestTheDayIsThatOfThePersonsClock(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.offset = 13 * 3600
	s.days(1, friday-10, friday-8, friday-1)
	_, err := s.Store.PutPause(t.Context(), db.Pause{Person: 1, From: (friday - 10).Midnight(),
		To: (friday - 9).Midnight().Add(time.Minute)})
	s.must(err)
	c := s.coverage(1)
	if c.Today != friday+1 || c.DayAt((friday-9).Midnight().Add(-time.Hour)) != friday-9 {
		t.Errorf("today is %s", c.Today)
	}
	if got, want := states(t, c, "dailies", friday-10, friday-8), "present, paused, present"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, c, "dailies", friday-1, friday+2), "present, awaited, awaited, future"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What Load reads of several people is what each of them is told alone.
func TestPeopleReadTogetherAreToldWhatEachIsToldAlone(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben", "Cora")
	s.days(1, friday-5, friday-3)
	s.nights(2, friday-6, friday-2)
	s.lasts(50000, "dailies", 3, "", friday-4)
	s.leaves(friday - 2)
	s.Run()
	var told [2][]string
	for i := range told {
		home, err := s.q.Household(t.Context())
		s.must(err)
		fresh := &query.Household{Viewer: home.Viewer, Store: home.Store, Facts: home.Facts, Found: home.Found}
		if i == 1 {
			s.must(fresh.Load(t.Context(), []int{0, 1, 2}, friday-30, friday+1))
		}
		before := s.Store.Queries()
		for at := range fresh.Facts.People {
			c, err := fresh.Coverage(t.Context(), at)
			s.must(err)
			for _, typ := range []string{"dailies", "sleeps", "hrv"} {
				told[i] = append(told[i], states(t, c, typ, c.Today-29, c.Today))
			}
		}
		if n := s.Store.Queries() - before; i == 1 && n != 0 {
			t.Errorf("%d queries after everything was read", n)
		}
	}
	if !slices.Equal(told[0], told[1]) {
		t.Errorf("alone\n%s\ntogether\n%s", strings.Join(told[0], "\n"), strings.Join(told[1], "\n"))
	}
}
