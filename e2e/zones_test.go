package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// zonesOf are where people of the test live besides Ada, who flies to Tokyo, and Ben, who
// flies over the date line: from UTC-11 to UTC+14, with clocks that change by half an hour.
var zonesOf = []string{"", "", "", "Pacific/Pago_Pago", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Auckland", "Pacific/Kiritimati"}

// told is what the simulated world says of a summary.
type told struct {
	Date     string `json:"calendarDate"`
	Start    int64  `json:"startTimeInSeconds"`
	Offset   int64  `json:"startTimeOffsetInSeconds"`
	Duration int64  `json:"durationInSeconds"`
}

// midnight is when the day's page ends.
func (s told) midnight() int64 { return s.Start + s.Duration }

// clock is the time of day by the offset of the summary.
func (s told) clock() time.Time { return time.Unix(s.Start+s.Offset, 0).UTC() }

func TestDaysAndClocksAreThePersonsWhereverTheServerIs(t *testing.T) {
	t.Parallel()
	w := simulator.New(simulator.Config{Seed: 7, People: len(zonesOf), Days: 400, Until: box.LastNoon, Zones: zonesOf,
		Stories: true})
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{Env: []string{"TZ=America/Caracas"}})
	days, nights := map[string][]told{}, map[string][]told{}
	var list []simulator.Delivery
	for i, p := range w.People() {
		for _, date := range oddDates(w, i) {
			for _, d := range w.Final(i, date) {
				switch d.Type {
				case "dailies":
					days[p.Name] = append(days[p.Name], tellings(t, &d)...)
				case "sleeps":
					nights[p.Name] = append(nights[p.Name], tellings(t, &d)...)
				}
				if len(d.Body) > 200<<10 {
					continue // long activities would only make the test slow
				}
				list = append(list, d)
			}
		}
	}
	b.Push(list)
	b.Drained()
	for _, p := range w.People() {
		if len(days[p.Name]) < 2 || p.Name != "Mira Lindqvist" && len(nights[p.Name]) < 2 {
			t.Errorf("%s has %d days and %d nights", p.Name, len(days[p.Name]), len(nights[p.Name]))
		}
		wantPages(t, b, p.Name, days[p.Name], nights[p.Name])
		wantRows(t, b, p.Name, "dailies", days[p.Name])
		wantRows(t, b, p.Name, "sleeps", nights[p.Name])
	}
}

// oddDates are the newest dates of each odd length, with the dates beside them: clock
// changes and flights. Who has none has the last two days.
func oddDates(w *simulator.World, person int) (out []time.Time) {
	seen := map[int64]bool{86400: true}
	var last time.Time
	for back := 400; back > 7; back-- {
		date := box.LastNoon.AddDate(0, 0, -back)
		length := w.DateLength(person, date)
		if back > 9 && seen[length] {
			continue
		}
		seen[length] = true
		for _, near := range []int{-1, 0, 1} {
			if day := date.AddDate(0, 0, near); day.After(last) {
				out, last = append(out, day), day
			}
		}
	}
	return out
}

// slugOf is a name in addresses, of those in this test.
func slugOf(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "-", "ö", "o").Replace(name))
}

func tellings(t *testing.T, d *simulator.Delivery) []told {
	t.Helper()
	var body map[string][]told
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body[d.Type]
}

var ofDay = regexp.MustCompile(`data-from="(\d+)"\s+data-to="(\d+)"`)

// wantPages wants the page of each day to begin no later and to end when the watch says,
// and to say when the person went to bed by their own clock. A page whose night began in
// the evening begins then.
func wantPages(t *testing.T, b *box.Box, name string, days, nights []told) {
	t.Helper()
	for _, day := range days {
		page := fetch(t, b.Reader(), "http://"+b.Addr+"/p/"+slugOf(name)+"/day/"+day.Date)
		fits := false
		for _, m := range ofDay.FindAllSubmatch(page, -1) {
			from, errFrom := strconv.ParseInt(string(m[1]), 10, 64)
			to, errTo := strconv.ParseInt(string(m[2]), 10, 64)
			fits = fits || errors.Join(errFrom, errTo) == nil && from <= day.Start*1000 &&
				from > (day.Start-86400)*1000 && to == day.midnight()*1000
		}
		if !fits {
			t.Errorf("%s, %s: the page is of %q, want %d to %d", name, day.Date, ofDay.FindAll(page, -1),
				day.Start*1000, day.midnight()*1000)
		}
		for _, night := range nights {
			if bed := night.clock().Format("15:04"); night.Date == day.Date && !bytes.Contains(page, []byte(bed)) {
				t.Errorf("%s, night to %s: the page does not say %s", name, night.Date, bed)
			}
		}
	}
	for _, night := range nights {
		wantNight(t, b, name, night)
	}
}

// wantNight wants the page of a night to begin by the person's own clock.
func wantNight(t *testing.T, b *box.Box, name string, night told) {
	t.Helper()
	page := fetch(t, b.Reader(), "http://"+b.Addr+"/p/"+slugOf(name)+"/sleep/"+night.Date)
	if bed := night.clock().Format("15:04"); !bytes.Contains(page, []byte(bed)) {
		t.Errorf("%s: the page of the night to %s does not say %s", name, night.Date, bed)
	}
}

// wantRows wants the same days and clocks in an export.
func wantRows(t *testing.T, b *box.Box, name, kind string, want []told) {
	t.Helper()
	text := fetch(t, b.Reader(), "http://"+b.Addr+"/p/"+slugOf(name)+"/export/"+kind)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, row := range rows {
		got[fmt.Sprint(row[1:5])] = true
	}
	for _, s := range want {
		row := fmt.Sprint([]string{s.Date, time.Unix(s.Start, 0).UTC().Format(time.RFC3339),
			s.clock().Format("2006-01-02T15:04:05"), strconv.FormatInt(s.Offset, 10)})
		if !got[row] {
			t.Errorf("%s: %s.csv has no %s", name, kind, row)
		}
	}
	if len(rows)-1 != len(want) {
		t.Errorf("%s: %s.csv has %d rows, want %d", name, kind, len(rows)-1, len(want))
	}
}
