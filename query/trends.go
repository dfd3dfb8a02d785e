package query

import (
	"context"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Trend is one metric over days.
type Trend struct {
	health.Metric
	// Days are those from the first to the last one asked for, each once.
	Days []TrendDay
	// Word stands for the newest value of a metric that is a status; empty for numbers.
	Word string
}

// TrendDay is the value of a metric on one day, or why there is none.
type TrendDay struct {
	Day health.Day
	// Value is 0 if there is none; Has tells.
	Value float64
	Has   bool
	// State says why there is no value. With a value, it is Present, Partial for a
	// day of which only a part came, or Provisional for one that may still change.
	State health.DayState
	// SoFar means that the day is not over and the value grows with it. Such a value
	// counts neither for Mean nor for later days.
	SoFar bool
	// Mean is that of the values of the health.MeanDays days that end with this one.
	Mean health.Mean
	// Usual is the usual range by the health.UsualDays days before, if Known. That of the
	// HRV is the derived one, by which its status is judged: it includes the day itself.
	Usual health.Band
	Known bool
}

// Newest is the index of the newest day that has a value, -1 for none.
func (t *Trend) Newest() int {
	for i := len(t.Days) - 1; i >= 0; i-- {
		if t.Days[i].Has {
			return i
		}
	}
	return -1
}

// Whole counts the days that are over and have a value, of how many, and those left out
// because they are not over.
func (t *Trend) Whole() (n, of, soFar int) {
	for i := range t.Days {
		switch d := &t.Days[i]; {
		case d.SoFar:
			soFar++
		case d.Has:
			n++
		}
	}
	return n, len(t.Days) - soFar, soFar
}

// Change is by how much the mean of the newest week is more than that of the first one; ok
// is false if the weeks overlap or one has no value.
func (t *Trend) Change() (by float64, ok bool) {
	at := t.Newest()
	if at < 2*health.MeanDays-1 {
		return 0, false
	}
	first, last := t.Days[health.MeanDays-1].Mean, t.Days[at].Mean
	return last.Value - first.Value, first.N > 0 && last.N > 0
}

// Step is by how much the newest value is more than the first one; ok is false if they are
// the same value.
func (t *Trend) Step() (by float64, ok bool) {
	first, last := slices.IndexFunc(t.Days, func(d TrendDay) bool { return d.Has }), t.Newest()
	if first == last {
		return 0, false
	}
	return t.Days[last].Value - t.Days[first].Value, true
}

// trendStep is how many days of readings are read at a time.
const trendStep = 732

// Trends are metrics of a person on the days from from to to, both included, in the
// order of their names, each once. Names that are no metric are left out. It makes a number of
// statements that depends on the types of the metrics and, beyond two years, on the
// days. It returns an error if the viewer may not read the person's values.
func (q *Reader) Trends(ctx context.Context, person *db.Person, names []string, from, to health.Day) ([]Trend, error) {
	if err := q.Viewer.readsOf(person.ID); err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return isPrivateMetric(name) && !q.Viewer.offersPrivate(person)
	})
	out := trendsOf(names, from, to)
	if len(out) == 0 || to < from {
		return out, nil
	}
	r := trendReader{q: q, person: person.ID, from: from, to: to}
	if err := r.begin(ctx); err != nil {
		return nil, err
	}
	if err := r.read(ctx, out); err != nil {
		return nil, err
	}
	for i := range out {
		if err := r.finish(ctx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// trendsOf are the metrics of some names, with their days and the ones before that
// means and ranges need.
func trendsOf(names []string, from, to health.Day) []Trend {
	var out []Trend
	for _, name := range names {
		m, ok := garmin.MetricNamed(name)
		if !ok || slices.ContainsFunc(out, func(t Trend) bool { return t.Name == name }) {
			continue
		}
		t := Trend{Metric: m}
		if to >= from {
			t.Days = make([]TrendDay, to-from+1+health.UsualDays)
		}
		for i := range t.Days {
			t.Days[i].Day = from - health.UsualDays + health.Day(i)
		}
		out = append(out, t)
	}
	return out
}

// trendReader reads the trends of one person.
type trendReader struct {
	q        *Reader
	person   int64
	from, to health.Day
	// coverage is nil for a person whom the watch does not know yet.
	coverage *Coverage
	today    health.Day
	// bands are the ranges that are derived, by day.
	bands map[health.Day]health.Band
}

func (r *trendReader) begin(ctx context.Context) error {
	var err error
	if r.coverage, err = r.q.known(ctx, r.person); err != nil {
		return err
	}
	if r.coverage != nil {
		r.today = r.coverage.Today
		return nil
	}
	zone, err := r.q.Zone(ctx, r.person)
	r.today = dayAt(r.q.Now, zone)
	return err
}

// read fills the values.
func (r *trendReader) read(ctx context.Context, list []Trend) error {
	types := typesOfTrends(list)
	for from := r.from - health.UsualDays; from <= r.to; from += trendStep {
		to := min(r.to, from+trendStep-1)
		var readings []health.Reading
		for _, typ := range types {
			of, err := r.q.Store.ReadingsOf(ctx, r.person, typ, from, to)
			if err != nil {
				return err
			}
			readings = append(readings, of...)
		}
		r.fill(list, readings)
	}
	return nil
}

// typesOfTrends are the types whose readings have the metrics; the empty one means
// metrics derived across records. Sleeps decide which night is a day's.
func typesOfTrends(list []Trend) (out []string) {
	add := func(typ string) {
		if !slices.Contains(out, typ) {
			out = append(out, typ)
		}
	}
	for i := range list {
		m := list[i].Metric
		if garmin.IsDerived(m.Name) || m.Name == "hrv" {
			add("")
		}
		if m.Fold == health.OfMainSleep || m.Fold == health.NearMainSleep {
			add(garmin.Sleeps.Key)
		}
		for _, t := range garmin.MetricTypes(m.Name) {
			if !garmin.IsDerived(m.Name) {
				add(t.Key)
			}
		}
	}
	return out
}

// fill folds readings to the value of each day.
func (r *trendReader) fill(list []Trend, readings []health.Reading) {
	main := health.MainSleeps(readings)
	by := map[string][]health.Reading{}
	for _, x := range readings {
		if x.Type == "" && x.Day > r.today {
			continue // a night counts for the derived ranges of weeks to come
		}
		by[x.Metric] = append(by[x.Metric], x)
	}
	for i := range list {
		t := &list[i]
		for day, of := range byReadingDay(by[t.Name]) {
			at := day - t.Days[0].Day
			if x, _, ok := garmin.DayValue(t.Metric, of, main); ok && at >= 0 && int(at) < len(t.Days) {
				t.Days[at].Value, t.Days[at].Has = x, true
			}
		}
		if t.Name == "hrv" {
			r.band(by["hrv_band_low"], by["hrv_band_high"])
		}
	}
}

// byReadingDay divides the readings of one metric by their days.
func byReadingDay(readings []health.Reading) map[health.Day][]health.Reading {
	out := make(map[health.Day][]health.Reading, len(readings))
	for _, x := range readings {
		out[x.Day] = append(out[x.Day], x)
	}
	return out
}

// band keeps the ranges that are derived.
func (r *trendReader) band(low, high []health.Reading) {
	if r.bands == nil {
		r.bands = make(map[health.Day]health.Band, len(low))
	}
	for _, x := range low {
		r.bands[x.Day] = health.Band{Low: x.Value}
	}
	for _, x := range high {
		if b, ok := r.bands[x.Day]; ok {
			b.High = x.Value
			r.bands[x.Day] = b
		}
	}
}

// finish adds means, ranges and states, and drops the days before.
func (r *trendReader) finish(ctx context.Context, t *Trend) error {
	last := len(t.Days) - 1
	if at := int(r.today - t.Days[0].Day); at >= 0 && at <= last {
		t.Days[at].SoFar = t.Days[at].Has && garmin.Grows(t.Name)
	}
	var values []float64
	for i := health.UsualDays; i <= last; i++ {
		d := &t.Days[i]
		values = valuesOf(values[:0], t.Days[i+1-health.MeanDays:i+1])
		d.Mean = health.MeanOf(values)
		values = valuesOf(values[:0], t.Days[i-health.UsualDays:i])
		d.Usual, d.Known = health.Usual(values)
		if t.Name == "hrv" {
			d.Usual, d.Known = r.bands[d.Day], r.bands[d.Day].High > 0
		}
	}
	t.Days = t.Days[health.UsualDays:]
	if at := t.Newest(); at >= 0 {
		t.Word, _ = garmin.MetricWord(t.Name, t.Days[at].Value)
	}
	return r.states(ctx, t)
}

// valuesOf adds the values of whole days to a list.
func valuesOf(list []float64, days []TrendDay) []float64 {
	for i := range days {
		if days[i].Has && !days[i].SoFar {
			list = append(list, days[i].Value)
		}
	}
	return list
}
