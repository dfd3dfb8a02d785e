package e2e

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/ui/text"

	"garner/garmin"
	"garner/health"
)

// demoDays is long enough for every story of the demo household: who pauses,
// shares less, takes the watch off, and types that stop. With seed 7 someone
// takes the watch off for whole nights.
const demoDays = 45

// startDemo runs the demo household and waits until its past is there.
func startDemo(t *testing.T, days, seed int) (addr string) {
	t.Helper()
	cmd := exec.Command(box.Program(t, ""), "demo", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--days",
		fmt.Sprint(days), "--seed", fmt.Sprint(seed))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		cmd.Wait() //nolint:errcheck // it was asked to end
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, ok := strings.Cut(lines.Text(), "Garner demo: http://"); ok {
			addr = at
		}
		if strings.Contains(lines.Text(), "days are loaded") {
			go io.Copy(io.Discard, out) //nolint:errcheck // it may go on writing
			return addr
		}
	}
	t.Fatal("the demo ended before its past was there")
	return ""
}

// pages asks the pages of one box and notes where two of them disagree.
type pages struct {
	t     *testing.T
	addr  string
	today health.Day
	// csv is what coverage.csv says: by person, type and date.
	csv   map[string]string
	names map[string]string // of people, by slug
	wrong map[string]bool
	seen  map[string]int // how much was compared, by page
}

func (p *pages) get(path string) string {
	p.t.Helper()
	resp, err := http.Get("http://" + p.addr + path)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return string(text)
}

// state is what the CSV says; what it leaves out was not expected.
func (p *pages) state(slug, typ, date string) string {
	if state, ok := p.csv[p.names[slug]+" "+typ+" "+date]; ok {
		return state
	}
	return health.NotExpected.Key()
}

func (p *pages) check(page, slug, typ, date, got, want string) {
	if p.names[slug] == "" {
		return // of one whose data still change
	}
	p.seen[page]++
	if got != want {
		p.wrong[fmt.Sprintf("%s, %s of %s on %s: %q, and coverage.csv makes it %q", page, typ, slug, date, got, want)] = true
	}
}

// keyOf turns "▨ missing" and "not expected, paused" into the kind's key, and
// gives the reason. "None recorded" is of what comes now and then.
func keyOf(words string) (key, why string) {
	words = strings.TrimSpace(html.UnescapeString(words))
	if now := (health.DayState{Absence: health.NotExpected, Why: health.AsItComes}); strings.HasSuffix(words, text.State(now)) {
		return now.Key(), text.ReasonWord(now.Why)
	}
	for _, a := range append([]health.Absence{health.Present}, health.Absences...) {
		rest := strings.TrimSpace(strings.TrimPrefix(words, a.Symbol()))
		if word, why, _ := strings.Cut(rest, ", "); word == text.AbsenceWord(a) {
			return a.Key(), why
		}
	}
	return words, ""
}

// within is what a measure is that the day's record has nothing of.
func within(key string) string {
	switch key {
	case "present", "partial", "tentative":
		return "off_body"
	}
	return key
}

var (
	cardOf    = regexp.MustCompile(`data-testid="card-([^"]+)"[^>]*>[\s\S]*?<a href="[^"]*">([^<]*)</a>`)
	markOf    = regexp.MustCompile(`href="/p/([^/"]+)/day/([0-9-]+)"[^>]*>\s*<(?:rect|circle)[^>]*><title>[^:<]*: ([^<]*)</title>`)
	pairRowOf = regexp.MustCompile(`<th scope="row"><a href="/p/[^/"]+/day/([0-9-]+)">[^<]*</a></th>\s*<td>([^<]*)</td>`)
	shareOf   = regexp.MustCompile(`>Arrived on (\d+) of (\d+) expected days`)
	monthOf   = regexp.MustCompile(`<th scope="row">([^<]*)</th>((?:\s*<td class="cell[\s\S]*?</td>)+)`)
	cellOf    = regexp.MustCompile(`<td class="cell cover-([a-z_]+)">\s*<a href="/p/[^/"]+/day/([0-9-]+)"`)
	laneOf    = regexp.MustCompile(`class="lane lane-([a-z0-9]+)"[^>]*data-absent="([a-z_]+)"`)
	twinOf    = regexp.MustCompile(`<table data-testid="twin-([a-z0-9]+)">([\s\S]*?)</table>`)
	noNightOf = regexp.MustCompile(`data-testid="no-night">[\s\S]*?<small>([^<]*)</small>`)
	sentence  = regexp.MustCompile(`data-testid="sentence">[\s\S]*?</h1>`)
	stateOf   = regexp.MustCompile(`: (paused|not shared|not supported|disconnected|waiting for first data)\.</span>`)
)

func (p *pages) read() {
	p.csv, p.names = map[string]string{}, map[string]string{}
	rows, err := csv.NewReader(strings.NewReader(p.get("/coverage.csv"))).ReadAll()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, row := range rows[1:] {
		p.csv[row[0]+" "+row[1]+" "+row[2]] = row[3]
	}
	// The data of the person with a key come while the pages are compared.
	box.Until(p.t, "Home shows three people and one with a key", wait, func() bool {
		keyed := 0
		clear(p.names)
		for _, m := range cardOf.FindAllStringSubmatch(p.get("/"), -1) {
			if strings.Contains(p.get("/p/"+m[1]+"/connection"), "the data with a key") {
				keyed++
				continue
			}
			p.names[m[1]] = html.UnescapeString(m[2])
		}
		return len(p.names) == 3 && keyed == 1
	})
}

// delivered is the state of a day of a strip, of the types that the CSV has lines of.
func (p *pages) delivered(slug, date string) string {
	var states []health.DayState
	for _, t := range garmin.Types {
		key := p.state(slug, t.Key, date)
		for _, a := range append([]health.Absence{health.Present}, health.Absences...) {
			if t.Rhythm != "" && a.Key() == key {
				states = append(states, health.DayState{Absence: a})
			}
		}
	}
	return health.DeliveredOn(states).State.Key()
}

// home compares the strips and what is said of tonight's sleep.
func (p *pages) home() {
	page := p.get("/")
	for _, m := range markOf.FindAllStringSubmatch(page, -1) {
		got, _ := keyOf(m[3])
		p.check("Home", m[1], "all types", m[2], got, p.delivered(m[1], m[2]))
	}
	for slug := range p.names {
		_, card, _ := strings.Cut(page, `data-testid="card-`+slug+`"`)
		card, _, _ = strings.Cut(card, "</section>")
		dates := markOf.FindAllStringSubmatch(card, -1)
		if len(dates) == 0 {
			p.t.Fatalf("no strip of %s", slug)
		}
		last := dates[len(dates)-1][2]
		if day, err := health.ParseDay(last); err != nil || day < p.today-1 || day > p.today+1 {
			p.wrong["Home's strip of "+slug+" ends on "+last] = true
		}
		if m := noNightOf.FindStringSubmatch(card); m != nil {
			got, _ := keyOf(m[1])
			p.check("Home's night", slug, "sleeps", last, got, within(p.state(slug, "sleeps", last)))
		}
	}
}

// sync compares the page of each pair: its days, its count, and the state of
// now with that of its last day.
func (p *pages) sync(slug string, t *garmin.Type) {
	page := p.get("/p/" + slug + "/sync/" + t.Key)
	rows := pairRowOf.FindAllStringSubmatch(page, -1)
	if len(rows) != 90 {
		p.t.Fatalf("%d days of %s of %s", len(rows), t.Key, slug)
	}
	of, got := 0, 0
	for _, m := range rows {
		key, _ := keyOf(m[2])
		want := p.state(slug, t.Key, m[1])
		if rhythmless(t.Key) {
			continue
		}
		p.check("Sync", slug, t.Key, m[1], key, want)
		switch want {
		case "present", "partial", "tentative", "off_body":
			of, got = of+1, got+1
		case "missing", "failed":
			of++
		}
	}
	if m := shareOf.FindStringSubmatch(page); m != nil || of > 0 && t.Rhythm != "" {
		want := fmt.Sprintf("%d of %d", got, of)
		p.check("Sync's count", slug, t.Key, "all days", strings.Join(m[1:], " of "), want)
	}
	key, why := keyOf(rows[0][2])
	if m := stateOf.FindStringSubmatch(sentence.FindString(page)); m != nil && key == health.NotExpected.Key() &&
		t.Rhythm != "" {
		p.check("Sync's word", slug, t.Key, rows[0][1], why, m[1])
	}
}

// coverage compares a month's table.
func (p *pages) coverage(slug string, month time.Time) {
	title := map[string]string{}
	for _, t := range garmin.Types {
		title[t.Title] = t.Key
	}
	page := p.get(fmt.Sprintf("/p/%s/coverage?year=%d&month=%d", slug, month.Year(), month.Month()))
	for _, row := range monthOf.FindAllStringSubmatch(page, -1) {
		typ := title[html.UnescapeString(row[1])]
		if rhythmless(typ) {
			continue
		}
		for _, m := range cellOf.FindAllStringSubmatch(row[2], -1) {
			p.check("Coverage", slug, typ, m[2], m[1], p.state(slug, typ, m[2]))
		}
	}
}

// rhythmless reports whether a type comes now and then: of these the CSV has no lines.
func rhythmless(key string) bool {
	t, ok := garmin.Lookup(key)
	return !ok || t.Rhythm == ""
}

var laneTypes = map[string]string{"sleep": "sleeps", "stress": "stressDetails", "battery": "stressDetails",
	"heart": "dailies", "worn": "dailies",
	"steps": "epochs", "spo2": "pulseox", "respiration": "allDayRespiration"}

// day compares the lanes that are empty, and the holes of the others: where
// the record is whole, nothing of it is missing.
func (p *pages) day(slug string, day health.Day) {
	date := day.String()
	page := p.get("/p/" + slug + "/day/" + date)
	lanes := laneOf.FindAllStringSubmatch(page, -1)
	if len(lanes) == 0 {
		word := text.AbsenceWord(health.Present)
		for _, a := range health.Absences {
			if a.Key() == p.state(slug, "dailies", date) {
				word = text.AbsenceWord(a)
			}
		}
		p.check("Day, empty", slug, "dailies", date, fmt.Sprint(strings.Contains(page, word)), "true")
	}
	for _, m := range lanes {
		typ, ok := laneTypes[m[1]]
		state := p.state(slug, typ, date)
		switch {
		case !ok || rhythmless(typ):
		case m[2] != "present":
			want := within(state)
			if m[1] == "sleep" && state == "tentative" {
				want = state
			}
			p.check("Day", slug, typ, date, m[2], want)
		case m[1] != "spo2" && m[1] != "respiration": // these come with the night, too
			p.check("Day", slug, typ, date, fmt.Sprint(state == "missing" || state == "not_expected"), "false")
		}
	}
	for _, m := range twinOf.FindAllStringSubmatch(page, -1) {
		typ := laneTypes[m[1]]
		if m[1] == "steps" {
			typ = "dailies"
		}
		if typ != "" && p.state(slug, typ, date) == "present" && day < p.today-1 {
			p.check("Day's holes", slug, m[1], date, fmt.Sprint(strings.Count(m[2], ">missing<")), "0")
		}
	}
}

func (p *pages) compare() map[string]bool {
	p.wrong, p.seen = map[string]bool{}, map[string]int{}
	p.today = health.DayOf(time.Now().Unix(), 0)
	p.read()
	p.home()
	for slug := range p.names {
		for _, t := range garmin.Types {
			if t.HasRecords() {
				p.sync(slug, t)
			}
		}
		for back := range 2 {
			p.coverage(slug, time.Now().UTC().AddDate(0, 0, -28*back))
		}
		for back := range health.Day(32) {
			p.day(slug, p.today-back)
		}
	}
	return p.wrong
}

// TestNoTwoPagesSayDifferentThingsOfTheSameDay compares twice: the demo's
// watches go on syncing, and only what is wrong both times is wrong.
func TestNoTwoPagesSayDifferentThingsOfTheSameDay(t *testing.T) {
	t.Parallel()
	needsAll(t)
	p := &pages{t: t, addr: startDemo(t, demoDays, 7)}
	first := p.compare()
	if len(first) > 0 {
		second := p.compare()
		for what := range first {
			if second[what] {
				t.Error(what)
			}
		}
	}
	for page, least := range map[string]int{"Home": 42, "Sync": 1500, "Sync's count": 12, "Sync's word": 3,
		"Coverage": 500, "Day": 500, "Day's holes": 200} {
		if p.seen[page] < least {
			t.Errorf("%s: only %d were compared", page, p.seen[page])
		}
	}
	kinds := map[string]int{}
	for _, state := range p.csv {
		kinds[state]++
	}
	for _, kind := range []string{"present", "missing", "off_body"} {
		if kinds[kind] == 0 {
			t.Errorf("the household has nothing that is %s: %v", kind, kinds)
		}
	}
}
