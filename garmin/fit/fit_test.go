package fit_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/fit"
	"garner/garmin/simulator"
)

var world = simulator.New(simulator.Config{Seed: 1, People: 3, Days: 730,
	Until: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Faults: &simulator.Faults{}})

// announced is what a ping says of a person's latest workout of a type, as an element.
func announced(t testing.TB, person int, activityType string) (simulator.Announcement, element.Value) {
	t.Helper()
	for back := 1; back < 60; back++ {
		day := time.Date(2026, 11, 20-back, 0, 0, 0, 0, time.UTC)
		for _, a := range world.ActivityFiles(person, day) {
			if a.ActivityType != activityType {
				continue
			}
			return a, parse(t, "activityFiles", fmt.Sprintf(`{"userId":"abc","userAccessToken":"secret","summaryId":%q,
				"activityId":%d,"activityType":%q,"activityName":%q,"deviceName":%q,"startTimeInSeconds":%d,"manual":false}`,
				a.SummaryID, a.ActivityID, a.ActivityType, a.ActivityName, a.DeviceName, a.Start))
		}
	}
	t.Fatalf("no %s in two months", activityType)
	return simulator.Announcement{}, element.Value{}
}

// parse is an element of a type.
func parse(t testing.TB, key, text string) (v element.Value) {
	t.Helper()
	lim := garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 1000}
	err := garmin.Split(strings.NewReader(`{"`+key+`":[`+text+`]}`), "", lim, func(it garmin.Item) error {
		v = it.Value
		return it.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// pushed is the activityDetails that the simulator pushes of a workout.
func pushed(t testing.TB, person int, a simulator.Announcement) (found element.Value) {
	t.Helper()
	lim := garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 1000}
	for back := -1; back <= 1; back++ {
		for _, d := range world.Final(person, time.Unix(a.Start, 0).UTC().AddDate(0, 0, back)) {
			err := garmin.Split(bytes.NewReader(d.Body), "", lim, func(it garmin.Item) error {
				id, _ := it.Value.Get("activityId").Int()
				if it.Type == garmin.ActivityDetails && id == a.ActivityID {
					found = it.Value
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return found
}

func file(t testing.TB, person int, a simulator.Announcement) []byte {
	t.Helper()
	raw, err := world.ActivityFile(person, a.ActivityID, simulator.FIT)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// resolution is how far a value of FIT may be from the one in JSON.
var resolution = map[string]float64{"speed": 0.0006, "distance": 0.006, "elevation": 0.01}

type point struct {
	ms int64
	x  float64
}

func points(s *garmin.Series, v element.Value) (all []point) {
	s.Each(v, 0, func(ms int64, n element.Num) bool {
		all = append(all, point{ms, n.Float()})
		return true
	})
	return all
}

func TestSeriesOfAFileAreThoseOfTheDetails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		person int
		kind   string
	}{{0, "RUNNING"}, {1, "ROAD_BIKING"}, {0, "LAP_SWIMMING"}, {0, "STRENGTH_TRAINING"}} {
		a, announcement := announced(t, c.person, c.kind)
		want := pushed(t, c.person, a)
		got, damage, err := fit.Details(announcement, bytes.NewReader(file(t, c.person, a)))
		if err != nil || damage != "" {
			t.Fatalf("%s: damage %q, %v", c.kind, damage, err)
		}
		for i := range garmin.ActivityDetails.Series {
			s := &garmin.ActivityDetails.Series[i]
			have, wanted := points(s, got), points(s, want)
			if s.Name == "air_temperature" {
				wanted = nil // only files have it of every workout
				if len(have) != want.Get("samples").Len() {
					t.Errorf("%s: %d temperatures", c.kind, len(have))
				}
				have = nil
			}
			if len(have) != len(wanted) {
				t.Errorf("%s: %d samples of %s, want %d", c.kind, len(have), s.Name, len(wanted))
				continue
			}
			for k := range have {
				if have[k].ms != wanted[k].ms || math.Abs(have[k].x-wanted[k].x) > resolution[s.Name] {
					t.Errorf("%s: sample %d of %s is %v, want %v", c.kind, k, s.Name, have[k], wanted[k])
					break
				}
			}
		}
		if have, wanted := laps(got), laps(want); have != wanted || have == "[]" {
			t.Errorf("%s: laps %s, want %s", c.kind, have, wanted)
		}
	}
}

func laps(v element.Value) string { return string(v.Get("laps").AppendJSON(nil)) }

func TestActivityDetailsDecodesTheElement(t *testing.T) {
	t.Parallel()
	a, announcement := announced(t, 1, "ROAD_BIKING")
	got, _, err := fit.Details(announcement, bytes.NewReader(file(t, 1, a)))
	if err != nil {
		t.Fatal(err)
	}
	v := pushed(t, 1, a)
	have, want := garmin.ActivityDetails.Decode(got), garmin.ActivityDetails.Decode(v)
	if have.Fault != "" || len(have.Ignored) > 0 || have.Key != want.Key || have.Start != want.Start ||
		have.End != want.End || have.Day != want.Day || have.Device != want.Device ||
		have.Offset == nil || *have.Offset != *want.Offset {
		t.Errorf("decoded %+v, want %+v", have, want)
	}
	if id := have.SummaryID; id != a.SummaryID {
		t.Errorf("summary id %q", id)
	}
	if extra := garmin.ActivityDetails.Extra(got); extra != nil {
		t.Errorf("no column for %s", extra)
	}
	// Heights are whole metres in totals, and averages are rounded in one of the two.
	near := map[string]float64{"totalElevationGainInMeters": 0.6, "totalElevationLossInMeters": 0.6,
		"averageBikeCadenceInRoundsPerMinute": 0.6, "averageSpeedInMetersPerSecond": 0.001, "maxSpeedInMetersPerSecond": 0.001,
		"averagePaceInMinutesPerKilometer": 0.01, "maxPaceInMinutesPerKilometer": 0.01, "distanceInMeters": 0.006}
	for name, value := range v.Get("summary").Members() {
		member := got.Get("summary").Get(name)
		x, isNumber := value.Float()
		y, _ := member.Float()
		switch {
		case name == "isWebUpload":
		case isNumber && math.Abs(x-y) > near[name], !isNumber && member.Text() != value.Text():
			t.Errorf("%s is %s, want %s", name, member.Text(), value.Text())
		}
	}
	if text := string(got.AppendJSON(nil)); strings.Contains(text, "secret") {
		t.Error("the token is in the element")
	}
}

func TestStepsOfARunAreTwiceItsStrides(t *testing.T) {
	t.Parallel()
	a, announcement := announced(t, 0, "RUNNING")
	got, _, err := fit.Details(announcement, bytes.NewReader(file(t, 0, a)))
	if err != nil {
		t.Fatal(err)
	}
	want := pushed(t, 0, a).Get("summary")
	for _, name := range []string{"steps", "averageRunCadenceInStepsPerMinute", "maxRunCadenceInStepsPerMinute"} {
		x, _ := got.Get("summary").Get(name).Float()
		if y, _ := want.Get(name).Float(); math.Abs(x-y) > 1 || y == 0 {
			t.Errorf("%s is %v, want %v", name, x, y)
		}
	}
}

func TestOfATruncatedFileTheSamplesBeforeTheEndAreKept(t *testing.T) {
	t.Parallel()
	a, announcement := announced(t, 1, "ROAD_BIKING")
	raw := file(t, 1, a)
	whole, _, err := fit.Details(announcement, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	all := whole.Get("samples").Len()
	for _, share := range []float64{0.25, 0.5, 0.75} {
		v, damage, err := fit.Details(announcement, bytes.NewReader(raw[:int(float64(len(raw))*share)]))
		if err != nil || !strings.Contains(damage, "ends too soon") || !strings.Contains(damage, "no session") {
			t.Fatalf("damage %q, %v", damage, err)
		}
		n := v.Get("samples").Len()
		if math.Abs(float64(n)/float64(all)-share) > 0.02 {
			t.Errorf("%d samples of %d in %v of the file", n, all, share)
		}
		if d := garmin.ActivityDetails.Decode(v); d.Fault != "" || d.Start != a.Start || d.End <= d.Start {
			t.Errorf("decoded %+v", d)
		}
		// The kind of sport is known before the session.
		if s := &garmin.ActivityDetails.Series[9]; s.Name != "bike_cadence" || len(points(s, v)) != n {
			t.Errorf("%d of %s", len(points(s, v)), s.Name)
		}
	}
}

func TestAWrongChecksumIsDamageAndTheSamplesAreKept(t *testing.T) {
	t.Parallel()
	a, announcement := announced(t, 0, "STRENGTH_TRAINING")
	raw := file(t, 0, a)
	raw[len(raw)-1] ^= 1
	v, damage, err := fit.Details(announcement, bytes.NewReader(raw))
	if err != nil || damage != "the checksum is wrong" || v.Get("samples").Len() == 0 {
		t.Errorf("damage %q, %d samples, %v", damage, v.Get("samples").Len(), err)
	}
}

func TestWhatIsNoActivityIsAnError(t *testing.T) {
	t.Parallel()
	a, announcement := announced(t, 0, "STRENGTH_TRAINING")
	tcx, err := world.ActivityFile(0, a.ActivityID, simulator.TCX)
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{nil, tcx, file(t, 0, a)[:60], make([]byte, 5000)} {
		if v, damage, err := fit.Details(announcement, bytes.NewReader(raw)); err == nil || damage != "" ||
			v.Kind() != element.Absent {
			t.Errorf("%d bytes: %q, %v", len(raw), damage, err)
		}
	}
}
