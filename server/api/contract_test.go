package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"garner/db"
	"garner/garmin"
	"garner/server/auth"
)

// recordTypes are those that records are of.
func recordTypes() (out []*garmin.Type) {
	for _, k := range garmin.Kinds() {
		t, _ := garmin.Lookup(k.Type)
		out = append(out, t)
	}
	return out
}

// readable lists the paths of a person that have values.
func readable(slug string) (out []string) {
	for _, t := range recordTypes() {
		out = append(out, fmt.Sprintf("people/%s/records/%s", slug, t.Key))
		for _, s := range t.Series {
			out = append(out, fmt.Sprintf("people/%s/series/%s/%s", slug, t.Key, s.Name))
		}
	}
	return append(out, "people/"+slug+"/metrics")
}

// TestTheAPIOfAHousehold makes one household for all claims: that takes the longest.
func TestTheAPIOfAHousehold(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBox(t)
	for name, claim := range map[string]func(*testing.T, *box){
		"every answer is as the document says":   everyAnswerIsAsTheDocumentSays,
		"a cursor belongs to its request":        aCursorBelongsToItsRequest,
		"pages together are the one page":        pagesTogetherAreTheOnePage,
		"no token reads what it may not":         noTokenReadsWhatItsScopeOrPersonDoesNotAllow,
		"an answer is sent once, and compressed": anAnswerIsSentOnceAndCompressed,
		"records are as the export has them":     recordsAreAsTheExportHasThem,
		"series are as the export has them":      seriesAreAsTheExportHasThem,
		"metrics are as the export has them":     metricsAreAsTheExportHasThem,
		"coverage is as the export has it":       coverageIsAsTheExportHasIt,
		"buckets sum up the samples":             bucketsSumUpTheSamples,
	} {
		t.Run(name, func(t *testing.T) {
			b.T = t
			claim(t, b)
		})
	}
	b.T = t
}

// everyAnswerIsAsTheDocumentSays asks all addresses about all types; ask validates
// each answer.
func everyAnswerIsAsTheDocumentSays(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	filled := map[string]int{}
	for _, slug := range []string{"ada", "sam"} {
		for _, path := range readable(slug) {
			more := ""
			switch {
			case strings.Contains(path, "/records/"):
				more = "?include=sent,versions"
			case strings.Contains(path, "/series/"):
				filled[path[len("people/"+slug):]] += len(c.get(path + "?every=5m&agg=min,max,mean,sum,count,last").Data)
				c.get(path + "?every=1d")
			}
			filled[path[len("people/"+slug):]] += len(c.get(path + more).Data)
		}
	}
	for path, n := range filled {
		if n == 0 && !strings.Contains(path, "thirdPartyDailies") {
			t.Errorf("nothing at %s", path)
		}
	}
	for _, path := range []string{"openapi.json", "types", "people", "people/ada", "people/ada/coverage",
		"people/sam/coverage?types=dailies,mct", "incidents", "incidents?state=all&person=ada", "changes"} {
		if w := c.ask(http.MethodGet, path); w.Code != http.StatusOK || w.Body.Len() < 30 {
			t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
		}
	}
	if len(c.get("incidents?person=ada").Data) == 0 {
		t.Error("no incident")
	}
}

func TestWhatIsNotValidIsRefusedWithWhatIs(t *testing.T) {
	t.Parallel()
	b := emptyBox(t)
	b.Add("Ada", "u1")
	c := b.bearer(0, auth.ScopeRead)
	for path, want := range map[string]string{
		"types?page=2":   `no parameter "page"; there are: none`,
		"people?limit=2": "there are: none",
		"people/ada/records/dailies?form=2026-01-01":                    "from, to, include, limit, cursor",
		"people/ada/records/dailies?from=2026-13-01":                    "want YYYY-MM-DD",
		"people/ada/records/dailies?from=":                              "want YYYY-MM-DD",
		"people/ada/records/dailies?from=2026-01-02&to=2026-01-01":      "after to",
		"people/ada/records/dailies?from=2026-01-02&from=2026-01-01":    "from is there 2 times",
		"people/ada/records/dailies?limit=0":                            "1 to 5000",
		"people/ada/records/dailies?limit=5001":                         "1 to 5000",
		"people/ada/records/dailies?include=all":                        "sent, versions",
		"people/ada/records/dailies?cursor=x":                           "no cursor of this address",
		"people/ada/records/dailies?to=%zz":                             "percent-encode",
		"people/ada/records/dayly":                                      "dailies, sleeps",
		"people/ada/records/manuallyUpdatedActivities":                  "dailies, sleeps",
		"people/ada/metrics?names=steps,stepps":                         "valid are steps, ",
		"people/ada/metrics?names=":                                     "valid are steps, ",
		"people/ada/series/dailies/pulse":                               "it has: heart_rate",
		"people/ada/series/epochs/pulse":                                "it has: none",
		"people/ada/series/dailies/heart_rate?every=0s":                 "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?every=2d":                 "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?every=-5m":                "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?every=5":                  "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?every=":                   "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?every=99999999999999999h": "from 1s to 1d",
		"people/ada/series/dailies/heart_rate?agg=min":                  "agg needs every",
		"people/ada/series/dailies/heart_rate?every=5m&agg=median":      "min, max, mean, sum, count, last",
		"people/ada/coverage?types=dailies,nights":                      "dailies, sleeps",
		"incidents?state=closed":                                        "open, all",
		"incidents?state=open,all":                                      "open or all",
	} {
		if name, detail := c.problem(http.StatusBadRequest, path); name != "parameter" || !strings.Contains(detail, want) {
			t.Errorf("%s: %s: %q, want %q", path, name, detail, want)
		}
	}
	if name, _ := c.problem(http.StatusNotFound, "nothing"); name != "no-such-address" {
		t.Errorf("an unknown address is %s", name)
	}
}

// aCursorBelongsToItsRequest: it names a place in the list of that person, type and
// those dates.
func aCursorBelongsToItsRequest(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	next := c.get("people/ada/records/epochs?limit=3").Next
	if next == "" {
		t.Fatal("one page")
	}
	c.get("people/ada/records/epochs?limit=7&cursor=" + next)
	for _, other := range []string{"people/ben/records/epochs?cursor=", "people/ada/records/dailies?cursor=",
		"people/ada/records/epochs?from=2020-01-01&cursor=", "people/ada/metrics?cursor=", "people/ada/coverage?cursor=",
		"incidents?cursor="} {
		c.problem(http.StatusBadRequest, other+next)
	}
}

// pagesTogetherAreTheOnePage, whatever the limit.
func pagesTogetherAreTheOnePage(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	for path, limits := range map[string][]int{
		"people/ada/records/epochs?include=versions&limit=":                 {5000, 97, 300},
		"people/ada/records/sleeps?include=sent&limit=":                     {5000, 1, 2},
		"people/ada/records/dailies?limit=":                                 {5000, 1, 2},
		"people/ada/metrics?limit=":                                         {5000, 1, 2},
		"people/ada/coverage?limit=":                                        {5000, 7, 30},
		"people/ada/series/dailies/heart_rate?limit=":                       {2000000, 1, 9000},
		"people/ada/series/pulseox/spo2?limit=":                             {2000000, 30},
		"people/ada/series/dailies/heart_rate?every=7m&agg=sum,last&limit=": {2000000, 1, 9000},
		"incidents?limit=":                                                  {5000, 1, 2},
	} {
		want, pages := c.all(path + fmt.Sprint(limits[0]))
		if pages != 1 || len(want) < 2 {
			t.Errorf("%s: %d items on %d pages", path, len(want), pages)
		}
		for _, limit := range limits[1:] {
			got, pages := c.all(path + fmt.Sprint(limit))
			if pages < 2 || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s%d: %d items on %d pages, want %d", path, limit, len(got), pages, len(want))
			}
		}
	}
}

// noTokenReadsWhatItsScopeOrPersonDoesNotAllow asks every address that has values.
func noTokenReadsWhatItsScopeOrPersonDoesNotAllow(t *testing.T, b *box) {
	status, ben := b.bearer(0, auth.ScopeStatus), b.bearer(b.idOf("ben"), auth.ScopeRead)
	metrics := b.bearer(0, auth.ScopeMetrics)
	for _, path := range readable("ada") {
		if name, _ := status.problem(http.StatusForbidden, path); name != "scope" {
			t.Errorf("%s for the scope status: %s", path, name)
		}
		unseen := ben.ask(http.MethodGet, path).Body.String()
		unknown := ben.ask(http.MethodGet, strings.Replace(path, "/ada", "/zoe", 1)).Body.String()
		if unseen != unknown || !strings.Contains(unseen, "problem-not-found") {
			t.Errorf("%s: %s differs from what an unknown person is answered: %s", path, unseen, unknown)
		}
	}
	for _, path := range []string{"people/ada/coverage", "incidents?person=ada"} {
		metrics.problem(http.StatusForbidden, path)
		ben.problem(http.StatusNotFound, path)
		status.get(path)
	}
	if people := ben.get("people").Data; len(people) != 1 || people[0]["slug"] != "ben" {
		t.Errorf("a token of Ben sees %v", people)
	}
	for _, p := range status.get("people").Data {
		if p["values"] != false {
			t.Errorf("the scope status reads values of %v", p)
		}
	}
	// An account that sees Ada's facts and not her values.
	b.Account("ada", db.RoleMember, b.idOf("ada"))
	admin := b.Account("root", db.RoleAdmin, 0)
	facts := b.bearer(b.idOf("ada"), auth.ScopeRead)
	facts.APIToken.Account = admin.ID
	for _, path := range readable("ada") {
		if name, _ := facts.problem(http.StatusForbidden, path); name != "not-shared" {
			t.Errorf("%s for an admin: %s", path, name)
		}
	}
	facts.get("people/ada/coverage")
}

// anAnswerIsSentOnceAndCompressed where the client has it, or accepts that.
func anAnswerIsSentOnceAndCompressed(t *testing.T, b *box) {
	c := b.bearer(0, auth.ScopeRead)
	for _, path := range slices.Concat(readable("ada"), []string{"types", "openapi.json", "people", "people/ada/coverage"}) {
		plain := c.ask(http.MethodGet, path)
		tag := plain.Header().Get("ETag")
		if again := c.ask(http.MethodGet, path, "If-None-Match", tag); again.Code != http.StatusNotModified ||
			again.Body.Len() != 0 || tag == "" {
			t.Errorf("%s: %d with %d bytes for the tag %s", path, again.Code, again.Body.Len(), tag)
		}
		if head := c.ask(http.MethodHead, path); head.Code != plain.Code || head.Header().Get("ETag") != tag {
			t.Errorf("%s: HEAD answers %d %s", path, head.Code, head.Header().Get("ETag"))
		}
		if plain.Body.Len() < 2000 {
			continue
		}
		packed := c.ask(http.MethodGet, path, "Accept-Encoding", "gzip")
		if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() {
			t.Errorf("%s: not compressed", path)
		}
		if again := c.ask(http.MethodGet, path, "Accept-Encoding", "gzip", "If-None-Match",
			packed.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s: %d for the tag of the compressed form", path, again.Code)
		}
	}
}
