package query_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/query"
	"garner/server"
	"garner/server/servertest"
)

// home is a server with a reader of it, on the evening of 2026-11-20 (UTC). Watches
// are an hour ahead.
type home struct {
	*servertest.Site
	q *query.Reader
}

const today = health.Day(20777) // 2026-11-20

func newHome(t *testing.T, names ...string) *home {
	t.Helper()
	h := &home{q: &query.Reader{Viewer: query.Operator(), Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)}}
	h.Site = servertest.Open(t, servertest.Limits(), func(o *server.Options) { h.q.Watch = o.Watch })
	h.q.Store = h.Store
	for i, name := range names {
		if _, err := h.Store.AddPerson(t.Context(), h.q.Now.AddDate(0, -2, 0), name, fmt.Sprint("u", i+1), ""); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// midnight is that of a day on the watch, in unix seconds.
func midnightOf(day health.Day) int64 { return day.Midnight().Unix() - 3600 }

// push takes an element of a person (from 1) about a day; more are further members.
func (h *home) push(typ string, person int, day health.Day, after, length int64, more string) {
	h.T.Helper()
	start := midnightOf(day) + after
	body := fmt.Sprintf(`{%q:[{"userId":"u%d","summaryId":"x%s-%d-%d","calendarDate":%q,"startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":3600,"durationInSeconds":%d,%s}]}`, typ, person, typ, person, start, day, start, length, more)
	received := time.Unix(start+length, 0)
	if received.After(h.q.Now) {
		received = h.q.Now
	}
	if _, err := h.Inbox.Put(h.T.Context(), db.Arrival{Received: received}, []byte(body)); err != nil {
		h.T.Fatal(err)
	}
}

// fewDays are three days of a person, today not over, and the nights of weeks.
func (h *home) fewDays(person int) {
	h.T.Helper()
	h.push("dailies", person, today-2, 0, 86400, `"steps":9000,"restingHeartRateInBeatsPerMinute":53`)
	h.push("dailies", person, today-1, 0, 86400, `"steps":8000,"restingHeartRateInBeatsPerMinute":51`)
	h.push("dailies", person, today, 0, 64800, `"steps":1234`)
	for back := health.Day(40); back > 0; back-- {
		h.push("hrv", person, today-back, 0, 25200, fmt.Sprintf(`"lastNightAvg":%d`, 46+back%9))
	}
	h.push("hrv", person, today, 0, 25200, `"lastNightAvg":30`)
	h.push("sleeps", person, today, -3600, 27000, `"validation":"ENHANCED_FINAL",
		"overallSleepScore":{"value":81,"qualifierKey":"GOOD"},
		"sleepLevelsMap":{"deep":[{"startTimeInSeconds":`+fmt.Sprint(midnightOf(today))+`,"endTimeInSeconds":`+
		fmt.Sprint(midnightOf(today)+7200)+`}]}`)
	h.push("sleeps", person, today, 43200, 4800, `"validation":"ENHANCED_FINAL"`)
	h.push("stressDetails", person, today, 0, 64800, `"timeOffsetBodyBatteryValues":{"0":60,"3600":72,"7200":47,"7380":-1}`)
	h.push("activities", person, today-1, 36000, 3600, `"activityId":5,"activityName":"Ride","activityType":"CYCLING",
		"distanceInMeters":20000.5,"averageHeartRateInBeatsPerMinute":131,"deviceName":"Garmin Edge"`)
	h.Run()
}

// cards are those of everyone.
func (h *home) cards() []query.Card {
	h.T.Helper()
	people, err := h.q.People(h.T.Context())
	if err != nil {
		h.T.Fatal(err)
	}
	cards, err := h.q.Cards(h.T.Context(), people)
	if err != nil {
		h.T.Fatal(err)
	}
	return cards
}

// days is so many days on which so many of so many types came.
func days(n int, state health.DayState, got, of int) []health.Delivered {
	return slices.Repeat([]health.Delivered{{State: state, Share: health.Share{Got: got, Of: of}}}, n)
}

func newest(value float64, day health.Day, why health.DayState) query.Newest {
	return query.Newest{Value: value, OK: true, Day: day, Why: why}
}

func TestACardShowsTheNewestValueOfEachMetricWithItsDay(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada", "Ben", "Cleo")
	h.fewDays(1)
	h.push("dailies", 2, today-1, 0, 86400, `"steps":700,"restingHeartRateInBeatsPerMinute":60`)
	h.Run()
	var (
		present, awaited = health.DayState{}, health.DayState{Absence: health.Awaited}
		nothing          = health.DayState{Absence: health.NotExpected, Why: health.NothingYet}
		none             = health.DayState{Absence: health.NotExpected}
		anytime          = health.DayState{Absence: health.NotExpected, Why: health.AsItComes}
		clock            = time.FixedZone("", 3600)
		at               = func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, clock) }
	)
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []query.Card{{
		Latest: query.Latest{Person: people[0], State: &query.PersonState{State: alert.OnTime, News: at(20, 18, 0)},
			Came: true, Day: today, Today: today, DataUpTo: at(20, 18, 0), Received: at(20, 18, 0),
			RestingHR: newest(51, today-1, present), HRV: newest(30, today, present),
			BodyBattery: newest(47, today, present), Steps: newest(1234, today, present), Sleep: newest(27000, today, present),
			HRVBand: &health.Band{Low: 46, High: 53.3}, ActivityWhy: anytime,
			Strip: slices.Concat(days(11, present, 1, 1), days(2, present, 2, 2), days(1, present, 4, 4))},
		Night: &query.Night{Day: today, Start: at(19, 23, 0), End: at(20, 6, 30), Asleep: 7*time.Hour + 30*time.Minute,
			Score: 81, ScoreWord: "GOOD", Levels: []health.Span{{Word: "deep", From: midnightOf(today) * 1000, To: (midnightOf(today) + 7200) * 1000}}},
		Activity: &query.Activity{Type: "activities", Sport: "CYCLING", Day: today - 1, Name: "Ride", Start: at(19, 10, 0).Unix(),
			End: at(19, 11, 0).Unix(), Offset: 3600, Duration: time.Hour, Meters: 20000.5, BPM: 131, Device: "Garmin Edge", ID: "5"},
		Devices: []string{"Garmin Edge"},
	}, {
		Latest: query.Latest{Person: people[1], State: &query.PersonState{State: alert.OnTime, News: at(20, 0, 0)},
			Came: true, Day: today - 1, Today: today, DataUpTo: at(20, 0, 0), Received: at(20, 0, 0),
			RestingHR: newest(60, today-1, awaited), Steps: newest(700, today-1, awaited),
			HRV: query.Newest{Why: nothing}, BodyBattery: query.Newest{Why: nothing}, Sleep: query.Newest{Why: nothing},
			ActivityWhy: anytime,
			Strip:       slices.Concat(days(12, none, 0, 0), days(1, present, 1, 1), days(1, awaited, 0, 1))},
	}, {
		Latest: query.Latest{Person: people[2], State: &query.PersonState{State: alert.Waiting}},
	}}
	for i, got := range h.cards() {
		if got.Came {
			same, err := h.q.Trends(t.Context(), people[i], []string{"resting_heart_rate", "hrv", "sleep"}, today-27, today)
			if err != nil || plain(t, got.Trends) != plain(t, same) {
				t.Errorf("%s's card has other trends than Trends: %v", people[i].Name, err)
			}
		}
		got.Trends = nil
		if got, want := plain(t, got), plain(t, want[i]); got != want {
			t.Errorf("%s's card is\n%s\nwant\n%s", people[i].Name, got, want)
		}
	}
}

// plain writes a value with all that it points to, and instants by their clocks.
func plain(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`"(News|Received)":"[^"]*"`).ReplaceAllStringFunc(string(b), func(member string) string {
		name, text, _ := strings.Cut(member, ":")
		at, err := time.Parse(`"`+time.RFC3339+`"`, text)
		if err != nil {
			t.Fatal(err)
		}
		return name + ":" + at.UTC().String() // these are on no one's clock
	})
}

func TestTheNewestActivityMayBeOneOfWhichOnlyDetailsCame(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada", "Ben")
	h.fewDays(1)
	for person, at := range map[int]int{1: 16, 2: 8} { // after Ada's ride, before Ben's walk
		h.push("activityDetails", person, today-1, int64(at)*3600, 3600, fmt.Sprintf(`"activityId":9,"samples":[],"summary":{
			"activityName":"Swim","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":1800}`,
			midnightOf(today-1)+int64(at)*3600))
	}
	h.push("dailies", 2, today-1, 0, 86400, `"steps":1`)
	h.push("activities", 2, today-1, 36000, 3600, `"activityId":6,"activityName":"Walk"`)
	h.Run()
	for i, want := range []string{"Swim", "Walk"} {
		if a := h.cards()[i].Activity; a == nil || a.Name != want {
			t.Errorf("person %d: %+v, want %s", i+1, a, want)
		}
	}
}

func TestALineShowsTheDaysHighestBodyBatteryAndACardTheNewest(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada")
	h.fewDays(1)
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines, err := h.q.Latest(t.Context(), people)
	if err != nil {
		t.Fatal(err)
	}
	if line, card := lines[0].BodyBattery.Value, h.cards()[0].BodyBattery.Value; line != 72 || card != 47 {
		t.Errorf("the line shows %v, the card %v", line, card)
	}
}

func TestHomeFindsPeopleByNameAndShowsAPageOfThem(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprintf("Person %02d", i))
	}
	h := newHome(t, append(names, "Ada")...)
	for _, c := range []struct {
		search      string
		from        int
		first, last string
		next        int
	}{
		{"", 0, "Ada", "Person 48", 50}, {"", 50, "Person 49", "Person 59", 0}, {"", 99, "Ada", "Person 48", 50},
		{"", -1, "Ada", "Person 48", 50}, {"ADA", 0, "Ada", "Ada", 0}, {"son 0", 0, "Person 00", "Person 09", 0},
	} {
		got, err := h.q.Home(t.Context(), query.HomeFilter{Search: c.search, From: c.from})
		if err != nil {
			t.Fatal(err)
		}
		first, last := got.Lines[0].Person.Name, got.Lines[len(got.Lines)-1].Person.Name
		if first != c.first || last != c.last || got.Next != c.next || got.Total != 61 || len(got.Cards) > 0 {
			t.Errorf("%q from %d: %s to %s, next %d of %d", c.search, c.from, first, last, got.Next, got.Total)
		}
	}
	if got, err := h.q.Home(t.Context(), query.HomeFilter{Search: "Zoe"}); err != nil || len(got.Lines) > 0 || got.Total != 61 {
		t.Errorf("someone who is not there: %+v, %v", got, err)
	}
}

func TestAViewerOfNoOneGetsNoCards(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ada")
	people, err := h.q.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.q.Viewer = query.Viewer{}
	if _, err := h.q.Cards(t.Context(), people); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("cards: %v", err)
	}
	if _, err := h.q.Latest(t.Context(), people); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("lines: %v", err)
	}
	if home, err := h.q.Home(t.Context(), query.HomeFilter{}); err != nil || home.Total != 0 {
		t.Errorf("home: %+v, %v", home, err)
	}
	if list, err := h.q.Standings(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("standings: %v, %v", list, err)
	}
}

func TestABandHoldsItsEnds(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]int{39.9: -1, 40: 0, 45: 0, 50: 0, 50.1: 1} {
		if got := (health.Band{Low: 40, High: 50}).Compare(x); got != want {
			t.Errorf("%v: %d, want %d", x, got, want)
		}
	}
}
