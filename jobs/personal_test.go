package jobs

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin/personal"
	"garner/garmin/simulator"
	"garner/health"
)

const keyHolder = "personal-1"

// answer is the delivery of an answer about the days from one to another.
func answer(endpoint string, from, to health.Day, raw string) (db.Arrival, string) {
	head := personal.Head{UserID: keyHolder, Endpoint: endpoint, From: from, To: to, Asked: 1795200000,
		Zone: "Europe/Berlin"}
	return db.Arrival{Path: "personal/" + endpoint, Source: health.Personal, Encoding: personal.Encoding},
		string(head.Line()) + raw
}

var day20, _ = health.ParseDay("2026-11-20")

// dayOf is a day of the endpoint steps.
func dayOf(day health.Day, steps int) string {
	return fmt.Sprintf(`{"calendarDate":"%s","totalSteps":%d,"totalDistance":100,"stepGoal":9000}`, day, steps)
}

// records are the current records of a type, as day, origin, source and body.
func (b *bench) records(typ string) (out []string) {
	b.T.Helper()
	recs, err := b.drain.Store.Records(b.T.Context(), 1, typ, 0, 1<<20, db.Cursor{}, 100)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, r := range recs {
		out = append(out, fmt.Sprint(r.Day, " ", r.AllOrigins(), " ", r.Order.Source, " of ", r.Versions))
	}
	return out
}

// reading is a person's metric of a day, -1 if there is none.
func (b *bench) reading(metric string, day health.Day) float64 {
	b.T.Helper()
	readings, err := b.drain.Store.Readings(b.T.Context(), 1, day, day)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, r := range readings {
		if r.Metric == metric {
			return r.Value
		}
	}
	return -1
}

// keyBench is one with a person who has a key.
func keyBench(t *testing.T) *bench {
	t.Helper()
	b := emptyBench(t)
	files := filestore.In(b.Dir)
	b.drain.Files = &files
	b.Add("Ada", keyHolder, "")
	return b
}

func TestAnswersAboutADayMakeOneRecordHoweverOftenAndInWhicheverRangeItIsAskedFor(t *testing.T) {
	t.Parallel()
	one := "[" + dayOf(day20, 8000) + "]"
	several := "[" + dayOf(day20-1, 5000) + "," + dayOf(day20, 8000) + "]"
	type call struct {
		from, to health.Day
		raw      string
	}
	all := []call{{day20, day20, one}, {day20, day20, one}, {day20 - 1, day20, several}}
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}, {1, 2, 0}} {
		b := keyBench(t)
		for _, i := range order {
			b.Arrive(answer("steps", all[i].from, all[i].to, all[i].raw))
		}
		b.run()
		want := []string{"2026-11-19 personal 34 of 1", "2026-11-20 personal 34 of 1"}
		got := b.records("dailies")
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", order, got, want)
		}
	}
}

func TestALaterAnswerAboutADayReplacesTheEarlierOne(t *testing.T) {
	t.Parallel()
	b := keyBench(t)
	b.Arrive(answer("steps", day20, day20, "["+dayOf(day20, 100)+"]"))
	b.Arrive(answer("steps", day20, day20, "["+dayOf(day20, 90)+"]"))
	b.run()
	if got := b.reading("steps", day20); got != 90 {
		t.Errorf("%v steps, want 90", got)
	}
	if got := b.Ask(`select count(*) from delivery where type_key = 'personal/steps'`); got != 2 {
		t.Errorf("%d deliveries are named after the endpoint, want 2", got)
	}
}

func TestTheEndpointsOfADayTogetherMakeOneRecord(t *testing.T) {
	t.Parallel()
	b := keyBench(t)
	b.Arrive(answer("heartRate", day20, day20, `{"calendarDate":"2026-11-20","startTimestampGMT":"2026-11-19T23:00:00.0",`+
		`"startTimestampLocal":"2026-11-20T00:00:00.0","restingHeartRate":47,"heartRateValues":[[1795129200000,50]]}`))
	b.Arrive(answer("steps", day20, day20, "["+dayOf(day20, 8000)+"]"))
	b.Arrive(answer("daySummary", day20, day20, `{"calendarDate":"2026-11-20","totalSteps":8001,"maxHeartRate":150,`+
		`"wellnessStartTimeGmt":"2026-11-19T23:00:00.0","wellnessStartTimeLocal":"2026-11-20T00:00:00.0"}`))
	b.run()
	if got := b.records("dailies"); len(got) != 1 {
		t.Errorf("%v, want one record", got)
	}
	for metric, want := range map[string]float64{"steps": 8001, "resting_heart_rate": 47, "highest_heart_rate": 150,
		"distance": 100} {
		if got := b.reading(metric, day20); got != want {
			t.Errorf("%s is %v, want %v", metric, got, want)
		}
	}
}

func TestAnAnswerThatCannotBeReadIsParkedWithTheReasonAndReadAgainOnReplay(t *testing.T) {
	t.Parallel()
	b := keyBench(t)
	b.Arrive(answer("gone", day20, day20, `{}`))
	b.Arrive(answer("steps", day20, day20, `<html>`))
	b.Arrive(db.Arrival{Source: health.Personal, Encoding: personal.Encoding}, `{"no":"head"}`)
	empty := b.Arrive(answer("hrv", day20, day20, ""))
	b.Arrive(db.Arrival{Encoding: personal.Encoding}, `{"endpoint":"steps"}`+"\n[]")
	b.run()
	var reasons []string
	for id := range int64(10) {
		issues, err := b.drain.Store.Issues(t.Context(), id, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, is := range issues {
			reasons = append(reasons, is.Reason)
		}
	}
	want := []string{"the answer is of an endpoint that is not known", "the answer is not JSON",
		"the answer has no line that says what was asked", `not readable: at byte 0: content encoding "garner-personal"`}
	if !slices.Equal(reasons, want) {
		t.Errorf("reasons %q, want %q", reasons, want)
	}
	b.again(false, empty)
	if c := b.Counts(); c.Parked != 4 || c.Done != 1 {
		t.Errorf("%+v", c)
	}
}

// inZIP is a ZIP of one file.
func inZIP(t *testing.T, name string, content []byte) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheFileInTheZIPOfAnActivityIsKeptAndDecoded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: 9, Until: now})
	var of simulator.Announcement
	for back := 1; back < 9; back++ {
		for _, a := range world.ActivityFiles(0, now.AddDate(0, 0, -back)) {
			of = a
		}
	}
	fit, err := world.ActivityFile(0, of.ActivityID, simulator.FIT)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{"in a ZIP": inZIP(t, "77_ACTIVITY.fit", fit), "bare": string(fit)} {
		b := keyBench(t)
		arrival, body := answer(personal.FileKey, 0, 0, raw)
		b.Arrive(arrival, strings.Replace(body, `"asked"`, fmt.Sprintf(`"activity":%d,"asked"`, of.ActivityID), 1))
		b.run()
		if n := b.Ask(`select count(*) from file where fault = '' and kind = 'FIT' and size = ?`, len(fit)); n != 1 {
			t.Errorf("%s: %d files of the size, %+v", name, n, b.Counts())
		}
		if got := b.records("activityDetails"); len(got) != 1 || !strings.HasSuffix(got[0], "personal 63 of 1") {
			t.Errorf("%s: details %v", name, got)
		}
	}
}

func TestAnAnswerOfADemoMakesSimulatedRecords(t *testing.T) {
	t.Parallel()
	b := keyBench(t)
	arrival, body := answer("steps", day20, day20, "["+dayOf(day20, 8000)+"]")
	arrival.Source = health.Simulated
	b.Arrive(arrival, body)
	b.run()
	if got := b.records("dailies"); !slices.Equal(got, []string{"2026-11-20 simulated 34 of 1"}) {
		t.Errorf("%v", got)
	}
}

func TestACallbackCannotBeAnAnswerNorNameAPersonAsGarnerDoes(t *testing.T) {
	t.Parallel()
	b := keyBench(t)
	arrival, body := answer("steps", day20, day20, "["+dayOf(day20, 8000)+"]")
	for _, source := range []health.Origin{health.Push, health.Simulated} { // as a demo receives
		arrival.Source, arrival.Path = source, "dailies"
		b.Arrive(arrival, body)
	}
	for _, source := range []health.Origin{health.Push, health.Ping, health.Backfill, health.Simulated} {
		b.Arrive(db.Arrival{Source: source}, `{"dailies":[{"userId":"`+keyHolder+`","summaryId":"x","steps":1,`+
			`"calendarDate":"2026-11-20","startTimeInSeconds":1795129200,"durationInSeconds":86400}]}`)
		b.Arrive(db.Arrival{Source: source}, `{"deregistrations":[{"userId":"`+keyHolder+`"}]}`)
	}
	b.run()
	if got := b.records("dailies"); len(got) != 0 {
		t.Errorf("records %v", got)
	}
	if got := b.Ask(`select count(*) from issue where kind = 1 and reason = '` + db.ReasonReservedID + `'`); got != 8 {
		t.Errorf("%d elements are parked, want 8", got)
	}
	if got := b.Ask(`select count(*) from notice`); got != 0 {
		t.Errorf("%d notices, want none", got)
	}
}
