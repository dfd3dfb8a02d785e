package pages

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/query"
	"garner/ui"
	"garner/ui/chart"
)

// stripDays is how many days the strip of a card shows.
const stripDays = 14

// cardTypes are the types whose values a card shows.
var cardTypes = []string{garmin.Dailies.Key, garmin.HRV.Key, garmin.StressDetails.Key, garmin.Sleeps.Key}

// cardReadings are the metrics of a person's last two days that a card shows.
func (s *Site) cardReadings(ctx context.Context, person int64, day health.Day) (out []health.Reading, err error) {
	for _, typ := range append([]string{""}, cardTypes...) {
		readings, err := s.store.ReadingsOf(ctx, person, typ, day-1, day)
		if err != nil {
			return nil, err
		}
		out = append(out, readings...)
	}
	return out, nil
}

// card gathers one person's short account: whole for a card, or what a line of
// the list shows.
func (s *Site) card(r *http.Request, v *statusPage, person *db.Person, seen db.Seen, state personState,
	whole bool) (ui.PersonCard, error) {
	ctx := r.Context()
	c := ui.PersonCard{Person: link(person), Units: ui.Units(person.Units), DataUpTo: seen.Sample, Received: seen.Received}
	c.Status, c.Note = state.status, state.words
	day, err := s.store.NewestDay(ctx, person.ID)
	if errors.Is(err, db.ErrNotFound) {
		c.DataUpTo = time.Time{}
		c.Note = "Nothing has arrived yet. First data usually come after the next watch sync."
		return c, nil
	}
	if err != nil {
		return c, err
	}
	at := v.at(person.ID)
	if at < 0 {
		return c, nil // added since the watch looked
	}
	known, err := v.home.Coverage(ctx, at)
	if err != nil {
		return c, err
	}
	c.Day, c.Today = day, known.Today
	if c.Status == ui.OK {
		c.Note = ""
	}
	if err := s.cardValues(ctx, person, known, &c); err != nil {
		return c, err
	}
	if whole { // a line of the list shows less
		c.DataUpTo = c.DataUpTo.In(s.zone(ctx, person.ID))
		for _, fill := range []func(context.Context, *db.Person, *ui.PersonCard) error{s.fillNight, s.fillBattery,
			s.fillActivity} {
			if err := fill(ctx, person, &c); err != nil && !errors.Is(err, db.ErrNotFound) {
				return c, err
			}
		}
	}
	return c, nil
}

// cardValues fills the values of the newest days, each with its date where that
// is not today, or with why there is none.
func (s *Site) cardValues(ctx context.Context, person *db.Person, known *query.Coverage, c *ui.PersonCard) error {
	readings, err := s.cardReadings(ctx, person.ID, c.Day)
	if err != nil {
		return err
	}
	why := map[string]health.DayState{}
	for _, typ := range cardTypes {
		if why[typ], err = known.Of(ctx, typ, c.Today); err != nil {
			return err
		}
	}
	last := newestOf(readings)
	if c.Simulated, err = s.simulated(ctx, person.ID, last); err != nil {
		return err
	}
	c.RestingHR = vital(last, "resting_heart_rate", health.BPM, c.Today, why[garmin.Dailies.Key])
	c.Steps = vital(last, "steps", health.None, c.Today, why[garmin.Dailies.Key])
	c.BodyBattery = vital(last, "body_battery_high", health.None, c.Today, why[garmin.StressDetails.Key])
	c.HRV = vital(last, "hrv", health.Millisecond, c.Today, why[garmin.HRV.Key])
	bandOf(&c.HRV, last)
	c.NightWhy = why[garmin.Sleeps.Key]
	if asleep, ok := last["sleep"]; ok {
		c.Night = &ui.Night{Day: asleep.Day, Asleep: time.Duration(asleep.Value) * time.Second}
	}
	return s.fillStrip(ctx, known, c)
}

// shown are the metrics that a card shows; see cardValues.
var shown = []string{"resting_heart_rate", "steps", "body_battery_high", "hrv", "sleep"}

// simulated says whether any of the values that a card shows was made up by
// Garmin's Data Generator; a demo says so of everything.
func (s *Site) simulated(ctx context.Context, person int64, last map[string]health.Reading) (bool, error) {
	for _, metric := range shown {
		r, ok := last[metric]
		if !ok || s.Demo {
			continue
		}
		covers, err := s.store.CoverageOf(ctx, person, r.Type, r.Day, r.Day)
		if err != nil || len(covers) > 0 && covers[0].Simulated {
			return err == nil, err
		}
	}
	return false, nil
}

// newestOf gives each metric's value of the newest day that has one.
func newestOf(readings []health.Reading) map[string]health.Reading {
	newest, main := map[string][]health.Reading{}, health.MainSleeps(readings)
	for _, r := range readings {
		if m, _ := garmin.MetricNamed(r.Metric); !m.Counts(r, main) {
			continue
		}
		switch have := newest[r.Metric]; {
		case have == nil || r.Day > have[0].Day:
			newest[r.Metric] = []health.Reading{r}
		case r.Day == have[0].Day:
			newest[r.Metric] = append(have, r)
		}
	}
	out := map[string]health.Reading{}
	for name, list := range newest {
		m, _ := garmin.MetricNamed(name)
		if x, at, ok := garmin.DayValue(m, list, main); ok {
			list[at].Value = x // of a sum it is all of them
			out[name] = list[at]
		}
	}
	return out
}

func vital(last map[string]health.Reading, metric string, unit health.Unit, today health.Day,
	why health.DayState) ui.Vital {
	r, ok := last[metric]
	if !ok {
		return ui.Vital{Why: why.Within()}
	}
	v := ui.Vital{Value: ui.Val(r.Value, unit, 0)}
	if r.Day != today {
		v.Age = "of " + ui.ShortDate(r.Day)
	}
	return v
}

// bandOf compares the HRV of a night with the person's own range.
func bandOf(v *ui.Vital, last map[string]health.Reading) {
	low, ok1 := last["hrv_band_low"]
	high, ok2 := last["hrv_band_high"]
	if !v.OK || !ok1 || !ok2 {
		return
	}
	v.Low, v.High, v.Status = math.Round(low.Value), math.Round(high.Value), ui.OK
	switch x := v.V; {
	case x < v.Low:
		v.Note, v.Status = fmt.Sprintf("below your usual %.0f–%.0f", v.Low, v.High), ui.Late
	case x > v.High:
		v.Note = fmt.Sprintf("above your usual %.0f–%.0f", v.Low, v.High)
	default:
		v.Note = fmt.Sprintf("in your usual %.0f–%.0f", v.Low, v.High)
	}
}

// zone is the clock that the person's watch showed last.
func (s *Site) zone(ctx context.Context, person int64) *time.Location {
	return query.Zone(ctx, query.Operator(), s.store, person)
}

// at is a clock ahead of UTC by what a record says.
func at(offset *int32) *time.Location {
	if offset == nil {
		return time.UTC
	}
	return time.FixedZone("", int(*offset))
}

func (s *Site) fillNight(ctx context.Context, person *db.Person, c *ui.PersonCard) error {
	_, last, err := s.store.TypeDays(ctx, person.ID, garmin.Sleeps.Key)
	if err != nil || last < c.Day-1 {
		return err
	}
	parts, err := s.partsOf(ctx, person.ID, []*garmin.Type{garmin.Sleeps}, last)
	if err != nil {
		return err
	}
	main := mainSleep(parts[garmin.Sleeps.Key])
	if main < 0 {
		return nil
	}
	night := parts[garmin.Sleeps.Key][main]
	rec, v := night.rec, night.v
	score, _ := v.Path("overallSleepScore.value").Int()
	c.Night = &ui.Night{
		Day: rec.Day, Start: time.Unix(rec.Start, 0).In(at(rec.Offset)), End: time.Unix(rec.End, 0).In(at(rec.Offset)),
		Asleep: timeAsleep(night), Score: int(score),
		ScoreWord: garmin.Shorten(v.Path("overallSleepScore.qualifierKey").Text(), mostName),
		Stages:    stages(rec, v), Tentative: rec.Order.Class == health.Tentative,
	}
	return nil
}

// What a page draws is bounded by what a person can see of it, not by what an
// element holds: a night in minutes, and the beginning of names and notes.
const (
	mostStages = 480
	mostName   = 60
)

// stages are a night's levels as blocks; one block where the device gives
// none.
func stages(rec *health.Record, v element.Value) []chart.Block {
	var out []chart.Block
	for l := range garmin.Levels(v) {
		name := garmin.Shorten(l.Name, mostName)
		out = append(out, chart.Block{From: l.From * 1000, To: l.To * 1000, Class: name, Label: name})
	}
	if out == nil && rec.End > rec.Start && rec.Order.Class != health.OffWrist {
		out = []chart.Block{{From: rec.Start * 1000, To: rec.End * 1000, Class: "asleep",
			Label: "asleep; no stages came with this night"}}
	}
	sortBlocks(out)
	return chart.Condense(out, rec.Start*1000, rec.End*1000, mostStages)
}

// fillBattery shows the newest sample instead of the day's high.
func (s *Site) fillBattery(ctx context.Context, person *db.Person, c *ui.PersonCard) error {
	rec, err := s.store.Newest(ctx, person.ID, garmin.StressDetails.Key)
	if err != nil || rec.Day < c.Day {
		return err
	}
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return err
	}
	if battery, ok := seriesOf(garmin.StressDetails, "body_battery"); ok {
		battery.Each(v, rec.Start, func(_ int64, n element.Num) bool {
			if x := n.Float(); x >= 0 {
				c.BodyBattery.Value, c.BodyBattery.Age = ui.Val(x, health.None, 0), ""
				if rec.Day != c.Today {
					c.BodyBattery.Age = "of " + ui.ShortDate(rec.Day)
				}
			}
			return true
		})
	}
	return nil
}

func (s *Site) fillActivity(ctx context.Context, person *db.Person, c *ui.PersonCard) error {
	newest, err := s.newestActivity(ctx, person.ID)
	if err != nil {
		return err
	}
	c.Activity = activityLine(newest, c.Person.Slug)
	c.Simulated = c.Simulated || newest.rec.Simulated() && !s.Demo
	if newest.rec.Device != "" {
		c.Devices = []string{newest.rec.Device}
	}
	return nil
}

func activityLine(activity part, slug string) *ui.ActivityLine {
	rec, v := activity.rec, activity.v
	seconds, _ := v.Get("durationInSeconds").Float()
	return &ui.ActivityLine{
		Name: activityName(v), Start: time.Unix(rec.Start, 0).In(at(rec.Offset)),
		Duration: time.Duration(seconds) * time.Second,
		Distance: amount(v, "distanceInMeters", health.Meter), Calories: amount(v, "activeKilocalories", health.Kilocalorie),
		HeartAvg: amount(v, "averageHeartRateInBeatsPerMinute", health.BPM), Device: rec.Device,
		URL: fmt.Sprintf("/p/%s/day/%s", slug, rec.Day),
	}
}

func activityName(v element.Value) string {
	if name := v.Get("activityName").Text(); name != "" {
		return garmin.Shorten(name, mostName)
	}
	return garmin.Shorten(v.Get("activityType").Text(), mostName)
}

func amount(v element.Value, name string, unit health.Unit) ui.Value {
	x, ok := v.Get(name).Float()
	if !ok || x <= 0 {
		return ui.Value{Unit: unit}
	}
	return ui.Val(x, unit, 0)
}

// fillStrip shows for each of the last days, up to today, what is known of the
// daily summary.
func (s *Site) fillStrip(ctx context.Context, known *query.Coverage, c *ui.PersonCard) error {
	j, ok := known.Type(garmin.Dailies.Key)
	if !ok {
		return nil
	}
	first := c.Today - stripDays + 1
	states, err := known.Days(ctx, j, first, c.Today)
	c.Strip = stripOf(c.Person.Slug, first, states)
	return err
}
