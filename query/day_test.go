package query_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/db"
	"garner/health"
	"garner/query"
	"garner/server"
	"garner/server/servertest"
)

// The date of these tests, and its midnight at UTC+1.
const (
	date      = "2026-11-20"
	midnight  = 1795129200
	hour      = 3600
	minute    = 60
	receivedS = midnight + 30*hour
)

// house is a server with Ada, and a reader of it.
type house struct {
	*servertest.Site
	reader *query.Reader
	ada    *db.Person
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{reader: &query.Reader{Viewer: query.Operator(), Now: time.Unix(receivedS+hour, 0)}}
	h.Site = servertest.Open(t, servertest.Limits(), func(o *server.Options) { h.reader.Watch = o.Watch })
	h.reader.Store = h.Store
	h.Add("Ada", "u1")
	var err error
	if h.ada, err = h.reader.Person(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	return h
}

// push takes elements as if they had been received at one instant, each in a
// delivery of its own.
func (h *house) push(typ string, elements ...string) {
	h.T.Helper()
	for _, e := range elements {
		body := fmt.Sprintf(`{%q:[{"userId":"u1",%s}]}`, typ, e)
		if _, err := h.Inbox.Put(h.T.Context(), db.Arrival{Received: time.Unix(receivedS, 0)}, []byte(body)); err != nil {
			h.T.Fatal(err)
		}
	}
	h.Run()
}

// day reads a day as a request does, with a reader of its own: one remembers what it has read.
func (h *house) day(date string) query.Day {
	h.T.Helper()
	d, err := health.ParseDay(date)
	if err != nil {
		h.T.Fatal(err)
	}
	fresh := query.Reader{Viewer: h.reader.Viewer, Store: h.reader.Store, Watch: h.reader.Watch, Now: h.reader.Now}
	day, err := fresh.Day(h.T.Context(), h.ada, d)
	if err != nil {
		h.T.Fatal(err)
	}
	return day
}

// span is the members of an element that lasts, on a clock ahead of UTC.
func span(at, length, offset int) string {
	return fmt.Sprintf(`"startTimeInSeconds":%d,"durationInSeconds":%d,"startTimeOffsetInSeconds":%d`, at, length, offset)
}

func dated(date string, at, length, offset int) string {
	return fmt.Sprintf(`"calendarDate":%q,`, date) + span(at, length, offset)
}

// every writes samples, one every so many seconds.
func every(step, from, to, value int) string {
	var all []string
	for at := from; at < to; at += step {
		all = append(all, fmt.Sprintf(`"%d":%d`, at, value))
	}
	return "{" + strings.Join(all, ",") + "}"
}

func epoch(at, steps int, kind string) string {
	return span(at, 900, hour) + fmt.Sprintf(`,"activityType":%q,"steps":%d`, kind, steps)
}

func points(list ...float64) (out []health.Point) {
	for i := 0; i < len(list); i += 2 {
		out = append(out, health.Point{T: int64(list[i]) * 1000, V: list[i+1]})
	}
	return out
}

func spanOf(from, to int64, word string) health.Span {
	return health.Span{From: from * 1000, To: to * 1000, Word: word}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got:\n%s", what, diff)
	}
}

// TestADayHasTheEveningOfItsNightButDoesNotCountIt: asleep from 22:30, with
// steps, a pulse of 150 and a run in the evening before.
func TestADayHasTheEveningOfItsNightButDoesNotCountIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.push("dailies",
		dated("2026-11-19", midnight-24*hour, 24*hour, hour)+`,"steps":500,"timeOffsetHeartRateSamples":`+
			every(600, 21*hour, 24*hour, 150),
		dated(date, midnight, 24*hour, hour)+`,"steps":75,"restingHeartRateInBeatsPerMinute":48,
			"timeOffsetHeartRateSamples":{"0":50,"300":60,"600":70}`)
	h.push("epochs", epoch(midnight-hour, 500, "WALKING"), epoch(midnight+10*hour, 70, "WALKING"),
		epoch(midnight+10*hour, 5, "RUNNING"), epoch(midnight+10*hour, 5, "RUNNING"))
	h.push("sleeps", dated(date, midnight-90*minute, 7*hour, hour)+
		fmt.Sprintf(`,"validation":"AUTO_FINAL","sleepLevelsMap":{
		"light":[{"startTimeInSeconds":%d,"endTimeInSeconds":%d}],"deep":[{"startTimeInSeconds":%d,"endTimeInSeconds":%d}]},
		"timeOffsetSleepSpo2":{"0":94,"7200":92}`, midnight, midnight+5*hour, midnight-90*minute, midnight))
	h.push("pulseox", dated("2026-11-19", midnight-3*hour, 2*hour, hour)+`,"timeOffsetSpo2Values":{"0":70,"3900":71,"6000":88}`)
	h.push("activities", span(midnight-hour, 1800, hour)+`,"activityId":7,"activityType":"RUNNING"`)

	d := h.day(date)
	const first = midnight - 2*hour
	same(t, "the clock", health.Clock{{At: midnight - 24*hour, Offset: hour}}, d.Clock)
	same(t, "the bounds", [4]int64{first, midnight - 90*minute, midnight, midnight + 24*hour},
		[4]int64{d.First, d.Night, d.From, d.To})
	same(t, "the steps", query.Measure{Label: "Steps",
		Samples: health.Samples{Cadence: 15 * time.Minute, Points: points(midnight-hour, 500, midnight+10*hour, 75),
			Off: []health.Span{spanOf(first, midnight-hour, "not measured"),
				spanOf(midnight-45*minute, midnight, "not measured"), spanOf(midnight, midnight+10*hour, "not measured"),
				spanOf(midnight+10*hour+900, midnight+24*hour, "not measured")}},
		Evening: health.DayState{Absence: health.Present},
		Figures: query.Figures{N: 1, Low: 75, High: 75, Mean: 75, Sum: 75, Last: 75}}, d.Steps)
	same(t, "the heart's figures", query.Figures{N: 3, Low: 50, High: 70, Mean: 60, Sum: 180, Last: 70},
		d.HeartRate.Figures)
	if n := len(d.HeartRate.Points); n != 12+3 || d.RestingHeartRate != 48 {
		t.Errorf("%d samples of the heart, resting %v", n, d.RestingHeartRate)
	}
	same(t, "worn", 10*time.Minute+15*time.Second, d.Worn.Time)
	same(t, "blood oxygen", query.Figures{N: 3, Low: 88, High: 94, Mean: 274.0 / 3, Sum: 274, Last: 92}, d.SpO2.Figures)
	same(t, "the sleep", query.SleepOfDay{List: []query.Sleep{{Start: midnight - 90*minute,
		End: midnight - 90*minute + 7*hour, Asleep: 7 * time.Hour, Main: true,
		Levels: []health.Span{spanOf(midnight-90*minute, midnight, "deep"),
			spanOf(midnight, midnight+5*hour, "light")}}}}, d.Sleep)
	same(t, "activities", query.Moving{Spans: []query.ActivitySpan{
		{Span: spanOf(midnight-hour, midnight-30*minute, "RUNNING"), Kind: "RUNNING", ID: d.Moving.Spans[0].ID}}},
		d.Moving)
	if d.Activities != nil || d.Naps != nil {
		t.Errorf("the evening's run is the date's: %v, %v", d.Activities, d.Naps)
	}
	same(t, "what came", []query.DayType{{Key: "dailies", Title: "Daily summary", Deliveries: []int64{2}},
		{Key: "sleeps", Title: "Sleep", Deliveries: []int64{7}}, {Key: "epochs", Title: "Fifteen-minute slices"}}, d.Types)
	if before := h.day("2026-11-19"); before.Steps.Figures.Sum != 500 || before.Moving.Count != 1 {
		t.Errorf("the evening is not on its own date: %+v, %+v", before.Steps.Figures, before.Moving)
	}
}

func TestADateIsAsLongAsTheWatchSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		date          string
		start, length int
		offset, after int32
		change        int64 // seconds after the start
	}{
		"23 hours": {"2026-03-29", 1774738800, 23 * hour, hour, 2 * hour, 2 * hour},
		"25 hours": {"2026-10-25", 1792879200, 25 * hour, 2 * hour, hour, 3 * hour},
	} {
		h := newHouse(t)
		h.push("dailies", dated(c.date, c.start, c.length, int(c.offset))+`,"steps":9`)
		d := h.day(c.date)
		start := int64(c.start)
		same(t, name, health.Clock{{At: start, Offset: c.offset}, {At: start + c.change, Offset: c.after}}, d.Clock)
		same(t, name, [3]int64{start, start, start + int64(c.length)}, [3]int64{d.First, d.From, d.To})
	}
}

func TestAJourneyShortensTheDateAndKeepsBothClocks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const start = midnight + hour // at UTC
	at := func(hours, offset int) string {
		return dated(date, start+hours*hour, 900, offset*hour) + `,"activityType":"WALKING","steps":5`
	}
	h.push("epochs", at(1, 0), at(9, 0), at(10, 9))
	d := h.day(date)
	same(t, "the clock", health.Clock{{At: start + hour}, {At: start + 10*hour, Offset: 9 * hour}}, d.Clock)
	same(t, "the bounds", [2]int64{start, start + 15*hour}, [2]int64{d.From, d.To})
}

func TestTheMainSleepOfADayIsTheLongest(t *testing.T) {
	t.Parallel()
	early := dated(date, midnight+5*minute, 20*minute, hour) + `,"summaryId":"e","validation":"AUTO_FINAL"`
	night := dated(date, midnight+hour, 7*hour, hour) + `,"summaryId":"n","validation":"AUTO_FINAL"`
	siesta := dated(date, midnight+14*hour, hour, hour) + `,"summaryId":"s","validation":"AUTO_TENTATIVE",
		"naps":[{"napStartTimeInSeconds":1795200000,"napDurationInSeconds":600,"napValidation":"DEVICE"}]`
	off := dated(date, midnight+16*hour, 8*hour, hour) + `,"summaryId":"o","validation":"OFF_WRIST"`
	for name, order := range map[string][]string{"night first": {night, siesta, early, off},
		"night last": {off, early, siesta, night}} {
		h := newHouse(t)
		h.push("sleeps", order...)
		d := h.day(date)
		same(t, name, query.SleepOfDay{List: []query.Sleep{
			{Start: midnight + 5*minute, End: midnight + 25*minute, Asleep: 20 * time.Minute},
			{Start: midnight + hour, End: midnight + 8*hour, Asleep: 7 * time.Hour, Main: true},
			{Start: midnight + 14*hour, End: midnight + 15*hour, Asleep: time.Hour, Provisional: true}}}, d.Sleep)
		same(t, name, []query.Nap{
			{Start: midnight + 5*minute, End: midnight + 25*minute, Asleep: 20 * time.Minute, Sleep: true},
			{Start: midnight + 14*hour, End: midnight + 15*hour, Asleep: time.Hour, Sleep: true},
			{Start: 1795200000, End: 1795200600, Asleep: 10 * time.Minute, Validation: "DEVICE"}}, d.Naps)
	}
}

func TestTheEveningBeforeTheFirstDayWasNotExpected(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.push("dailies", dated(date, midnight, 24*hour, hour)+`,"timeOffsetHeartRateSamples":`+every(60, 0, 24*hour, 60))
	h.push("sleeps", dated(date, midnight-90*minute, 7*hour, hour)+`,"validation":"AUTO_FINAL"`)
	d := h.day(date)
	same(t, "the evening", health.DayState{Absence: health.NotExpected, Why: health.BeforeFirst}, d.HeartRate.Evening)
	if *d.Prev != d.Date-1 || d.Next != nil || d.Until != 0 {
		t.Errorf("beside the newest date: %v and %v; up to %d", d.Prev, d.Next, d.Until)
	}
	h.reader.Now = time.Unix(midnight+20*hour, 0)
	if got := h.day(date).Until; got != (midnight+24*hour-minute)*1000 {
		t.Errorf("the running day reaches %d", got)
	}
}

func TestARecordThatEndsBeforeTheRunningDateBeginsLeavesItsSamplesAwaited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.push("dailies", dated(date, midnight, 6*hour, hour)+`,"timeOffsetHeartRateSamples":`+every(60, 0, 6*hour, 60))
	evening := dated(date, midnight-80*minute, 30*minute, hour) + `,"summaryId":"s","timeOffsetSpo2Values":{"0":94}`
	h.push("pulseox", evening)
	h.reader.Now = time.Unix(midnight+6*hour, 0)
	same(t, "the running date", health.DayState{Absence: health.Awaited}, h.day(date).SpO2.State)
	h.push("pulseox", strings.Replace(evening, `"durationInSeconds":1800`, `"durationInSeconds":14400`, 1))
	same(t, "what was not measured", health.DayState{Absence: health.OffBody, Why: health.Unmeasured}, h.day(date).SpO2.State)
	h.reader.Now = time.Unix(midnight+30*hour, 0)
	same(t, "the date before", health.DayState{Absence: health.OffBody, Why: health.Unmeasured}, h.day(date).SpO2.State)
}

// TestHolesAreExplainedAsFarAsRecordsReach: the watch was taken off from 10:00
// to 12:00, measured nothing from 14:00 to 16:00, and synced at 18:00.
func TestHolesAreExplainedAsFarAsRecordsReach(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	join := func(parts ...string) string { return strings.ReplaceAll(strings.Join(parts, ""), "}{", ",") }
	h.push("dailies", dated(date, midnight, 18*hour, hour)+`,"timeOffsetHeartRateSamples":`+
		join(every(60, 0, 10*hour, 60), every(60, 12*hour, 14*hour, 60), every(60, 16*hour, 18*hour, 60)))
	h.push("stressDetails", dated(date, midnight, 18*hour, hour)+`,"timeOffsetStressLevelValues":`+
		join(every(180, 0, 10*hour, 30), every(180, 10*hour, 12*hour, -1), every(180, 12*hour, 18*hour, 30)))
	d := h.day(date)
	same(t, "stress", []health.Span{spanOf(midnight+10*hour, midnight+12*hour, "off wrist")}, d.Stress.Off)
	same(t, "heart", []health.Span{spanOf(midnight+10*hour-45, midnight+10*hour, "not measured"),
		spanOf(midnight+10*hour, midnight+12*hour, "off wrist"),
		spanOf(midnight+14*hour-45, midnight+16*hour, "not measured"),
		spanOf(midnight+18*hour-45, midnight+18*hour, "not measured")}, d.HeartRate.Off)
	same(t, "worn", 14*time.Hour-3*45*time.Second, d.Worn.Time)
	same(t, "battery", health.DayState{Absence: health.OffBody, Why: health.Unmeasured}, d.BodyBattery.State)
}

func TestTheMedianIsOfThe28DaysBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for back := range 30 {
		at := midnight - back*24*hour
		steps := map[int]int{0: 30_000, 28: 10_000, 29: 20_000}[back]
		if steps == 0 {
			steps = back * 100
		}
		h.push("dailies", dated(health.DayOf(int64(at), hour).String(), at, 24*hour, hour)+fmt.Sprintf(`,"steps":%d`, steps))
	}
	median := func(date string) *float64 {
		for _, m := range h.day(date).Metrics {
			if m.Name == "steps" {
				return m.Median
			}
		}
		t.Fatalf("%s has no steps", date)
		return nil
	}
	const sevenDays = 2600 // of 20 000, 10 000, and 2 700 down to 2 300
	for date, want := range map[string]float64{date: 1450, "2026-10-29": sevenDays} {
		if got := median(date); got == nil || *got != want {
			t.Errorf("%s: %v, want %v", date, got, want)
		}
	}
	if got := median("2026-10-28"); got != nil {
		t.Errorf("six days have a median of %v", *got)
	}
}

func TestAMetricSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.push("dailies", dated(date, midnight, 24*hour, hour)+`,"steps":75`)
	for _, m := range h.day(date).Metrics {
		if m.Name != "steps" {
			continue
		}
		m.Metric = health.Metric{}
		same(t, "steps", query.DayMetric{Value: 75, Received: time.Unix(receivedS, 0), Delivery: 1}, m)
		return
	}
	t.Error("no steps")
}

func TestADayShowsWhatWasDrunkAndEaten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.push("hydration", `"calendarDate":"`+date+`","valueInML":1850.0,"goalInML":2839.0`)
	h.push("foodLogs", `"calendarDate":"`+date+`","consumedKilocalories":1985`)
	day := h.day(date)
	got := map[string]float64{}
	for _, m := range day.Metrics {
		got[m.Name] = m.Value
	}
	same(t, "metrics", map[string]float64{"hydration": 1850, "food_energy": 1985}, got)
	var types []string
	for _, typ := range day.Types {
		types = append(types, typ.Key)
	}
	same(t, "types", []string{"hydration", "foodLogs"}, types)
}

func TestUnchangedSettingsAreOneRecordOfTheNewestDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	zones := func(day string, from int) string {
		return fmt.Sprintf(`"calendarDate":%q,"sport":"RUNNING","trainingMethod":"HR_MAX","zone1Floor":%d`, day, from)
	}
	h.push("heartRateZones", zones("2026-11-12", 91), zones("2026-11-10", 91), zones("2026-11-13", 95),
		zones("2026-11-14", 91), zones("2026-11-14", 91))
	from, to := health.Day(0), health.DayOf(midnight, 0)
	list, err := h.Store.Records(t.Context(), h.ada.ID, "heartRateZones", from, to, db.Cursor{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, rec := range list {
		got = append(got, rec.Day.String())
	}
	same(t, "days of the records", []string{"2026-11-13", "2026-11-14"}, got)
}

func TestAnActivityOfSeveralRecordingsIsCountedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	activity := func(id, at, length int, more string) string {
		return span(midnight+at*hour, length*hour, hour) + fmt.Sprintf(`,"activityId":%d,"summaryId":"%[1]d"%s`, id, more)
	}
	h.push("activities", activity(2, 10, 1, `,"activityType":"OPEN_WATER_SWIMMING","parentSummaryId":"1"`),
		activity(1, 10, 2, `,"activityType":"MULTI_SPORT","isParent":true`),
		activity(3, 11, 1, `,"activityType":"RUNNING","parentSummaryId":1`),
		activity(4, 16, 1, `,"activityType":"WALKING","activityName":"To the sea","distanceInMeters":4000.5,
			"averageHeartRateInBeatsPerMinute":90,"deviceName":"fenix 8"`))
	d := h.day(date)
	same(t, "in time", query.Moving{Recordings: 2, Count: 2, Spans: []query.ActivitySpan{
		{Span: spanOf(midnight+10*hour, midnight+12*hour, "MULTI_SPORT"), Kind: "MULTI_SPORT", ID: "1"},
		{Span: spanOf(midnight+16*hour, midnight+17*hour, "To the sea"), Kind: "WALKING", ID: "4"}}}, d.Moving)
	if len(d.Activities) != 4 {
		t.Fatalf("%d recordings", len(d.Activities))
	}
	var names, parts []string
	for _, a := range d.Activities {
		names = append(names, a.Name)
		if a.Part {
			parts = append(parts, a.Name)
		}
	}
	same(t, "a whole stands before its parts", []string{"MULTI_SPORT", "OPEN_WATER_SWIMMING", "RUNNING", "To the sea"},
		names)
	same(t, "the parts", []string{"OPEN_WATER_SWIMMING", "RUNNING"}, parts)
	same(t, "the walk", query.Activity{Type: "activities", Name: "To the sea", Sport: "WALKING", Day: d.Date,
		Start: midnight + 16*hour, End: midnight + 17*hour, Offset: hour, Duration: time.Hour, Meters: 4000.5, BPM: 90, Device: "fenix 8", ID: "4"},
		d.Activities[3])
}

func TestADayOfWhichNothingCameSaysWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if d := h.day(date); d.Prev != nil || d.Types != nil || d.Future {
		t.Errorf("before anything came: %+v", d)
	}
	h.push("dailies", dated(date, midnight, 24*hour, hour)+`,"steps":75`)
	past, future := h.day("2026-11-19"), h.day("2027-01-01")
	same(t, "the past", health.DayState{Absence: health.NotExpected, Why: health.BeforeFirst}, past.States["dailies"])
	if past.Next == nil || past.Types != nil || past.Future || !future.Future || future.Next != nil || *future.Prev != h.day(date).Date {
		t.Errorf("past %+v, future %+v", past, future)
	}
	h.reader.Viewer = query.Viewer{}
	if _, err := h.reader.Day(t.Context(), h.ada, 20_000); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a viewer who may not see Ada gets %v", err)
	}
}
