package pages_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"garner/export"
)

func TestOnlyFilesForSpreadsheetsBeginWithAMark(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	for _, path := range []string{"/p/ada/export/dailies", "/p/ada/export/dailies?series=heart_rate",
		"/p/ada/export/sleeps?table=naps", "/p/ada/export/metrics", "/p/ada/export/coverage"} {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		plain := s.Get(path).Body.String()
		if got := s.Get(path + mark + "format=csv").Body.String(); got != plain || strings.HasPrefix(plain, export.Mark) {
			t.Errorf("%s: a file for data tools begins with %.20q", path, got)
		}
		if got := s.Get(path + mark + "format=spreadsheet").Body.String(); got != export.Mark+plain {
			t.Errorf("%s: a file for spreadsheets begins with %.20q", path, got)
		}
		if strings.HasPrefix(s.Get(path+mark+"format=json").Body.String(), export.Mark) {
			t.Errorf("%s: JSON begins with a mark", path)
		}
	}
	marked, _ := unzipped(t, s, "/export.zip?format=spreadsheet&file=dailies&file=metrics&file=dictionary&file=data-dictionary")
	for name, text := range marked {
		if got := strings.HasPrefix(text, export.Mark); got != strings.HasSuffix(name, ".csv") {
			t.Errorf("%s of a ZIP for spreadsheets: marked %v", name, got)
		}
	}
	tools, _ := unzipped(t, s, "/export.zip?format=csv&file=dailies&file=metrics&file=dictionary&file=data-dictionary")
	for name, text := range tools {
		if strings.HasPrefix(text, export.Mark) {
			t.Errorf("%s of a ZIP for data tools is marked", name)
		}
		if name != "README.txt" && strings.TrimPrefix(marked[name], export.Mark) != text {
			t.Errorf("%s differs in more than the mark", name)
		}
	}
	w := s.Get("/export.zip?person=ada&format=spreadsheet&file=dailies")
	if got := w.Header().Get("Location"); got != "/p/ada/export/dailies?format=spreadsheet" {
		t.Errorf("one file of one person is at %s", got)
	}
}

func TestAPreviewShowsTheFirstRowsOfTheFile(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	cells := func(doc *goquery.Document, of string) (out []string) {
		doc.Find("[data-testid=preview] " + of).Each(func(_ int, c *goquery.Selection) { out = append(out, c.Text()) })
		return out
	}
	for key, path := range map[string]string{"dailies": "dailies", "dailies_heart_rate": "dailies?series=heart_rate",
		"sleeps_naps": "sleeps?table=naps", "metrics": "metrics", "coverage": "coverage"} {
		doc := form(t, s, "/export?person=ada&format=spreadsheet&preview="+key, http.StatusOK)
		table, err := csv.NewReader(s.Get("/p/ada/export/" + path).Body).ReadAll()
		if err != nil || len(table) < 2 {
			t.Fatalf("%s: %d rows, %v", key, len(table), err)
		}
		if got := cells(doc, "th"); strings.Join(got, "|") != strings.Join(table[0], "|") {
			t.Errorf("%s: header %q, want %q", key, got, table[0])
		}
		var want []string
		for _, row := range table[1:min(len(table), 21)] {
			want = append(want, row...)
		}
		if got := cells(doc, "td"); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: rows %q, want %q", key, got, want)
		}
		if doc.Find("#preview-file option[selected]").AttrOr("value", "") != key {
			t.Errorf("%s is not the one that is chosen", key)
		}
	}
	doc := form(t, s, "/export?person=ada&format=json&preview=dailies", http.StatusOK)
	first, _, _ := strings.Cut(s.Get("/p/ada/export/dailies?format=json").Body.String(), "\n")
	if got := doc.Find("pre[data-testid=preview]").Text(); !strings.HasPrefix(got, first[:min(len(first), 2000)]) {
		t.Errorf("JSON: %.200q, want %.200q", got, first)
	}
	if w := s.Get("/export?person=ada&preview=nothing"); w.Code != http.StatusBadRequest {
		t.Errorf("a file that is none: %d", w.Code)
	}
}

func TestEverythingIsEveryFileWithTheNoticeOfGarmin(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	address := form(t, s, "/p/ada/export", http.StatusOK).Find("[data-testid=everything]").AttrOr("href", "")
	files, _ := unzipped(t, s, address)
	for _, name := range []string{"dailies.jsonl", "sleeps.jsonl", "metrics.jsonl", "coverage.jsonl", "data-dictionary.md",
		"dictionary.csv", "README.txt"} {
		if files[name] == "" {
			t.Errorf("%s is not there", name)
		}
	}
	for _, want := range []string{"Source:  Garmin", `as "Garmin [model]"`, "trademarks"} {
		if !strings.Contains(files["README.txt"], want) {
			t.Errorf("README.txt does not say %q", want)
		}
	}
}
