package pages_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"garner/garmin"
	"garner/server/servertest"
)

// TestTheDictionaryExplainsWhatPagesLinkTo from declarations alone: every type, column and
// metric has its anchor, once.
func TestTheDictionaryExplainsWhatPagesLinkTo(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	body := s.Page("/help/dictionary")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	doc.Find("[id]").Each(func(_ int, n *goquery.Selection) { ids[n.AttrOr("id", "")]++ })
	wanted := func(id string) {
		t.Helper()
		if ids[id] != 1 {
			t.Errorf("%d times #%s", ids[id], id)
		}
	}
	for _, typ := range garmin.Types {
		wanted("type-" + typ.Key)
		for i := range typ.Fields {
			wanted("field-" + typ.Key + "-" + typ.Fields[i].Name)
		}
		for _, table := range typ.Tables {
			for i := range table.Fields {
				wanted("field-" + typ.Key + "-" + table.Name + "-" + table.Fields[i].Name)
			}
		}
		for i := range typ.Series {
			wanted("series-" + typ.Key + "-" + typ.Series[i].Name)
		}
	}
	for _, m := range garmin.Metrics() {
		wanted("metric-" + m.Name)
		if row := doc.Find("#metric-" + m.Name).Text(); !strings.Contains(row, m.Label) || !strings.Contains(row, m.Rule) {
			t.Errorf("%s is explained by %q", m.Name, row)
		}
	}
	doc.Find("a[href^='#']").Each(func(_ int, a *goquery.Selection) { wanted(a.AttrOr("href", "")[1:]) })
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if most := 60_000; packed.Len() > most {
		t.Errorf("%d bytes with gzip, at most %d", packed.Len(), most)
	}
	t.Logf("%d bytes with gzip, %d without", packed.Len(), len(body))
}

func TestTablesAndDaysLeadToTheDictionary(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	s.Push("dailies", `"userId":"u1","summaryId":"x","calendarDate":"2026-11-20","steps":9000,"startTimeInSeconds":1795132800,`+
		`"durationInSeconds":86400,"startTimeOffsetInSeconds":0,"restingHeartRateInBeatsPerMinute":50`)
	dictionary := parse(t, s.Get("/help/dictionary"))
	for path, least := range map[string]int{"/p/ada/data/dailies": 5, "/p/ada/day/2026-11-20": 2,
		"/p/ada/heart?to=2026-11-20": 2, "/export": 1} {
		w := s.Get(path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, w.Code)
		}
		links := parse(t, w).Find("a[href^='/help/dictionary']")
		if links.Length() < least {
			t.Errorf("%s has %d links to the dictionary", path, links.Length())
		}
		links.Each(func(_ int, a *goquery.Selection) {
			_, id, _ := strings.Cut(a.AttrOr("href", ""), "#")
			if id != "" && dictionary.Find(`[id="`+id+`"]`).Length() != 1 {
				t.Errorf("%s leads to #%s, which is not there", path, id)
			}
		})
	}
}
