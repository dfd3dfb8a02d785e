package pages

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/ui"
	"garner/ui/chart"
)

// medianDays is how many days before a day its values are compared with.
const medianDays = 28

// medianLeast is how many of them must have a value.
const medianLeast = 7

// newestDay leads to the day that is asked for, or to the newest with data.
func (s *Site) newestDay(r *http.Request) (answer, error) {
	person, err := s.store.PersonBySlug(r.Context(), mux.Vars(r)["slug"])
	if err != nil {
		return answer{}, err
	}
	if date := r.URL.Query().Get("date"); date != "" {
		day, err := health.ParseDay(date)
		if err != nil {
			return answer{}, badRequest("That is no date such as 2026-11-23.")
		}
		return redirect(fmt.Sprintf("/p/%s/day/%s", person.Slug, day))
	}
	day, err := s.store.NewestDay(r.Context(), person.ID)
	if errors.Is(err, db.ErrNotFound) {
		day, err = health.DayOf(time.Now().Unix(), 0), nil
	}
	if err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/p/%s/day/%s", person.Slug, day))
}

func (s *Site) day(r *http.Request) (answer, error) {
	day, err := health.ParseDay(mux.Vars(r)["date"])
	if err != nil {
		return answer{}, &statusError{http.StatusNotFound, "That is no date such as 2026-11-23."}
	}
	p, err := s.base(r, ui.Date(day), ui.NavDay)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	p.Title = ui.ShortDate(day) + " · " + person.Name
	d := &dayPage{s: s, r: r, person: person, day: day, now: p.Now,
		v: ui.DayView{Person: link(person), Units: ui.Units(person.Units), Day: day, Status: ui.OK}}
	if err := d.fill(); err != nil {
		return answer{}, err
	}
	return render(ui.Day(p, d.v))
}

// dayPage gathers one day.
type dayPage struct {
	s      *Site
	r      *http.Request
	person *db.Person
	day    health.Day
	now    time.Time
	v      ui.DayView

	parts    map[string][]part // of the day, by type
	before   map[string][]part // of the day before
	clock    health.Clock
	from, to int64 // the day's bounds, unix seconds
	night    int64 // where the day's night began, from where it did not before midnight
	first    int64 // from where the page draws: the full hour before night
	// known says of each type why it is absent, evening of the day before.
	known, evening map[string]health.DayState
}

func (d *dayPage) fill() error {
	if err := d.neighbours(); err != nil {
		return err
	}
	if err := d.load(); err != nil {
		return err
	}
	if err := d.know(); err != nil {
		return err
	}
	if len(d.parts) == 0 {
		d.empty()
		return nil
	}
	for _, step := range []func() error{d.loadEvening, d.bounds, d.lanes, d.metrics, d.lists} {
		if err := step(); err != nil {
			return err
		}
	}
	d.words()
	return nil
}

// neighbours are the days before and after, within what there is.
func (d *dayPage) neighbours() error {
	newest, err := d.s.store.NewestDay(d.r.Context(), d.person.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	prev, next := d.day-1, d.day+1
	d.v.Prev = &prev
	if d.day < newest {
		d.v.Next = &next
	}
	return nil
}

func (d *dayPage) empty() {
	d.v.Status = ui.NoData
	d.v.Sentence = "Nothing is here for this day: " + d.known[garmin.Dailies.Key].Word() + "."
	d.v.Empty = &ui.Empty{What: "The day's sleep, stress, heart rate, steps and activities.",
		Why:  d.known[garmin.Dailies.Key].Meaning(),
		Next: &ui.Link{Text: "The newest day", URL: "/p/" + d.person.Slug + "/day"},
		When: "After the next sync, if the watch was worn."}
	if d.day > health.DayOf(d.now.Unix(), 14*3600) {
		d.v.Sentence, d.v.Empty.Why = "This day has not come yet.", "It lies in the future."
	}
}

// simulated names the types that Garmin's Data Generator made up for the day; a
// demo says of everything that it is made up.
func (d *dayPage) simulated() string {
	var titles []string
	for _, t := range garmin.Types {
		isSimulated := func(p part) bool { return p.rec.Simulated() }
		if !d.s.Demo && slices.ContainsFunc(d.parts[t.Key], isSimulated) {
			titles = append(titles, t.Title)
		}
	}
	return strings.Join(titles, ", ")
}

// words fill the header.
func (d *dayPage) words() {
	d.v.Clock, d.v.ClockNote = ui.Zone(d.on(d.from)), d.clockNote()
	d.v.Sentence = d.sentence()
	d.v.Simulated = d.simulated()
	for _, t := range garmin.Types {
		if len(d.parts[t.Key]) > 0 {
			d.v.Exports = append(d.v.Exports, ui.Link{Text: t.Title,
				URL: fmt.Sprintf("/p/%s/export/%s?from=%s&to=%s", d.person.Slug, t.Key, d.day, d.day)})
		}
	}
	seen := map[int64]bool{}
	for _, t := range garmin.Types {
		for _, part := range d.parts[t.Key] {
			if id := part.rec.Order.Arrival.Delivery; !seen[id] && len(d.v.Deliveries) < 30 && !t.Packed {
				seen[id] = true
				d.v.Deliveries = append(d.v.Deliveries, ui.Link{Text: fmt.Sprintf("%s, delivery %d", t.Title, id),
					URL: fmt.Sprintf("/inbox/%d", id)})
			}
			if name := part.rec.Device; name != "" && !slices.Contains(d.v.Devices, name) {
				d.v.Devices = append(d.v.Devices, name)
			}
		}
	}
}

// sentence says the day in one line.
func (d *dayPage) sentence() string {
	text := ""
	for _, g := range d.v.Groups {
		for _, row := range g.Rows {
			if row.Name == "sleep" || row.Name == "steps" {
				if text != "" {
					text += ", "
				}
				text += d.v.Units.Format(row.Value)
				if row.Name == "sleep" {
					text += " asleep"
				} else {
					text += " steps"
				}
			}
		}
	}
	if text == "" {
		return "Some of this day has arrived."
	}
	if d.v.Ribbon.Until > 0 {
		text += " so far"
	}
	return text + "."
}

func sortBlocks(blocks []chart.Block) {
	slices.SortFunc(blocks, func(a, b chart.Block) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
}
