package pages_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/servertest"
)

// list writes n items, each with its number.
func list(n int, item func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(item(i))
	}
	return b.String()
}

// hugeDays are bodies of one element each that hold far more than a page can
// show.
func hugeDays() map[string]string {
	const head = `"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"startTimeOffsetInSeconds":3600`
	const night = `{"sleeps":[{` + head + `,"durationInSeconds":25200,"validation":"ENHANCED_FINAL"`
	level := func(words []string, step int) string {
		return list(len(words), func(w int) string {
			return fmt.Sprintf(`%q:[%s]`, words[w], list(200_000/len(words), func(i int) string {
				from := 1795132800 + (i*len(words)+w)*step%25200
				return fmt.Sprintf(`{"startTimeInSeconds":%d,"endTimeInSeconds":%d}`, from, from+1+i%3)
			}))
		})
	}
	samples := func(value func(i int) int) string {
		return list(86_400, func(i int) string { return fmt.Sprintf(`"%d":%d`, i, value(i)) })
	}
	names := make([]string, 300)
	for i := range names {
		names[i] = strings.Repeat(string(rune('a'+i%26)), 3000) + fmt.Sprint(i)
	}
	return map[string]string{
		"levels": night + `,"sleepLevelsMap":{` + level([]string{"deep", "light", "rem", "awake"}, 1) + `}}]}`,
		"words":  night + `,"sleepLevelsMap":{` + level(names, 7) + `}}]}`,
		"naps": night + `,"naps":[` + list(50_000, func(i int) string {
			return fmt.Sprintf(
				`{"napStartTimeInSeconds":%d,"napDurationInSeconds":60,"napValidation":"DEVICE"}`,
				1795140000+i,
			)
		}) + `]}]}`,
		"stress": `{"stressDetails":[{` + head + `,"durationInSeconds":86400,"timeOffsetStressLevelValues":{` +
			samples(func(i int) int { return i * 7 % 100 }) + `}}]}`,
		"off": `{"stressDetails":[{` + head + `,"durationInSeconds":86400,"timeOffsetStressLevelValues":{` +
			samples(func(i int) int { return i%4 - 3 }) + `}}]}`,
		"name": `{"activities":[{` + head + `,"activityId":7,"durationInSeconds":900,"activityName":"` +
			strings.Repeat("é", 400<<10) + `"}]}`,
		"score": night + `,"overallSleepScore":{"value":80,"qualifierKey":"` + strings.Repeat("G", 900<<10) + `"}}]}`,
		"heart": `{"dailies":[{` + head + `,"durationInSeconds":86400,"timeOffsetHeartRateSamples":{` +
			samples(func(i int) int { return 50 + i*7%100 }) + `}}]}`,
	}
}

func TestTheDayStaysSmallWhateverAnElementHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for name, body := range hugeDays() {
		t.Run(name, func(t *testing.T) {
			s := servertest.Open(t, servertest.Limits(), nil)
			s.Add("Ada", "u1")
			if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
				t.Fatal(err)
			}
			s.Run()
			for _, path := range []string{"/p/ada/day/2026-11-20", "/"} {
				began := time.Now()
				w := s.Get(path)
				took := time.Since(began)
				t.Logf("%s: %d KiB in %v", path, w.Body.Len()>>10, took)
				if w.Code != http.StatusOK || w.Body.Len() > 300<<10 || took > 5*time.Second {
					t.Errorf("%s: %d, %d KiB in %v", path, w.Code, w.Body.Len()>>10, took)
				}
				if path != "/" && strings.Contains(w.Body.String(), "No data for this day") {
					t.Error("the day is empty")
				}
			}
		})
	}
}
