package simulator

import (
	"bytes"
	"encoding/xml"
	"math"
	"testing"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/filedef"
	"github.com/muktihari/fit/profile/typedef"
)

// announced are a person's files of some weeks, by the type of activity.
func announced(w *World, person, days int) map[string]Announcement {
	all := map[string]Announcement{}
	for back := 1; back <= days; back++ {
		for _, a := range w.ActivityFiles(person, daysBefore(back)) {
			all[a.ActivityType] = a
		}
	}
	return all
}

// fitOf reads a FIT file, whose checksums must be right.
func fitOf(t *testing.T, w *World, person int, a Announcement) *filedef.Activity {
	t.Helper()
	raw, err := w.ActivityFile(person, a.ActivityID, FIT)
	if err != nil {
		t.Fatal(err)
	}
	file, err := decoder.New(bytes.NewReader(raw)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	return filedef.NewActivity(file.Messages...)
}

func TestAFITFileHasTheSamplesLapsAndTotalsOfTheDetails(t *testing.T) {
	t.Parallel()
	w := household(1)
	files := announced(w, 1, 14)
	a, ok := files["ROAD_BIKING"]
	if !ok {
		t.Fatalf("no ride in %v", files)
	}
	day := instant(a.Start)
	for _, details := range of(t, w.Final(1, day), "activityDetails") {
		if int64(num(details, "activityId")) != a.ActivityID {
			continue
		}
		f := fitOf(t, w, 1, a)
		samples, laps, summary := details["samples"].([]any), details["laps"].([]any), details["summary"].(map[string]any)
		if len(f.Records) != len(samples) || len(f.Laps) != len(laps) || len(f.Sessions) != 1 {
			t.Fatalf("%d records of %d, %d laps of %d", len(f.Records), len(samples), len(f.Laps), len(laps))
		}
		for i, r := range f.Records {
			s := samples[i].(map[string]any)
			if r.Timestamp.Unix() != int64(num(s, "startTimeInSeconds")) || float64(r.HeartRate) != num(s, "heartRate") ||
				float64(r.Power) != num(s, "powerInWatts") || math.Abs(r.DistanceScaled()-num(s, "totalDistanceInMeters")) > 0.006 {
				t.Fatalf("record %d: %+v is not %v", i, r, s)
			}
		}
		sum, metres := 0.0, 0.0
		for i, l := range f.Laps {
			if l.StartTime.Unix() != int64(num(laps[i].(map[string]any), "startTimeInSeconds")) {
				t.Errorf("lap %d starts at %s", i, l.StartTime)
			}
			sum, metres = sum+l.TotalTimerTimeScaled(), metres+l.TotalDistanceScaled()
		}
		s := f.Sessions[0]
		if sum != num(summary, "durationInSeconds") || s.TotalTimerTimeScaled() != sum ||
			math.Abs(metres-num(summary, "distanceInMeters")) > 1 || s.Sport != typedef.SportCycling {
			t.Errorf("laps of %v s and %v m, session %+v", sum, metres, s)
		}
		if s.TotalElapsedTimeScaled() <= s.TotalTimerTimeScaled() {
			t.Error("a ride without a pause")
		}
		return
	}
	t.Fatal("no details of the ride")
}

func TestTheSameWorldMakesTheSameFilesInEveryFormat(t *testing.T) {
	t.Parallel()
	w, again := household(1), household(1)
	for _, a := range announced(w, 0, 10) {
		for _, format := range []string{FIT, TCX, GPX} {
			one, err := w.ActivityFile(0, a.ActivityID, format)
			if err != nil {
				t.Fatal(err)
			}
			two, err := again.ActivityFile(0, a.ActivityID, format)
			if err != nil || !bytes.Equal(one, two) {
				t.Errorf("two files of %s, %v", a.SummaryID, err)
			}
			if format != FIT && xml.Unmarshal(one, new(struct{})) != nil {
				t.Errorf("%s is no XML: %.200s", format, one)
			}
		}
	}
}

func TestTracksInXMLHaveAPointForEachPlace(t *testing.T) {
	t.Parallel()
	w := household(1)
	a, ok := announced(w, 0, 14)["RUNNING"]
	if !ok {
		t.Fatal("no run")
	}
	f := fitOf(t, w, 0, a)
	for format, mark := range map[string]string{TCX: "<Position>", GPX: "<trkpt "} {
		raw, err := w.ActivityFile(0, a.ActivityID, format)
		if n := bytes.Count(raw, []byte(mark)); err != nil || n != len(f.Records) {
			t.Errorf("%s: %d places of %d, %v", format, n, len(f.Records), err)
		}
	}
}

func TestAMultisportFileHasASessionForEachSport(t *testing.T) {
	t.Parallel()
	w := household(1)
	p := &w.people[0]
	for c := w.end - 1; c > w.end-729; c-- {
		for _, wo := range w.workouts(p, c) {
			if !wo.parent {
				continue
			}
			f := fitOf(t, w, 0, w.day(p, c).announce(&wo))
			if len(f.Sessions) != 5 || f.Activity.NumSessions != 5 || f.Sessions[2].Sport != typedef.SportCycling {
				t.Errorf("%d sessions", len(f.Sessions))
			}
			if _, err := w.ActivityFile(0, wo.id+4, FIT); err == nil {
				t.Error("a part has a file of its own")
			}
			return
		}
	}
	t.Fatal("no triathlon in two years")
}

func TestOnlyWhatADeviceRecordedHasAFile(t *testing.T) {
	t.Parallel()
	w := household(1)
	found := false
	for person := range w.people {
		p := &w.people[person]
		for c := w.end - 1; c > w.end-729; c-- {
			for _, wo := range w.workouts(p, c) {
				if !wo.typed {
					continue
				}
				found = true
				if _, err := w.ActivityFile(person, wo.id, FIT); err == nil {
					t.Fatal("a workout entered by hand has a file")
				}
				for _, a := range w.ActivityFiles(person, c.utc()) {
					if a.ActivityID == wo.id {
						t.Fatal("its file is announced")
					}
				}
			}
		}
	}
	if !found {
		t.Error("no workout entered by hand in two years")
	}
	if _, err := w.ActivityFile(0, 1, FIT); err == nil {
		t.Error("a file of no activity")
	}
	if a := announced(w, 0, 14)["RUNNING"]; a.ActivityID != 0 {
		if _, err := w.ActivityFile(0, a.ActivityID, "KML"); err == nil {
			t.Error("a file in an unknown format")
		}
	}
}
