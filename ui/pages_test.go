package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var samplesDir = flag.String("samples", "", "also write the rendered sample pages into this `folder`")

// samplePages are all pages in their states, by file name.
func samplePages() map[string]templ.Component {
	empty := samplePage("Home", NavHome, nil)
	empty.People, empty.Demo, empty.Trouble = nil, false, 0
	today := sampleDayView()
	today.Day, today.Next = sampleDay, nil
	today.Sentence, today.Coverage = "So far a quiet morning.", "7 h 52 worn"
	today.Ribbon = sampleRibbon(3600, sampleClock(23, 0, 0), sampleClock(23, 7, 52), 24*time.Hour)
	blank := DayView{Person: ben, Day: sampleDay, Status: NoData, Sentence: "Nothing came for this day yet.",
		Empty: &Empty{
			What: "The day’s lanes.", Why: "Ben’s watch has not synced since Saturday 21:10.",
			Next: &Link{"Open Saturday", "/p/ben/day/2026-11-21"}, When: "A minute or so after the next sync."}}
	crowd := HomeView{Summary: Summary{Sentence: "All 40 people are up to date.", Status: OK}, Total: 40,
		Query: "a", Next: "/?after=mira"}
	for range 5 {
		crowd.Cards = append(crowd.Cards, sampleAda(), sampleMira(), sampleBen())
	}
	for i := range crowd.Cards {
		crowd.Cards[i].Person.Slug += "-" + Count(i)
	}
	imperial := sampleTable()
	imperial.Units, imperial.Error = Imperial, "The range ends before it begins."
	noRows := sampleTable()
	noRows.Rows, noRows.Empty = nil, &Empty{What: "Daily summaries of these days.",
		Why: "None fall into the range.", Next: &Link{"Show the last 30 days", "/p/ada/data/dailies"}}
	out := map[string]templ.Component{
		"home":        Home(samplePage("Home", NavHome, nil), sampleHome()),
		"home-empty":  Home(empty, HomeView{Summary: Summary{Sentence: "Garner is ready. No people yet.", Status: NoData}}),
		"home-crowd":  Home(samplePage("Home", NavHome, nil), crowd),
		"day":         Day(samplePage("Ada, Sun 22 Nov", NavDay, &ada), sampleDayView()),
		"day-today":   Day(samplePage("Ada, Mon 23 Nov", NavDay, &ada), today),
		"day-empty":   Day(samplePage("Ben, Mon 23 Nov", NavDay, &ben), blank),
		"data":        DataIndex(samplePage("Ada, all data", NavData, &ada), sampleIndex()),
		"data-empty":  DataIndex(samplePage("Ben, all data", NavData, &ben), DataIndexView{Person: ben}),
		"table":       DataTable(samplePage("Ada, daily summaries", NavData, &ada), sampleTable()),
		"table-error": DataTable(samplePage("Ada, daily summaries", NavData, &ada), imperial),
		"table-empty": DataTable(samplePage("Ada, daily summaries", NavData, &ada), noRows),
		"inbox":       Inbox(samplePage("Inbox", NavInbox, nil), sampleInbox()),
		"inbox-empty": Inbox(empty, InboxView{Sentence: "Nothing has been received yet.", Status: NoData,
			Empty: &Empty{What: "Every delivery from Garmin is listed here.", Why: "None came yet."}}),
		"delivery":     Delivery(samplePage("Delivery 4880", NavInbox, nil), sampleDelivery()),
		"people":       People(samplePage("People", NavPeople, nil), samplePeople()),
		"people-empty": People(empty, PeopleView{}),
		"error": Error(samplePage("Something went wrong", NavHome, nil),
			ErrorView{Status: 500, What: "This page could not be made.",
				Kept: "Receiving goes on and nothing that arrived is lost.", ID: "7f3a-19c2"}),
		"help": Help(samplePage("Help", NavHelp, nil), HelpView{Metrics: []HelpMetric{{"hrv_band_low", "HRV, usual band",
			"The middle 80 % of the nightly averages of 28 days."}}}),
	}
	out["dictionary"] = Dictionary(samplePage("Data dictionary", NavHelp, nil), sampleDictionary())
	maps.Copy(out, watchPages())
	maps.Copy(out, exportPages())
	maps.Copy(out, accountPages())
	maps.Copy(out, backupPages())
	maps.Copy(out, connectPages())
	maps.Copy(out, backfillPages())
	return out
}

func render(t *testing.T, c templ.Component) ([]byte, *goquery.Document) {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), doc
}

func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	for name, c := range samplePages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, doc := render(t, c)
			if *samplesDir != "" {
				if err := os.WriteFile(filepath.Join(*samplesDir, name+".html"), raw, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			sound(t, doc)
			labelled(t, doc)
			for _, foreign := range []string{"http://", "https://", "style=\"", "javascript:"} {
				if bytes.Contains(raw, []byte(foreign)) {
					t.Errorf("page contains %q", foreign)
				}
			}
		})
	}
}

// sound checks what holds for every page.
func sound(t *testing.T, doc *goquery.Document) {
	t.Helper()
	for selector, want := range map[string]int{"h1": 1, "main": 1, "[style]": 0, "script:not([src])": 0, "style": 0,
		"html[lang]": 1, "a.skip[href='#main']": 1} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%d × %s, want %d", got, selector, want)
		}
	}
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		if seen[id] {
			t.Errorf("id %q twice", id)
		}
		seen[id] = true
	})
	doc.Find("[aria-labelledby],[aria-describedby]").Each(func(_ int, s *goquery.Selection) {
		for _, id := range strings.Fields(s.AttrOr("aria-labelledby", "") + " " + s.AttrOr("aria-describedby", "")) {
			if !seen[id] {
				t.Errorf("no element has the id %q", id)
			}
		}
	})
}

// labelled checks that each control has a name.
func labelled(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("input:not([type=hidden]),select,textarea").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		if doc.Find("label[for='"+id+"']").Length() != 1 {
			t.Errorf("no label for %q", id)
		}
	})
	doc.Find("a,button").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" &&
			s.Find("title,rect,circle").Length() == 0 {
			html, _ := goquery.OuterHtml(s)
			t.Errorf("no name: %s", html)
		}
	})
}

// textOf is what stands in an element, with a space between any two pieces.
func textOf(doc *goquery.Document, id string) string {
	var words []string
	doc.Find("[data-testid='" + id + "'] *, [data-testid='" + id + "']").Contents().Each(func(_ int,
		s *goquery.Selection) {
		if goquery.NodeName(s) == "#text" {
			words = append(words, strings.Fields(s.Text())...)
		}
	})
	return strings.Join(words, " ")
}

func TestPagesSayWhatTheyShould(t *testing.T) {
	t.Parallel()
	pages := samplePages()
	for _, c := range []struct{ page, id, want string }{
		{"home", "card-ada", "7 h 41"},
		{"home", "card-ada", "data up to 07:52 received 4 min ago"},
		{"home", "card-ada", "in your range 46" + dash + "61"},
		{"home", "card-mira", "not yet"},
		{"home", "card-ben", "Waiting for Ben’s watch"},
		{"home-empty", "first-steps", "garner urls"},
		{"home-crowd", "household", "Mira"},
		{"day", "metric-steps", "11 204"},
		{"day", "metric-floors", "0"},
		{"day", "metric-spo2_day", "not expected"},
		{"day", "metric-hrv_band", "middle 80 %"},
		{"day", "source", "Garmin Forerunner 965"},
		{"day", "twin-heart", "missing"},
		{"day", "twin-heart", "not worn"},
		{"day-today", "twin-heart", "not yet"},
		{"table", "records", "9.12 km"},
		{"table-error", "records", "Distance"},
		{"table-error", "records", "5.67 mi"},
		{"inbox", "group", "Process all 14 again"},
		{"inbox", "unknown", "This name is already taken."},
		{"delivery", "story", "Stored 07:02 after 6 ms"},
		{"delivery", "issues", "parked"},
		{"error", "error", "7f3a-19c2"},
		{"connect", "historical-hint", "Without it, Garner gets nothing from before today"},
		{"connect-confirm", "permission-MCT_EXPORT", "Menstrual cycle"},
		{"connect-done", "historical-off", "cannot ask again"},
		{"connection", "connection", "without historical data"},
		{"connection-gone", "connection", "disconnected at Garmin"},
		{"connection-gone", "consents", "replaced by a new connection"},
		{"connection-refused", "connection", "needs to connect again"},
		{"connect-nothing", "first-data", "Nothing will come"},
		{"help", "legend", "may still change"},
	} {
		_, doc := render(t, pages[c.page])
		got := strings.ReplaceAll(textOf(doc, c.id), thin, " ")
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s says %q, want %q", c.page, c.id, got, c.want)
		}
	}
}

func TestFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	_, doc := render(t, samplePages()["people"])
	form := doc.Find("[data-testid=add-person]")
	if got := form.Find("#name").AttrOr("value", ""); got != "ada" {
		t.Errorf("name %q", got)
	}
	if form.Find("#name[aria-invalid=true]").Length() != 1 || !strings.Contains(form.Text(), "already taken") {
		t.Error("the error does not stand at its field")
	}
	_, doc = render(t, samplePages()["table-error"])
	if got := doc.Find("#from").AttrOr("value", ""); got != "2026-10-25" {
		t.Errorf("from %q", got)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script>`
	v := sampleDelivery()
	v.Payload, v.Type, v.Issues[0].Reason = evil, evil, evil
	card := sampleAda()
	card.Person = PersonLink{evil, evil}
	card.Strip[0].Label, card.Strip[0].Href = evil, "javascript:alert(1)"
	day := sampleDayView()
	day.Note, day.NoteForm = evil, &NoteForm{Text: evil}
	for i := range day.Ribbon.Lanes {
		day.Ribbon.Lanes[i].Title, day.Ribbon.Lanes[i].Sentence = evil, evil
		for j := range day.Ribbon.Lanes[i].Blocks {
			day.Ribbon.Lanes[i].Blocks[j].Label = evil
			day.Ribbon.Lanes[i].Blocks[j].Class = evil
		}
	}
	p := samplePage(evil, NavHome, nil)
	for name, c := range map[string]templ.Component{
		"delivery": Delivery(p, v), "home": Home(p, HomeView{Cards: []PersonCard{card}, Total: 1}), "day": Day(p, day),
	} {
		raw, doc := render(t, c)
		if n := doc.Find(`script:not([src^="/static/"])`).Length(); n != 0 {
			t.Errorf("%s: %d scripts that are not ours", name, n)
		}
		if bytes.Contains(raw, []byte(`href="javascript:`)) {
			t.Errorf("%s: a link runs script", name)
		}
	}
}

func TestDayPageFitsItsBudget(t *testing.T) {
	t.Parallel()
	raw, _ := render(t, samplePages()["day"])
	if n := zipped(t, raw); n > 60_000 {
		t.Errorf("%d bytes compressed", n)
	}
	t.Logf("%d bytes, %d compressed", len(raw), zipped(t, raw))
}

func TestTheMatrixOfAThousandPeopleFitsItsBudget(t *testing.T) {
	t.Parallel()
	v := sampleSync(1000)
	for len(v.Types) < 17 { // as many as Garmin has
		v.Types = append(v.Types, SyncType{"type" + Count(len(v.Types)), "Another type of Garmin's", "Other"})
		for i := range v.Rows {
			v.Rows[i].Cells = append(v.Rows[i].Cells, SyncCell{State: SyncOverdue, Received: sampleNow})
		}
	}
	raw, doc := render(t, Sync(samplePage("Sync", NavSync, nil), v))
	if n := zipped(t, raw); n > 60_000 {
		t.Errorf("%d bytes compressed", n)
	}
	if n := doc.Find("[data-testid=matrix] tbody tr").Length(); n != 100 {
		t.Errorf("%d people at once", n)
	}
	t.Logf("%d bytes, %d compressed", len(raw), zipped(t, raw))
}

func zipped(t *testing.T, raw []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
