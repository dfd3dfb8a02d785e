package pages_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
	"garner/health"
	"garner/server/servertest"
	"garner/ui"
)

// pushed is what was sent of one metric, by the person's date.
type pushed map[string]map[string][]struct{ weight, value float64 }

// note reads a body by itself, without our decoders. The weight is how long
// the person slept: of several sleeps on a date the longest is the night.
func (p pushed) note(t *testing.T, typ string, body []byte) {
	t.Helper()
	var all map[string][]map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	for _, e := range all[typ] {
		if e["validation"] == "OFF_WRIST" {
			continue
		}
		length, _ := e["durationInSeconds"].(float64)
		for json, metric := range map[string]string{"dailies.steps": "steps", "dailies.averageStressLevel": "average_stress",
			"sleeps.durationInSeconds":          "sleep",
			"sleeps.deepSleepDurationInSeconds": "deep_sleep", "sleeps.awakeDurationInSeconds": "awake_in_bed"} {
			name, ours := strings.CutPrefix(json, typ+".")
			x, ok := e[name].(float64)
			unstaged := metric != "sleep" && e["deepSleepDurationInSeconds"] == 0.0 && e["lightSleepDurationInSeconds"] == 0.0
			if !ours || !ok || x < 0 || unstaged { // entered by hand
				continue
			}
			date := e["calendarDate"].(string)
			if p[metric] == nil {
				p[metric] = map[string][]struct{ weight, value float64 }{}
			}
			p[metric][date] = append(p[metric][date], struct{ weight, value float64 }{length, x})
		}
	}
}

// median is that of the 28 dates before one, of each date one value.
func (p pushed) median(metric string, day health.Day) (float64, bool) {
	var list []float64
	for back := health.Day(1); back <= 28; back++ {
		var best struct{ weight, value float64 }
		values := p[metric][(day - back).String()]
		for _, v := range values {
			if v.weight >= best.weight {
				best = v
			}
		}
		if len(values) > 0 {
			list = append(list, best.value)
		}
	}
	slices.Sort(list)
	n := len(list)
	if n < 7 {
		return 0, false
	}
	if n%2 == 1 {
		return list[n/2], true
	}
	return (list[n/2-1] + list[n/2]) / 2, true
}

var tags = regexp.MustCompile(`<[^>]*>`)

// medianOf is what the Day page shows.
func medianOf(page, metric string) string {
	_, row, ok := strings.Cut(page, `data-testid="metric-`+metric+`"`)
	if !ok {
		return "no row"
	}
	row, _, _ = strings.Cut(row, "</tr>")
	cells := strings.Split(row, "<td")
	if len(cells) < 3 {
		return "no cell"
	}
	return strings.TrimSpace(tags.ReplaceAllString("<td"+cells[2], ""))
}

func TestEveryMedianOnTheDayPageIsTheTrueMedianOfOneValueADay(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	until := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	w := simulator.New(simulator.Config{Seed: 7, People: 2, Days: 130, Until: until})
	const who = 1 // his nights sometimes come in two parts
	s.Add("Ada", w.People()[who].UserID)
	all := pushed{}
	for back := 125; back >= 3; back-- {
		for _, d := range w.Final(who, until.AddDate(0, 0, -back)) {
			if d.Type != "dailies" && d.Type != "sleeps" {
				continue
			}
			all.note(t, d.Type, d.Body)
			s.Post("/garmin/"+servertest.Secret+"/"+d.Type, bytes.NewReader(d.Body))
		}
	}
	s.Run()
	parts := 0
	for _, sleeps := range all["sleep"] {
		if len(sleeps) > 1 {
			parts++
		}
	}
	if parts == 0 {
		t.Fatal("no date has two sleeps, which is what this is about")
	}
	units := map[string]health.Unit{"sleep": health.Second, "deep_sleep": health.Second, "awake_in_bed": health.Second}
	shown := 0
	for back := 95; back >= 3; back-- {
		day := health.DayOf(until.AddDate(0, 0, -back).Unix(), 0)
		page := s.Get(fmt.Sprintf("/p/ada/day/%s", day)).Body.String()
		for metric := range all {
			want, ok := all.median(metric, day)
			if !ok || medianOf(page, metric) == "no row" {
				continue
			}
			shown++
			if got, want := medianOf(page, metric), ui.Metric.Format(ui.Val(want, units[metric], 0)); got != want {
				t.Errorf("%s, %s: the page says %s, want %s", day, metric, got, want)
			}
		}
	}
	if shown < 300 {
		t.Errorf("only %d medians were compared", shown)
	}
}

func TestTheMedianOfAnEvenNumberIsBetweenItsMiddleTwo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list []int
		want float64
	}{{nil, 0}, {[]int{3}, 3}, {[]int{9157, 8035}, 8596}, {[]int{4, 1, 3, 2}, 2.5}, {[]int{5, 1, 3}, 3}} {
		if got := health.Median(c.list); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.list, got, c.want)
		}
	}
}
