package pages_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"garner/server/servertest"
)

// exportSite has Ada with two days and a night, Bo with one day, and Cy, whom
// nothing came of.
func exportSite(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	s.Add("Bo", "u2")
	s.Add("Cy", "u3")
	later := strings.ReplaceAll(strings.ReplaceAll(servertest.ADay, "2026-11-20", "2026-11-22"), "1795132800", "1795305600")
	for _, body := range []string{servertest.ADay, later, strings.ReplaceAll(servertest.ADay, "u1", "u2"),
		`{"sleeps":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795126000,` +
			`"startTimeOffsetInSeconds":3600,"durationInSeconds":20000,"validation":"ENHANCED_FINAL",` +
			`"naps":[{"napStartTimeInSeconds":1795160000,"napDurationInSeconds":1200}]}]}`} {
		s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(body))
	}
	s.Run()
	return s
}

// unzipped returns the files of an answer by their names, and the names in order.
func unzipped(t *testing.T, s *servertest.Site, path string) (files map[string]string, order []string) {
	t.Helper()
	w := s.Get(path)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/zip" {
		t.Fatalf("%s: %d, %v", path, w.Code, w.Header())
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name], order = string(text), append(order, f.Name)
	}
	return files, order
}

func form(t *testing.T, s *servertest.Site, path string, status int) *goquery.Document {
	t.Helper()
	w := s.Get(path)
	if w.Code != status {
		t.Fatalf("%s: %d, want %d", path, w.Code, status)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func checkedFiles(doc *goquery.Document) (keys []string) {
	doc.Find("input[name=file][checked]").Each(func(_ int, in *goquery.Selection) {
		keys = append(keys, in.AttrOr("value", ""))
	})
	return keys
}

func TestAZIPHasTheSingleFilesByteForByte(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	for _, tail := range []string{"format=csv", "format=json", "format=csv&from=2026-11-21&to=2026-11-30"} {
		keys := ""
		for _, key := range []string{"dailies", "dailies_heart_rate", "sleeps", "sleeps_naps", "metrics", "coverage",
			"data-dictionary"} {
			keys += "&file=" + key
		}
		files, order := unzipped(t, s, "/export.zip?person=ada&"+tail+keys)
		if order[len(order)-1] != "README.txt" {
			t.Errorf("the last file is %s", order[len(order)-1])
		}
		for name, text := range files {
			path := map[string]string{"dailies": "dailies", "dailies_heart_rate": "dailies?series=heart_rate",
				"sleeps": "sleeps", "sleeps_naps": "sleeps?table=naps", "metrics": "metrics",
				"coverage": "coverage"}[name[:strings.IndexByte(name, '.')]]
			mark := "?"
			if strings.Contains(path, "?") {
				mark = "&"
			}
			want := ""
			switch name {
			case "README.txt":
				continue
			case "data-dictionary.md":
				want = s.Get("/export/data-dictionary.md").Body.String()
			default:
				want = s.Get("/p/ada/export/" + path + mark + tail).Body.String()
			}
			if text != want || text == "" {
				t.Errorf("%s, %s:\n%s\nwant\n%s", tail, name, text, want)
			}
		}
	}
}

func TestTheSelectionAndTheDaysAreHonoured(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	files, order := unzipped(t, s,
		"/export.zip?person=ada&format=csv&file=dailies&file=metrics&file=sleeps&file=sleeps_naps&from=2026-11-21")
	if !slices.Equal(order, []string{"dailies.csv", "metrics.csv", "README.txt"}) {
		t.Errorf("files %q", order)
	}
	if text := files["dailies.csv"]; !strings.Contains(text, "2026-11-22") || strings.Contains(text, "2026-11-20") {
		t.Errorf("days before the range, or none in it:\n%s", text)
	}
	for _, want := range []string{"People:  Ada\n", "Days:    from 2026-11-21\n", "dailies.csv: 1 row. ",
		"sleeps.csv: no records", "sleeps_naps.csv: no records"} {
		if !strings.Contains(files["README.txt"], want) {
			t.Errorf("README.txt does not say %q:\n%s", want, files["README.txt"])
		}
	}
	_, order = unzipped(t, s, "/export.zip?person=ada&format=json&file=dailies&file=sleeps_naps")
	if !slices.Equal(order, []string{"dailies.jsonl", "sleeps.jsonl", "README.txt"}) {
		t.Errorf("JSON Lines: files %q", order)
	}
}

func TestAnExportOfAllPeopleHasEach(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	files, _ := unzipped(t, s, "/export.zip")
	own := func(path string) string { _, rows, _ := strings.Cut(s.Get(path).Body.String(), "\r\n"); return rows }
	for name, path := range map[string]string{"dailies.csv": "dailies", "metrics.csv": "metrics",
		"coverage.csv": "coverage"} {
		_, rows, _ := strings.Cut(files[name], "\r\n")
		if want := own("/p/ada/export/"+path) + own("/p/bo/export/"+path); rows != want {
			t.Errorf("%s has\n%s\nwant\n%s", name, rows, want)
		}
	}
	if files["coverage.csv"] != s.Get("/coverage.csv").Body.String() {
		t.Error("coverage.csv of the ZIP and of the Coverage page differ")
	}
	if !strings.Contains(files["README.txt"], "People:  Ada, Bo, Cy\n") {
		t.Errorf("README.txt: %s", files["README.txt"])
	}
}

func TestOneFileOfOnePersonIsSentAsItIs(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	for query, want := range map[string]string{
		"file=dailies&format=csv":                          "/p/ada/export/dailies?format=csv",
		"file=dailies_heart_rate&format=csv&to=2026-11-20": "/p/ada/export/dailies?format=csv&series=heart_rate&to=2026-11-20",
		"file=sleeps_naps&format=csv":                      "/p/ada/export/sleeps?format=csv&table=naps",
		"file=sleeps_naps&format=json":                     "/p/ada/export/sleeps?format=json",
		"file=coverage&format=json&from=2026-11-21":        "/p/ada/export/coverage?format=json&from=2026-11-21",
		"file=metrics":                                     "/p/ada/export/metrics?format=csv",
		"file=data-dictionary":                             "/export/data-dictionary.md",
	} {
		w := s.Get("/export.zip?person=ada&" + query)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %s, want %s", query, w.Code, w.Header().Get("Location"), want)
			continue
		}
		if w := s.Get(want); w.Code != http.StatusOK || w.Body.Len() == 0 ||
			!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d, %d bytes, %v", want, w.Code, w.Body.Len(), w.Header())
		}
	}
	if _, order := unzipped(t, s, "/export.zip?file=dailies"); !slices.Equal(order, []string{"dailies.csv", "README.txt"}) {
		t.Errorf("one file of all people: %q", order)
	}
}

func TestTheFormListsWhatThereIs(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	doc := form(t, s, "/p/ada/export", http.StatusOK)
	text := strings.Join(strings.Fields(doc.Find("[data-testid=export-dailies]").Text()), " ")
	if !strings.Contains(text, "2 records since Fri 20 Nov 2026") || !strings.Contains(text, "Heart rate bpm") {
		t.Errorf("dailies: %q", text)
	}
	if got := doc.Find("[data-testid=export-none]").Text(); !strings.Contains(got, "Blood pressure") ||
		doc.Find("#file-bloodPressures").Length() != 0 {
		t.Errorf("types without records: %q", got)
	}
	if doc.Find("#person option[selected]").AttrOr("value", "") != "ada" {
		t.Error("the person is not preselected")
	}
	all := checkedFiles(doc)
	for _, key := range []string{"dailies", "dailies_heart_rate", "sleeps_naps", "metrics", "coverage", "data-dictionary"} {
		if !slices.Contains(all, key) {
			t.Errorf("%s is not chosen at first, only %q", key, all)
		}
	}
	if none := checkedFiles(form(t, s, "/export?person=ada&format=csv&file=sleeps&select=none", 200)); len(none) > 0 {
		t.Errorf("after Select none: %q", none)
	}
	doc = form(t, s, "/export?person=bo&format=json&file=dailies&range=year", http.StatusOK)
	if got := checkedFiles(doc); !slices.Equal(got, []string{"dailies"}) {
		t.Errorf("chosen: %q", got)
	}
	if from := doc.Find("#from").AttrOr("value", ""); !strings.HasSuffix(from, "-01-01") {
		t.Errorf("this year begins %q", from)
	}
	if doc.Find("#format-json[checked]").Length() != 1 {
		t.Error("the format is not kept")
	}
	if n := form(t, s, "/p/ada/data", 200).Find(`main a[href="/p/ada/export"]`).Length(); n != 1 {
		t.Errorf("%d links on the Data page", n)
	}
}

func TestAPersonWithNothingGetsAnHonestPage(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	doc := form(t, s, "/p/cy/export", http.StatusOK)
	if !strings.Contains(doc.Find("[data-testid=empty]").Text(), "No data has been received from Cy yet.") ||
		doc.Find("button.primary").Length() != 0 {
		t.Errorf("%s", doc.Find("main").Text())
	}
	doc = form(t, s, "/export.zip?person=cy", http.StatusNotFound)
	if got := doc.Find("[role=alert]").Text(); got != "There are no records of this choice on these days." {
		t.Errorf("it says %q", got)
	}
	empty := form(t, servertest.Open(t, servertest.Limits(), nil), "/export", http.StatusOK)
	if !strings.Contains(empty.Find("[data-testid=empty]").Text(), "There are no people yet.") {
		t.Errorf("without people: %s", empty.Find("main").Text())
	}
}

func TestAChoiceThatCannotBeExportedGetsTheFormBack(t *testing.T) {
	t.Parallel()
	s := exportSite(t)
	for query, want := range map[string]string{
		"from=2026-13-01&to=2026-11-30":  "From: ",
		"from=2026-11-30&to=2026-11-01":  "The range ends before it begins.",
		"from=2026-11-01&to=yesterday":   "To: ",
		"from=2026-11-01&file=nonsense":  "There is no file nonsense.",
		"from=2026-11-01&format=parquet": "The format is spreadsheet, csv or json.",
	} {
		doc := form(t, s, "/export.zip?person=ada&file=sleeps&file=metrics&"+query, http.StatusBadRequest)
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Find("[role=alert]").Text(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: it says %q", query, got)
		}
		if doc.Find("#from").AttrOr("value", "") != values.Get("from") ||
			doc.Find("#to").AttrOr("value", "") != values.Get("to") ||
			!slices.Equal(checkedFiles(doc), []string{"sleeps", "metrics"}) {
			t.Errorf("%s: what was typed is not kept", query)
		}
	}
	doc := form(t, s, "/export.zip?person=ada&format=csv", http.StatusBadRequest)
	if got := doc.Find("[role=alert]").Text(); got != "Choose at least one file." {
		t.Errorf("of no file: %q", got)
	}
	for _, path := range []string{"/p/unknown/export", "/export?person=unknown", "/export.zip?person=unknown",
		"/p/unknown/export/coverage"} {
		if w := s.Get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := s.Get("/p/ada/export/coverage?from=x"); w.Code != http.StatusBadRequest {
		t.Errorf("coverage from x: %d", w.Code)
	}
}
