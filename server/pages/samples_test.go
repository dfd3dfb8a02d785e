package pages_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/simulator"
	"garner/query"
	"garner/server"
	"garner/server/servertest"
)

// sporty is Ada with the activities of two weeks, among them rides with pauses and a
// tunnel.
func sporty(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.MaxBody = 32 << 20 })
	until := time.Date(2026, 8, 20, 12, 0, 0, 0, time.UTC)
	w := simulator.New(simulator.Config{Seed: 1, People: 2, Days: 30, Until: until})
	s.Add("Ada", w.People()[1].UserID)
	for back := 9; back > 0; back-- {
		for _, d := range w.Final(1, until.AddDate(0, 0, -back)) {
			if d.Type != "activities" && d.Type != "activityDetails" {
				continue
			}
			if status := s.Post("/garmin/"+servertest.Secret+"/"+d.Type, bytes.NewReader(d.Body)); status != http.StatusOK {
				t.Fatal(status)
			}
		}
	}
	s.Run()
	return s
}

// exported are the values of a series in the export, by activity and time in unix
// seconds.
func exported(t *testing.T, s *servertest.Site, series string) map[string]map[float64]float64 {
	t.Helper()
	w := s.Get("/p/ada/export/activityDetails?series=" + series)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", series, len(rows), err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	out := map[string]map[float64]float64{}
	for _, row := range rows[1:] {
		when, err := time.Parse(time.RFC3339, row[at["time_utc"]])
		if err != nil {
			t.Fatal(err)
		}
		value, err := strconv.ParseFloat(row[at["time_local"]+1], 64)
		if err != nil {
			continue // a code that is no value
		}
		id := strings.TrimSuffix(row[at["summary_id"]], "-detail")
		if out[id] == nil {
			out[id] = map[float64]float64{}
		}
		out[id][float64(when.UnixMilli())/1000] = value
	}
	return out
}

type sampled struct {
	Clock   string
	Start   int64
	T       []float64
	Weights []float64
	Columns []struct {
		Name, Label, Unit string
		Decimals          int
		Invert, Pace      bool
		Values            []*float64
	}
	Lat, Lon, Distance, Moving []*float64
	Laps                       []struct {
		Index    int
		From, To float64
	}
	Pauses, Gaps []struct {
		From, To float64
		Why      string
	}
}

func samplesOf(t *testing.T, s *servertest.Site, id string) (out sampled) {
	t.Helper()
	w := s.Get("/p/ada/activities/" + id + "/samples.json")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %q", w.Code, w.Header())
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// same compares values for scripts with exported ones, which conv puts into the reader's
// units.
func same(t *testing.T, what string, got sampled, values []*float64, want map[float64]float64, within float64,
	conv func(float64) float64) {
	t.Helper()
	found := 0
	for i, x := range values {
		exact, ok := want[float64(got.Start)+got.T[i]]
		if ok != (x != nil) || ok && math.Abs(*x-conv(exact)) > within {
			t.Fatalf("%s, second %v: %v, the export has %v", what, got.T[i], x, exact)
		}
		if ok {
			found++
		}
	}
	if found != len(want) || found == 0 {
		t.Errorf("%s: %d values, the export has %d", what, found, len(want))
	}
}

func TestSamplesForScriptsTellTheClockOfTheReader(t *testing.T) {
	t.Parallel()
	s := sporty(t)
	var id string
	for id = range exported(t, s, "heart_rate") {
		break
	}
	if got := samplesOf(t, s, id); got.Clock == "12" {
		t.Error("12 hours without a choice")
	}
	if err := s.Store.ChangeSettings(t.Context(), db.SettingChange{Name: query.SettingClock, Value: "12"}); err != nil {
		t.Fatal(err)
	}
	if got := samplesOf(t, s, id); got.Clock != "12" {
		t.Errorf("the clock is %q, want 12", got.Clock)
	}
}

func TestSamplesForScriptsAreThoseOfTheExport(t *testing.T) {
	t.Parallel()
	s := sporty(t)
	plain := func(x float64) float64 { return x }
	speeds, lats, distances := exported(t, s, "speed"), exported(t, s, "latitude"), exported(t, s, "distance")
	paces, pauses, tunnels, laps := 0, 0, 0, 0
	for id, want := range exported(t, s, "heart_rate") {
		got := samplesOf(t, s, id)
		columns := map[string]int{}
		for i, c := range got.Columns {
			columns[c.Name] = i
		}
		same(t, id+" heart rate", got, got.Columns[columns["heart_rate"]].Values, want, 0, plain)
		if i, ok := columns["speed"]; ok {
			same(t, id+" speed", got, got.Columns[i].Values, speeds[id], 0.051, func(x float64) float64 { return x * 3.6 })
		}
		if i, ok := columns["pace"]; ok {
			paces++
			meters := map[string]float64{"/km": 1000, "/100\u202fm": 100}[got.Columns[i].Unit]
			same(t, id+" pace", got, got.Columns[i].Values, speeds[id], 0.0006,
				func(x float64) float64 { return meters / 60 / x })
			if !got.Columns[i].Invert || !got.Columns[i].Pace {
				t.Errorf("%s: the axis of its pace is %+v", id, got.Columns[i])
			}
		}
		if lats[id] != nil {
			same(t, id+" latitude", got, got.Lat, lats[id], 1e-7, plain)
		}
		if distances[id] != nil {
			same(t, id+" distance", got, got.Distance, distances[id], 0, plain)
		}
		pauses += len(got.Pauses)
		laps += len(got.Laps)
		for _, g := range got.Gaps {
			if g.Why == "no signal" && g.To-g.From > 200 {
				tunnels++
			}
		}
	}
	if paces == 0 || pauses == 0 || tunnels == 0 || laps == 0 {
		t.Errorf("%d paces, %d pauses, %d tunnels, %d laps: not what this is about", paces, pauses, tunnels, laps)
	}
}
