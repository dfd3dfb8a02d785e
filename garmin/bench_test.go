package garmin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/garmin"
	"garner/garmin/simulator"
)

// fullDay is a day's summary with a heart rate every fifteen seconds.
func fullDay() string {
	var b strings.Builder
	b.WriteString(`{"dailies":[{"userId":"a","summaryId":"x1","calendarDate":"2024-03-20",` +
		`"startTimeInSeconds":1710892800,"durationInSeconds":86400,"steps":8410,"timeOffsetHeartRateSamples":{`)
	for i := range 5760 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":%d`, i*15, 50+i%60)
	}
	b.WriteString(`}}]}`)
	return b.String()
}

func BenchmarkSplitAndDecodeFullDay(b *testing.B) {
	body := fullDay()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		err := garmin.Split(strings.NewReader(body), "dailies", roomy, func(it garmin.Item) error {
			if d := it.Type.Decode(it.Value); d.Fault != "" {
				b.Fatal(d.Fault)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingJSONFullDay is what the other is compared with.
func BenchmarkEncodingJSONFullDay(b *testing.B) {
	body := []byte(fullDay())
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var v map[string][]struct {
			UserID   string             `json:"userId"`
			Steps    int                `json:"steps"`
			HeartSum map[string]float64 `json:"timeOffsetHeartRateSamples"`
		}
		if err := json.Unmarshal(body, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExtraFullDay(b *testing.B) {
	items := split(b, fullDay(), "")
	for b.Loop() {
		if extra := items[0].Type.Extra(items[0].Value); extra != nil {
			b.Fatal(string(extra))
		}
	}
}

// BenchmarkSplitSimulated reads what a household sends in two weeks, each
// delivery a body of its own.
func BenchmarkSplitSimulated(b *testing.B) {
	world := simulator.New(simulator.Config{Seed: 5, People: 2, Days: 14,
		Until: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	var bodies [][]byte
	size := 0
	for delivery := range world.History() {
		bodies = append(bodies, delivery.Body)
		size += len(delivery.Body)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, body := range bodies {
			if err := garmin.Split(bytes.NewReader(body), "", roomy, func(garmin.Item) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	}
}
