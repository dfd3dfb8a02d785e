package pages_test

import (
	"encoding/xml"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/server/servertest"
)

// What other programs read of the two formats.
type gpxRead struct {
	XMLName xml.Name `xml:"http://www.topografix.com/GPX/1/1 gpx"`
	Name    string   `xml:"trk>name"`
	Source  string   `xml:"trk>src"`
	Tracks  []struct {
		Points []struct {
			Lat  float64   `xml:"lat,attr"`
			Lon  float64   `xml:"lon,attr"`
			Time time.Time `xml:"time"`
			More struct {
				BPM     *float64 `xml:"http://www.garmin.com/xmlschemas/TrackPointExtension/v1 hr"`
				Cadence *float64 `xml:"http://www.garmin.com/xmlschemas/TrackPointExtension/v1 cad"`
			} `xml:"extensions>TrackPointExtension"`
		} `xml:"trkpt"`
	} `xml:"trk>trkseg"`
}

type tcxRead struct {
	XMLName xml.Name `xml:"http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2 TrainingCenterDatabase"`
	Act     struct {
		Sport string `xml:"Sport,attr"`
		Notes string
		Laps  []struct {
			Start    time.Time `xml:"StartTime,attr"`
			Meters   float64   `xml:"DistanceMeters"`
			Seconds  float64   `xml:"TotalTimeSeconds"`
			Calories int
			Tracks   []struct {
				Points []struct {
					Time  time.Time
					Lat   *float64 `xml:"Position>LatitudeDegrees"`
					Meter *float64 `xml:"DistanceMeters"`
					BPM   *float64 `xml:"HeartRateBpm>Value"`
					More  struct {
						Speed   *float64
						Strides *float64 `xml:"http://www.garmin.com/xmlschemas/ActivityExtension/v2 RunCadence"`
						Watts   *float64
					} `xml:"Extensions>TPX"`
				} `xml:"Trackpoint"`
			} `xml:"Track"`
		} `xml:"Lap"`
	} `xml:"Activities>Activity"`
}

// taken downloads an activity as a file and reads it.
func taken(t *testing.T, s *servertest.Site, file, kind string, into any) string {
	t.Helper()
	w := s.Get("/p/ada/activities/" + file)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != kind ||
		w.Header().Get("Content-Disposition") != `attachment; filename="ada_activity_`+file+`"` {
		t.Fatalf("%s: %d %v", file, w.Code, w.Header())
	}
	text := w.Body.String()
	if err := xml.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return text
}

const gpxKind, tcxKind = "application/gpx+xml", "application/vnd.garmin.tcx+xml"

// agree counts the values that are given at their time and stops at one that is not that
// of the export, to which conv is applied.
func agree(t *testing.T, what string, given map[float64]float64, want map[float64]float64, all bool,
	conv func(float64) float64) {
	t.Helper()
	for at, x := range given {
		if exact, ok := want[at]; !ok || math.Abs(x-conv(exact)) > 1e-9 {
			t.Fatalf("%s at %v: %v, the export has %v, %v", what, at, x, exact, ok)
		}
	}
	if all && len(given) != len(want) {
		t.Errorf("%s: %d values, the export has %d", what, len(given), len(want))
	}
}

func TestGPXAndTCXHaveThePointsOfTheExport(t *testing.T) {
	t.Parallel()
	s := sporty(t)
	plain := func(x float64) float64 { return x }
	half := func(x float64) float64 { return math.Round(x / 2) }
	lats, bpms, speeds := exported(t, s, "latitude"), exported(t, s, "heart_rate"), exported(t, s, "speed")
	steps, watts := exported(t, s, "cadence"), exported(t, s, "power")
	segments, tracks, laps, paused := 0, 0, 0, 0
	for id := range bpms {
		var tcx tcxRead
		taken(t, s, id+".tcx", tcxKind, &tcx)
		got := map[string]map[float64]float64{}
		put := func(name string, at float64, x *float64) {
			if got[name] == nil {
				got[name] = map[float64]float64{}
			}
			if x != nil {
				got[name][at] = *x
			}
		}
		rec := samplesOf(t, s, id)
		for _, lap := range tcx.Act.Laps {
			laps++
			tracks += len(lap.Tracks)
			for _, track := range lap.Tracks {
				for i, p := range track.Points {
					at := float64(p.Time.UnixMilli()) / 1000
					put("latitude", at, p.Lat)
					put("bpm", at, p.BPM)
					put("speed", at, p.More.Speed)
					put("strides", at, p.More.Strides)
					put("watts", at, p.More.Watts)
					if p.Time.Before(lap.Start) {
						t.Fatalf("%s: %v is before its lap, %v", id, p.Time, lap.Start)
					}
					if i > 0 {
						paused += crossed(rec, float64(track.Points[i-1].Time.Unix()-rec.Start), at-float64(rec.Start))
					}
				}
			}
		}
		agree(t, id+" latitude", got["latitude"], lats[id], true, plain)
		agree(t, id+" heart rate", got["bpm"], bpms[id], true, plain)
		agree(t, id+" speed", got["speed"], speeds[id], true, plain)
		agree(t, id+" strides", got["strides"], steps[id], true, half)
		agree(t, id+" power", got["watts"], watts[id], true, plain)

		if lats[id] == nil {
			if w := s.Get("/p/ada/activities/" + id + ".gpx"); w.Code != http.StatusNotFound {
				t.Errorf("%s has no places, but a GPX file: %d", id, w.Code)
			}
			continue
		}
		var gpx gpxRead
		taken(t, s, id+".gpx", gpxKind, &gpx)
		got = map[string]map[float64]float64{}
		segments += len(gpx.Tracks)
		for _, seg := range gpx.Tracks {
			for i, p := range seg.Points {
				at := float64(p.Time.UnixMilli()) / 1000
				put("latitude", at, &p.Lat)
				put("bpm", at, p.More.BPM)
				if i > 0 {
					paused += crossed(rec, float64(seg.Points[i-1].Time.Unix()-rec.Start), at-float64(rec.Start))
				}
			}
		}
		agree(t, id+" latitude in GPX", got["latitude"], lats[id], true, plain)
		agree(t, id+" heart rate in GPX", got["bpm"], bpms[id], false, plain)
		if len(got["bpm"]) == 0 {
			t.Errorf("%s: no heart rate in GPX", id)
		}
	}
	if paused > 0 {
		t.Errorf("%d lines cross a pause or a stretch without signal", paused)
	}
	if segments < 2 || tracks <= laps || laps < 2 {
		t.Errorf("%d segments, %d tracks, %d laps: not what this is about", segments, tracks, laps)
	}
}

// crossed is 1 if a line between two samples crosses a pause or a gap.
func crossed(rec sampled, from, to float64) int {
	for _, list := range [][]struct {
		From, To float64
		Why      string
	}{rec.Pauses, rec.Gaps} {
		for _, g := range list {
			if from <= g.From && to >= g.To {
				return 1
			}
		}
	}
	return 0
}

func TestAHostileNameIsTextInEveryFileOfAnActivity(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	const name = `</name><script>alert(1)</script>&amp;"]]> ` + "\u202e"
	detail := fmt.Sprintf(`"activityId":7,"summaryId":"7-detail","summary":{"startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":0,"durationInSeconds":60,"activityType":"RUNNING","activityName":%q,
		"deviceName":"<b>&"},"samples":[{"startTimeInSeconds":%d,"heartRate":100,"latitudeInDegree":0.0000001,
		"longitudeInDegree":-2}]`, midnight20, name, midnight20)
	s.Push("activityDetails", detail)
	var gpx gpxRead
	if text := taken(t, s, "7.gpx", gpxKind, &gpx); gpx.Name != name || gpx.Source != "Garmin <b>&" ||
		!strings.Contains(text, `lat="0.0000001"`) {
		t.Errorf("GPX: %q, %q\n%s", gpx.Name, gpx.Source, text)
	}
	var tcx tcxRead
	if taken(t, s, "7.tcx", tcxKind, &tcx); tcx.Act.Notes != name+"\nGarmin <b>&" || tcx.Act.Sport != "Running" {
		t.Errorf("TCX: %+v", tcx.Act)
	}
	for _, address := range []string{"/p/ada/activities", "/p/ada/activities/7"} {
		if page := s.Page(address); strings.Contains(page, "<script>alert") || strings.Contains(page, "<b>&") ||
			!strings.Contains(page, "alert(1)") {
			t.Errorf("%s does not show the name as text", address)
		}
	}
}

func TestAnActivityWithoutSamplesIsALapOfTCXAndNoGPX(t *testing.T) {
	t.Parallel()
	s := three(t)
	var tcx tcxRead
	taken(t, s, "1.tcx", tcxKind, &tcx)
	if len(tcx.Act.Laps) != 1 || tcx.Act.Laps[0].Meters != 10_000 || tcx.Act.Laps[0].Seconds != 3000 ||
		len(tcx.Act.Laps[0].Tracks) != 0 {
		t.Errorf("%+v", tcx.Act)
	}
	page := s.Page("/p/ada/activities/1")
	if strings.Contains(page, ".gpx") || !strings.Contains(page, `href="/p/ada/activities/1.tcx"`) {
		t.Error("the page leads to a track that is not there, or not to its TCX")
	}
	if w := s.Get("/p/ada/activities/1.gpx"); w.Code != http.StatusNotFound {
		t.Errorf("GPX without places: %d", w.Code)
	}
}
