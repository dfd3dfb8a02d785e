package ui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
	"garner/ui/text"
)

func sleepURL(slug string) string { return personURL(slug) + "/sleep" }

func nightURL(slug string, d health.Day) string { return sleepURL(slug) + "/" + d.String() }

func weeksURL(slug string, to health.Day) string { return sleepURL(slug) + "/weeks?to=" + to.String() }

func compareURL(slug string, a, b health.Day) string {
	return fmt.Sprintf("%s/compare?a=%s&b=%s", sleepURL(slug), a, b)
}

// stepURL is the address of a night, empty for none.
func stepURL(slug string, d *health.Day) string {
	if d == nil {
		return ""
	}
	return nightURL(slug, *d)
}

// weeksStep is the address of the weeks up to a night, empty for none.
func weeksStep(slug string, to *health.Day) string {
	if to == nil {
		return ""
	}
	return weeksURL(slug, *to)
}

// stepKey is the key of the keyboard that leads to a neighbour.
func stepKey(rel string) string {
	if rel == "prev" {
		return "ArrowLeft"
	}
	return "ArrowRight"
}

// trustWords say how certain a night is, and what that means.
var trustWords = map[health.Class][2]string{
	health.Final:     {"final", "The watch calls it final."},
	health.Tentative: {"may still change", "The watch calls it provisional; a final version usually follows."},
	health.Edited:    {"entered by hand", "The person has set or changed the times."},
	health.OffWrist:  {"off-wrist: times only", "The watch was not worn; only the times are known."},
}

// NewSleepView writes a night of the page's person for its page.
func NewSleepView(p Page, units Units, n query.FullNight) SleepView {
	w := newNightWriter(p, units, n)
	w.view()
	return w.s
}

// nightWriter writes a night by the means of a day.
type nightWriter struct {
	dayWriter
	n query.FullNight
	s SleepView
}

func newNightWriter(p Page, units Units, n query.FullNight) *nightWriter {
	day := query.Day{Date: n.Date, Clock: n.Clock, From: n.Midnight, To: n.To, First: n.From, Evening: n.From,
		Morning: n.To, Until: n.Until, HeartRate: n.HeartRate, SpO2: n.SpO2, Respiration: n.Respiration,
		Sleep: query.SleepOfDay{State: n.State}, Naps: slices.Clone(n.Naps)}
	if n.Main.Slept() {
		day.Sleep.List = append(day.Sleep.List, n.Main.Sleep)
	}
	for _, s := range n.Further {
		day.Sleep.List = append(day.Sleep.List, s.Sleep)
		day.Naps = append(day.Naps, query.Nap{Start: s.Start, End: s.End, Asleep: s.Asleep, Sleep: true})
	}
	return &nightWriter{n: n, dayWriter: dayWriter{p: p, day: day, v: DayView{Person: *p.Person, Units: units}},
		s: SleepView{Person: *p.Person, Night: n.Date, Prev: n.Prev, Next: n.Next, Status: OK}}
}

func (w *nightWriter) view() {
	n := w.n
	if !n.Main.Slept() && (n.Main == nil || n.Main.Class != health.OffWrist) {
		w.nothing()
		return
	}
	trust := trustWords[n.Main.Class]
	w.s.Trust, w.s.Meaning = trust[0], trust[1]
	w.s.Sentence, w.s.Facts = w.sentence(), w.facts()
	if n.Main.Class == health.Tentative {
		w.s.Status = Late
	}
	w.age()
	w.s.Ribbon = w.ribbon()
	w.s.Stages, w.s.Naps, w.s.Versions = stageRows(n.Main.Stages), w.naps(), w.versions()
	w.s.Exports = w.exports()
	w.s.Devices, w.s.Origins, w.s.Simulated = n.Devices, n.Origins, n.Simulated && !w.p.Demo
}

// age says how old the newest night is: that of yesterday may still be followed by one of
// today.
func (w *nightWriter) age() {
	switch age := w.n.Age; {
	case age > fresh:
		w.s.Status = Late
		w.s.Facts = append([]string{"the newest night, " + Count(age) + " days ago"}, w.s.Facts...)
	case age > 0 && w.s.Status == OK:
		w.s.Status = NoData
		w.s.Facts = append([]string{"the newest night, yesterday"}, w.s.Facts...)
	}
}

// nothing says why there is no night.
func (w *nightWriter) nothing() {
	w.s.Status = NoData
	w.s.Sentence = "No sleep for this night: " + text.State(w.n.State) + "."
	w.s.Empty = &Empty{What: "This page shows stages, heart rate, HRV, blood oxygen and respiration of the night.",
		Why: text.Absence(w.n.State.Absence), Next: &Link{"The newest night", sleepURL(w.s.Person.Slug)},
		When: "After the next sync, if the watch was worn at night."}
}

// ribbon is the hypnogram over what was measured in the night.
func (w *nightWriter) ribbon() chart.Ribbon {
	heart := w.heartLane()
	heart.Height = 88
	if f := w.n.HeartRate.Figures; f.N > 0 {
		heart.Sentence = fmt.Sprintf("Between %.0f and %.0f bpm asleep.", f.Low, f.High)
	}
	return w.night(heart, w.sparseLane("hrv", "HRV", w.n.HRV, 0, 0),
		w.sparseLane("spo2", "Blood oxygen", w.n.SpO2, 80, 100),
		w.sparseLane("respiration", "Respiration", w.n.Respiration, 0, 0))
}

// sentence says the night in one line.
func (w *nightWriter) sentence() string {
	main, usual := w.n.Main, w.n.Usual.Asleep
	if main.Class == health.OffWrist {
		return "The watch was not worn in this night."
	}
	text := "Asleep " + Duration(main.Asleep)
	switch diff := (main.Asleep - usual).Round(time.Minute); {
	case usual == 0:
	case diff == 0:
		text += ", as long as usual"
	case diff > 0:
		text += ", " + Duration(diff) + " longer than usual"
	default:
		text += ", " + Duration(-diff) + " shorter than usual"
	}
	return text + "."
}

// facts are what else is to say in short.
func (w *nightWriter) facts() []string {
	main := w.n.Main
	start, end := w.on(main.Start), w.on(main.End)
	out := []string{"from " + w.p.Time(start) + " to " + w.p.Time(end) + " on the watch's clock, " + Zone(start)}
	if Zone(start) != Zone(end) {
		out[0] += " and later " + Zone(end)
	}
	if main.Score != nil {
		score := fmt.Sprintf("score %.0f", *main.Score)
		if main.Qualifier != "" {
			score += ", " + strings.ToLower(main.Qualifier)
		}
		out = append(out, score)
	}
	if u := w.n.Usual; u.Asleep > 0 {
		out = append(out, fmt.Sprintf("usual %s, the median of %s", Duration(u.Asleep), Plural(u.Nights, "night", "nights")))
	} else {
		out = append(out, fmt.Sprintf("no usual yet: %s before it", Plural(u.Nights, "night", "nights")))
	}
	return out
}

var stageWords = map[string]string{"deep": "Deep", "light": "Light", "rem": "REM", "awake": "Awake",
	unmeasurable: "Not measured"}

// unmeasurable is the stage of time of which the watch could not say what it was.
const unmeasurable = "unmeasurable"

// stageRows are the stages with their shares of the whole night.
func stageRows(stages []query.Stage) (out []StageRow) {
	var all time.Duration
	for _, s := range stages {
		all += s.Length
	}
	for _, s := range stages {
		if s.Name == unmeasurable && s.Length == 0 {
			continue // that all was measured says nothing
		}
		row := StageRow{Class: s.Name, Word: stageWords[s.Name], Length: s.Length, Percent: missing}
		if all > 0 {
			row.Percent = Units{}.Format(Val(100*s.Length.Seconds()/all.Seconds(), health.Percent, 0))
		}
		out = append(out, row)
	}
	return out
}

// versions are those that arrived of the night, the newest first.
func (w *nightWriter) versions() (out []VersionRow) {
	for _, v := range slices.Backward(w.n.Main.Versions) {
		row := VersionRow{Received: time.UnixMilli(v.Received).In(w.on(w.n.Midnight).Location()),
			Trust: trustWords[v.Order.Class][0], Delivery: v.Order.Arrival.Delivery, Shown: v.Current}
		if v.End > v.Start {
			row.Times = w.p.Time(w.on(v.Start)) + dash + w.p.Time(w.on(v.End))
		}
		out = append(out, row)
	}
	return out
}

// exports are the ways to take the night away.
func (w *nightWriter) exports() (out []Link) {
	for _, f := range []struct{ text, typ, part string }{
		{"The night", "sleeps", ""}, {"Its stages", "sleeps", "table=sleep_levels&"},
		{"Heart rate", "dailies", "series=heart_rate&"}, {"HRV", "hrv", "series=hrv&"},
		{"Blood oxygen", "sleeps", "series=spo2&"}, {"Respiration", "sleeps", "series=respiration&"},
	} {
		from := w.n.Date
		if f.typ == "dailies" {
			from--
		}
		out = append(out, Link{f.text, fmt.Sprintf("%s/export/%s?%sfrom=%s&to=%s", personURL(w.s.Person.Slug), f.typ,
			f.part, from, w.n.Date)})
	}
	return out
}

// NewCompareView sets two nights side by side, on one axis.
func NewCompareView(p Page, units Units, a, b query.FullNight) CompareView {
	left, right := newNightWriter(p, units, a), newNightWriter(p, units, b)
	// One axis: as much before and after midnight as either needs.
	before := max(a.Midnight-a.From, b.Midnight-b.From)
	after := max(a.To-a.Midnight, b.To-b.Midnight)
	for i, w := range []*nightWriter{left, right} {
		w.day.Evening, w.day.Morning = w.n.Midnight-before, w.n.Midnight+after
		w.view()
		w.s.Ribbon.ID = string(rune('a'+i)) + "-"
	}
	for i := range left.s.Ribbon.Lanes {
		for k := range right.s.Ribbon.Lanes {
			if x, y := &left.s.Ribbon.Lanes[i], &right.s.Ribbon.Lanes[k]; x.Key == y.Key {
				chart.OnOneScale(x, y)
			}
		}
	}
	return CompareView{Person: *p.Person, A: left.s, B: right.s, Rows: compareRows(a, b),
		Sentence: compareSentence(a, b)}
}

func compareSentence(a, b query.FullNight) string {
	if !a.Main.Slept() || !b.Main.Slept() {
		return "One of the two nights has no sleep."
	}
	switch diff := (b.Main.Asleep - a.Main.Asleep).Round(time.Minute); {
	case diff > 0:
		return fmt.Sprintf("%s longer asleep in the night to %s.", Duration(diff), ShortDate(b.Date))
	case diff < 0:
		return fmt.Sprintf("%s longer asleep in the night to %s.", Duration(-diff), ShortDate(a.Date))
	}
	return "Both nights are equally long."
}

// compareRows are the figures of both nights.
func compareRows(a, b query.FullNight) []CompareRow {
	row := func(label string, x, y time.Duration, ok1, ok2 bool) CompareRow {
		r := CompareRow{label, missing, missing, missing}
		if ok1 {
			r.A = Duration(x)
		}
		if ok2 {
			r.B = Duration(y)
		}
		if ok1 && ok2 {
			r.Difference = signed(y < x, Duration((y - x).Abs()))
		}
		return r
	}
	var x, y time.Duration
	if a.Main.Slept() {
		x = a.Main.Asleep
	}
	if b.Main.Slept() {
		y = b.Main.Asleep
	}
	out := []CompareRow{row("Asleep", x, y, a.Main.Slept(), b.Main.Slept())}
	for _, name := range []string{"deep", "light", "rem", "awake", unmeasurable} {
		x, ok1 := a.Main.Stage(name)
		y, ok2 := b.Main.Stage(name)
		if name == unmeasurable && x == 0 && y == 0 {
			continue
		}
		out = append(out, row(stageWords[name], x, y, ok1, ok2))
	}
	score := CompareRow{"Score", bareScore(a.Main), bareScore(b.Main), missing}
	if a.Main != nil && b.Main != nil && a.Main.Score != nil && b.Main.Score != nil {
		more := *b.Main.Score - *a.Main.Score
		score.Difference = signed(more < 0, grouped(math.Abs(more), 0))
	}
	return append(out, score)
}

// signed is the size of a difference with its sign.
func signed(less bool, size string) string {
	if less {
		return "−" + size
	}
	return "+" + size
}

// scoreOf is a sleep's score with Garmin's word for it.
func scoreOf(s *query.NightSleep) string {
	if s == nil || s.Score == nil {
		return missing
	}
	return strings.TrimSuffix(fmt.Sprintf("%.0f, %s", *s.Score, strings.ToLower(s.Qualifier)), ", ")
}

// bareScore is a sleep's score without a word.
func bareScore(s *query.NightSleep) string {
	if s == nil || s.Score == nil {
		return missing
	}
	return grouped(*s.Score, 0)
}

// weeksLegend are the stages that bars show, in the order of their key.
var weeksLegend = []string{"deep", "light", "rem", "awake", unmeasurable}

// bothDevices are the devices of both nights.
func bothDevices(v CompareView) []string {
	out := slices.Clone(v.A.Devices)
	for _, d := range v.B.Devices {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}
