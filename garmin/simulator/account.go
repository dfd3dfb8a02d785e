package simulator

import (
	"math"
	"time"
)

// Account is a person's data as their own account has them at an instant, for the
// Personal API: all that the watch had synced by then, corrected as Garmin corrects,
// and without the samples that Garmin drops. Its answers are values for encoding/json;
// nil is an answer without a body.
type Account struct {
	w           *World
	p           *Person
	first, last civil // of the account, and today
	at, synced  int64
}

// object is a JSON object; a nil value is null.
type object = map[string]any

// Account is that of a person at an instant.
func (w *World) Account(person int, at time.Time) *Account {
	p := &w.people[person]
	return &Account{
		w: w, p: p, first: w.end - civil(w.cfg.Days) + 1, last: p.dateOf(at.Unix()),
		at: at.Unix(), synced: w.clockFrom(p, at.Unix()).last,
	}
}

// keptSeries is for how many days Garmin keeps samples of heart rate and HRV.
const keptSeries = 135

func (a *Account) thinned(c civil) bool { return c < a.last-keptSeries }

// day is a civil day of the account with how many of its minutes are synced; nil
// outside of the account's time.
func (a *Account) day(c civil) (d *day, n int) {
	if c < a.first || c > a.last {
		return nil, 0
	}
	d = a.w.day(a.p, c)
	return d, d.known(a.synced)
}

// days visits the days of a range that have data.
func (a *Account) days(from, to time.Time, visit func(d *day, n int)) {
	for c := max(a.first, civilOf(from)); c <= min(a.last, civilOf(to)); c++ {
		if d, n := a.day(c); d.worn(n) > 0 {
			visit(d, n)
		}
	}
}

// number is the person's in the account, as numbers of users look.
func (a *Account) number() int64 {
	return int64(100_000_000 + a.w.key(a.p.Index, forPerson, -2)%50_000_000)
}

// device is the number of the device worn all day.
func (a *Account) device() int64 {
	return int64(3_400_000_000 + a.w.key(a.p.Index, forPerson, -3)%90_000_000)
}

// missing is how many steps of a day Garmin counts only later: on some days, until
// one to three days after their end.
func (a *Account) missing(d *day, t total) int {
	k := a.w.key(a.p.Index, forCorrection, int64(d.date))
	if k%3 != 0 || a.at >= d.end+daySeconds+int64(k>>8%(2*daySeconds)) {
		return 0
	}
	return min(t.steps, 1+int(k>>32%40))
}

// text is the date as Garmin writes it.
func (c civil) text() string { return string(c.append(nil)) }

// The texts of times have no zone; those of the list of activities have a space.
const (
	textForm = "2006-01-02T15:04:05.0"
	listForm = "2006-01-02 15:04:05"
)

// gmt is an instant as a text.
func gmt(t int64) string { return time.Unix(t, 0).UTC().Format(textForm) }

// clock is what clocks showed at an instant near the day, in seconds as if it were UTC.
func (d *day) clock(t int64) int64 { return t + int64(d.offsetAt(t)) }

// window writes a span of the day in texts, by GMT and by the clock.
func (d *day) window(o object, s span) {
	o["startTimestampGMT"], o["startTimestampLocal"] = gmt(s.from), gmt(d.clock(s.from))
	o["endTimestampGMT"], o["endTimestampLocal"] = gmt(s.to), gmt(d.clock(s.to))
}

// nulls sets members without a value.
func nulls(o object, names ...string) {
	for _, name := range names {
		o[name] = nil
	}
}

// columns describes the columns of rows, as Garmin does under many names.
func columns(index, key string, keys ...string) (all []object) {
	for i, name := range keys {
		all = append(all, object{index: i, key: name})
	}
	return all
}

func rounded(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

// sevenDays is the mean resting heart rate of a week.
func (a *Account) sevenDays(c civil) int64 {
	sum := 0.0
	for k := range civil(7) {
		sum += a.w.vitals(a.p, c-k).rest
	}
	return int64(sum/7 + 0.5)
}
