package ui

import (
	"regexp"
	"strings"
	"testing"

	"garner/health"
	"garner/query"

	"github.com/PuerkitoBio/goquery"
)

// TestHeadingsFormAnOutline so that who reads by headings misses no level.
func TestHeadingsFormAnOutline(t *testing.T) {
	t.Parallel()
	for name, c := range samplePages() {
		_, doc := render(t, c)
		last := 0
		doc.Find("main h1, main h2, main h3, main h4").Each(func(_ int, s *goquery.Selection) {
			level := int(goquery.NodeName(s)[1] - '0')
			if level > last+1 {
				t.Errorf("%s: %q is an h%d after an h%d", name, s.Text(), level, last)
			}
			last = level
		})
	}
}

// TestTablesNameTheirColumns with headers that say what they head.
func TestTablesNameTheirColumns(t *testing.T) {
	t.Parallel()
	for name, c := range samplePages() {
		_, doc := render(t, c)
		doc.Find("table").Each(func(_ int, table *goquery.Selection) {
			if table.Find("thead th").Length() == 0 {
				t.Errorf("%s: a table without headers", name)
			}
			if n := table.Find("th:not([scope])").Length(); n > 0 {
				t.Errorf("%s: %d headers without scope", name, n)
			}
			if table.Closest(".scroll").Length() == 0 {
				t.Errorf("%s: a table that may push the page sideways", name)
			}
		})
	}
}

func TestNightsWithoutStagesShowAMessage(t *testing.T) {
	t.Parallel()
	home := sampleHome()
	night := *home.Cards[0].Night
	night.Stages = night.Stages[:1]
	night.Stages[0].Class = "asleep"
	home.Cards[0].Night = &night
	_, doc := render(t, Home(samplePage("Home", NavHome, nil), home))
	const said = "no sleep stages for this night"
	if got := textOf(doc, "card-ada"); strings.Count(got, said) != 1 {
		t.Errorf("not said: %s", got)
	}
	if got := textOf(doc, "card-mira"); strings.Contains(got, said) {
		t.Errorf("said of a night with stages: %s", got)
	}
}

// TestNoLineEndsWithinARange: "49–57 bpm" stays in one piece, as each value with its unit does.
func TestNoLineEndsWithinARange(t *testing.T) {
	t.Parallel()
	for _, u := range []Units{Metric, Imperial} {
		if got := u.Span(Val(46, health.Millisecond, 0), Val(61, health.Millisecond, 0)); !strings.Contains(got, "46–\u206061") {
			t.Errorf("%q may break behind its dash", got)
		}
	}
	broken := regexp.MustCompile(`\d–\d`)
	for name, c := range samplePages() {
		_, doc := render(t, c)
		if got := broken.FindString(doc.Find("main").Text()); got != "" {
			t.Errorf("%s: %q may break behind its dash", name, got)
		}
	}
}

// TestTheStepsToOtherDaysStandAroundTheDaysShown, and where there are no later days the place stays.
func TestTheStepsToOtherDaysStandAroundTheDaysShown(t *testing.T) {
	t.Parallel()
	days := query.Bounds{First: sampleDay - 100, Today: sampleDay}
	for to, steps := range map[health.Day]int{sampleDay: 1, sampleDay - 30: 2} {
		view := TrendsView{Person: ada, Spec: FigurePages[0], Window: days.Window(query.FourWeeks, to)}
		_, doc := render(t, Trends(samplePage("Heart", NavHeart, &ada), view))
		parts := doc.Find("nav.ranges .period").Children()
		if parts.Length() != 3 || !parts.Eq(1).Is("h2") || parts.Filter(".step").Length() != 2 ||
			parts.Filter("a[rel]").Length() != steps || doc.Find("nav.ranges a[rel]").Length() != steps {
			t.Errorf("days to %s: %d parts around the days shown, want %d links", to, parts.Length(), steps)
		}
	}
}
