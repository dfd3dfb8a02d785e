package fit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/muktihari/fit/profile/typedef"

	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/fit"
)

// FuzzDetails reads any file: it never panics, and what comes out is of the shape
// of activityDetails, with rising seconds.
func FuzzDetails(f *testing.F) {
	a, _ := announced(f, 0, "STRENGTH_TRAINING")
	strength := file(f, 0, a)
	f.Add(strength[:2000])
	f.Add(strength[len(strength)-2000:])
	ride, _ := announced(f, 1, "ROAD_BIKING")
	f.Add(file(f, 1, ride)[:4000])
	whole := made(f, typedef.FileActivity, record(0).SetHeartRate(60).SetCadence(80), timer(1, typedef.EventTypeStopAll),
		timer(9, typedef.EventTypeStart), record(9), session(typedef.SportRunning, 0), session(typedef.SportCycling, 9))
	f.Add(whole)
	f.Add(append(whole, whole...))
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, damage, err := fit.Details(element.Value{}, bytes.NewReader(raw))
		if err != nil {
			if v.Kind() != element.Absent || damage != "" {
				t.Errorf("%q with error %v", damage, err)
			}
			return
		}
		if d := garmin.ActivityDetails.Decode(v.With("activityId", "7")); d.Fault != "" &&
			!strings.Contains(d.Fault, "out of range") || len(d.Ignored) > 0 {
			t.Errorf("fault %q, ignored %v", d.Fault, d.Ignored)
		}
		last, timer := int64(0), int64(0)
		for s := range v.Get("samples").Items() {
			at, _ := s.Get("startTimeInSeconds").Int()
			run, _ := s.Get("timerDurationInSeconds").Int()
			clock, _ := s.Get("clockDurationInSeconds").Int()
			moving, _ := s.Get("movingDurationInSeconds").Int()
			if at <= last || run < timer || moving > run || run > clock || moving < 0 {
				t.Fatalf("after %d s: %s", last, s.AppendJSON(nil))
			}
			last, timer = at, run
		}
	})
}

func BenchmarkFourHours(b *testing.B) {
	raw := long(b, 4*3600, 1)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, damage, err := fit.Details(element.Value{}, bytes.NewReader(raw)); err != nil || damage != "" {
			b.Fatal(damage, err)
		}
	}
}
