package ui

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/health"
	"garner/ui/text"
)

func TestAReadersOwnPreferencesComeBeforeTheDefaults(t *testing.T) {
	t.Parallel()
	home := Preferences{Imperial, text.Clock12, Sunday, oslo}
	own := Preferences{Metric, text.Clock24, Monday, time.UTC}
	if got := own.Or(home); got != own {
		t.Errorf("%+v", got)
	}
	if got := (Preferences{}).Or(home); got != home {
		t.Errorf("nothing chosen: %+v", got)
	}
	for i := range reflect.TypeFor[Preferences]().NumField() {
		var one Preferences
		reflect.ValueOf(&one).Elem().Field(i).Set(reflect.ValueOf(own).Field(i))
		want := home
		reflect.ValueOf(&want).Elem().Field(i).Set(reflect.ValueOf(own).Field(i))
		if got := one.Or(home); got != want {
			t.Errorf("field %d chosen: %+v", i, got)
		}
	}
}

var inStones = Units{System: health.SystemImperial, Weight: health.InStones}

func TestUnitsAreTheReadersOrElseThePersons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reader Units
		person Units
		want   Units
	}{
		{Units{}, Metric, Metric}, {Units{}, Imperial, Imperial}, {Metric, Imperial, Metric}, {Imperial, Metric, Imperial},
		{Units{}, inStones, inStones}, {Metric, inStones, Metric}, {inStones, Metric, inStones},
		{Units{Weight: health.InStones}, Metric, Units{System: health.SystemMetric, Weight: health.InStones}},
		{Units{Energy: health.InKilojoules}, inStones, Units{health.SystemImperial, health.InStones, "", health.InKilojoules}},
	} {
		if got := (Preferences{Units: c.reader}).UnitsOf(health.Units(c.person)); got != c.want {
			t.Errorf("reader %v, person %v: %v", c.reader, c.person, got)
		}
	}
}

func TestInstantsAreWrittenByTheReadersClock(t *testing.T) {
	t.Parallel()
	p := Preferences{Clock: text.Clock12}
	for got, want := range map[string]string{
		p.When(sampleClock(23, 7, 2), sampleNow):             "7:02 am",
		p.When(sampleClock(21, 21, 10), sampleNow):           "Sat 21 Nov 9:10 pm",
		p.When(sampleNow.AddDate(-1, 0, 0), sampleNow):       "Sun 23 Nov 2025 7:56 am",
		p.Dated(sampleNow.UTC(), sampleNow):                  "Mon 23 Nov 6:56 am UTC",
		p.TimeOfDay(sampleClock(21, 12, 0), sampleNow):       "12:00 pm",
		p.Time(sampleClock(21, 0, 5)):                        "12:05 am",
		p.Stamp(sampleNow):                                   "Mon 23 Nov 2026 7:56:00 am UTC+1",
		(Preferences{}).Stamp(sampleNow.Add(12 * time.Hour)): "Mon 23 Nov 2026 19:56:00 UTC+1",
	} {
		if got = strings.ReplaceAll(got, thin, " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestWeeksBeginWhereTheReadersDo: 1 January 2026 is a Thursday.
func TestWeeksBeginWhereTheReadersDo(t *testing.T) {
	t.Parallel()
	v := samplePersonCoverage()
	v.Year, v.Month = 2026, time.January
	for start, want := range map[WeekStart][]string{
		"": {"5", "12", "19", "26"}, Monday: {"5", "12", "19", "26"}, Saturday: {"3", "10", "17", "24", "31"},
		Sunday: {"4", "11", "18", "25"},
	} {
		p := samplePage("Coverage", NavCoverage, &ada)
		p.WeekStart = start
		_, doc := render(t, PersonCoverage(p, v))
		month := doc.Find("[data-testid=month]")
		var got []string
		month.Find("th.week").Each(func(_ int, s *goquery.Selection) { got = append(got, s.Text()) })
		if !slices.Equal(got, want) {
			t.Errorf("%q: weeks begin at %v, want %v", start, got, want)
		}
		month.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			row.Find("td").Each(func(i int, cell *goquery.Selection) {
				if cell.HasClass("week") != slices.Contains(want, Count(i+1)) {
					t.Errorf("%q: day %d of a row", start, i+1)
				}
			})
		})
	}
}
