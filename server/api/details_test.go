package api_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/health"
	"garner/jobs/watch"
	"garner/server/auth"
)

// aDay is a daily summary of u1 on 2026-11-20 with more.
func aDay(duration int, more string) string {
	return fmt.Sprintf(`"summaryId":"s%d","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,`+
		`"startTimeOffsetInSeconds":3600,"durationInSeconds":%d%s`, duration, duration, more)
}

func TestNumbersAndElementsAreAsSent(t *testing.T) {
	t.Parallel()
	b := emptyBox(t)
	b.Add("Ada", "u1")
	b.Push("dailies", aDay(86400, `,"steps":1234,"distanceInMeters":10.50,"activeKilocalories":1e2,"pushes":"7",
		"floorsClimbed":"many","averageStressLevel":null,"stressQualifier":"calm","new":{"a":[1.0]},
		"timeOffsetHeartRateSamples":{"15":60,"30":61.50,"45":-1,"60":-1,"75":62}`))
	c := b.bearer(0, auth.ScopeRead)
	got := c.ask(http.MethodGet, "people/ada/records/dailies?include=sent").Body.String()
	for _, want := range []string{`"steps":1234,`, `"distance_m":10.50`, `"active_kcal":1e2`, `"pushes":7,`,
		`"extra":{"new":{"a":[1.0]},"floorsClimbed":"many"}`, `"stress_qualifier":"calm"`, `"utc_offset_s":3600`,
		`"start_time_utc":"2026-11-20T00:00:00Z"`, `"sent":{"userId":"u1","summaryId":"s86400"`, `"class":"final"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "average_stress_level") {
		t.Error("a null is a value")
	}
	got = c.ask(http.MethodGet, "people/ada/series/dailies/heart_rate").Body.String()
	for _, want := range []string{`"value":[60,61.50,null,null,62]`, `"off":[{"index":2,"count":2,"reason":"off wrist"}]`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	got = c.ask(http.MethodGet, "people/ada/series/dailies/heart_rate?every=1d&agg=max,count").Body.String()
	if want := `"every_s":86400,"time_s":[1795129200],"max":[62],"count":[3]}`; !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}

func TestSamplesFinerThanASecondHaveMilliseconds(t *testing.T) {
	t.Parallel()
	b := emptyBox(t)
	b.Add("Ada", "u1")
	b.Push("activityDetails", `"summaryId":"1-detail","activityId":1,"summary":{"activityId":1,"startTimeInSeconds":1795132800,
		"startTimeOffsetInSeconds":0,"durationInSeconds":60,"activityType":"RUNNING"},
		"samples":[{"startTimeInSeconds":1795132800,"heartRate":90},{"startTimeInSeconds":1795132800.5,"heartRate":91}]`)
	c := b.bearer(0, auth.ScopeRead)
	got := c.ask(http.MethodGet, "people/ada/series/activityDetails/heart_rate").Body.String()
	if want := `"time_ms":[1795132800000,1795132800500],"value":[90,91]`; !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}

// TestVersionsAreListedInOrderOfArrival, of types with rows and of small types.
func TestVersionsAreListedInOrderOfArrival(t *testing.T) {
	t.Parallel()
	b := emptyBox(t)
	b.Add("Ada", "u1")
	epoch := func(steps int) string {
		return fmt.Sprintf(`"summaryId":"e","startTimeInSeconds":1795132800,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":900,"activityType":"WALKING","steps":%d`, steps)
	}
	b.Push("dailies", aDay(3600, ""), aDay(86400, ""), aDay(7200, ""))
	b.Push("epochs", epoch(1), epoch(2), epoch(3))
	c := b.bearer(0, auth.ScopeRead)
	for typ, current := range map[string]int{"dailies": 1, "epochs": 2} {
		records := c.get("people/ada/records/" + typ + "?include=versions").Data
		if len(records) != 1 {
			t.Fatalf("%s: %d records", typ, len(records))
		}
		versions := records[0]["versions"].([]any)
		if len(versions) != 3 {
			t.Fatalf("%s: %v", typ, versions)
		}
		for i, v := range versions {
			if anyMap(v)["current"] != (i == current) {
				t.Errorf("%s: version %d of %v is current", typ, i, versions)
			}
		}
		if c.get("people/ada/records/" + typ).Data[0]["versions"] != nil {
			t.Errorf("%s: versions that were not asked for", typ)
		}
	}
}

func TestADamagedRecordIsNamedAndTheOthersAreThere(t *testing.T) {
	t.Parallel()
	b := emptyBox(t)
	b.Add("Ada", "u1")
	start := health.Day(20777).Midnight().Unix()
	for i := range int64(3) {
		b.Push("dailies", fmt.Sprintf(`"calendarDate":%q,"startTimeInSeconds":%d,"durationInSeconds":86400,
			"timeOffsetHeartRateSamples":{"15":60}`, health.Day(20777+i), start+i*86400))
	}
	file, err := sql.Open("sqlite", filepath.Join(b.watch.(*watch.Watch).DataDir, "garner.db"))
	b.must(err)
	defer func() { b.must(file.Close()) }()
	_, err = file.ExecContext(t.Context(), `update record set body = x'00' where day = 20778`)
	b.must(err)
	c := b.bearer(0, auth.ScopeRead)
	for _, path := range []string{"people/ada/records/dailies", "people/ada/series/dailies/heart_rate",
		"people/ada/series/dailies/heart_rate?every=1h"} {
		if got := c.get(path); len(got.Data) != 2 || len(got.Damaged) != 1 || got.Damaged[0]["date"] != "2026-11-21" {
			t.Errorf("%s: %d items, damaged %v", path, len(got.Data), got.Damaged)
		}
		damaged, items := 0, 0
		sep := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		for next := path + sep + "limit=1"; ; {
			page := c.get(next)
			damaged, items = damaged+len(page.Damaged), items+len(page.Data)
			if page.Next == "" {
				break
			}
			next = path + sep + "limit=1&cursor=" + page.Next
		}
		if damaged != 1 || items != 2 {
			t.Errorf("%s by pages: %d items, %d damaged", path, items, damaged)
		}
	}
}

// fill stores days of heart rate every 15 seconds of one person.
func fill(b *box, n int) {
	b.T.Helper()
	b.Add("Ada", "u1")
	for i := range n {
		day := health.Day(20700 + i)
		var hr strings.Builder
		for s := 15; s <= 86400; s += 15 {
			fmt.Fprintf(&hr, `,"%d":%d`, s, 50+(s*7919+i)%97)
		}
		b.put(time.Now(), fmt.Appendf(nil, `{"dailies":[{"userId":"u1","calendarDate":%q,"startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"timeOffsetHeartRateSamples":{%s}}]}`, day,
			day.Midnight().Unix()-3600, hr.String()[1:]))
	}
	b.Run()
}

func TestAMonthOfHeartRateIsOneAnswer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := emptyBox(t)
	fill(b, 31)
	got := b.bearer(0, auth.ScopeRead).get("people/ada/series/dailies/heart_rate")
	n := 0
	for _, block := range got.Data {
		n += len(block["value"].([]any))
	}
	if n != 31*5760 || got.Next != "" {
		t.Errorf("%d samples of %d, next %q", n, 31*5760, got.Next)
	}
}
