package garmin_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"garner/garmin"
	"garner/health"
)

// dense is a daily summary of one heart rate every step seconds of its day.
func dense(t *testing.T, reach int64, length, step int) *health.Version {
	t.Helper()
	var samples []string
	for at := 0; at < length; at += step {
		samples = append(samples, fmt.Sprintf(`"%d":%d`, at, 40+at*7919%160))
	}
	_, v := one(t, "dailies", `{"userId":"a","timeOffsetHeartRateSamples":{`+strings.Join(samples, ",")+`}}`)
	out := &health.Version{Body: v.AppendPacked(nil), End: 86400, Order: health.Order{Class: health.Final, Reach: reach}}
	out.Sum[0] = byte(step)
	return out
}

func TestSamplesOfAnElementBeyondAllRealOnesAreNotWeighed(t *testing.T) {
	t.Parallel()
	blend := garmin.Dailies.Kind().Blend
	thin, real, vast := dense(t, 3, 86400, 60), dense(t, 2, 86400, 15), dense(t, 1, 300_000, 1)
	shown, needed := blend([]*health.Version{thin, real, vast})
	if !shown.Blended || len(shown.Body) < len(real.Body)/2 || !needed[1] || needed[2] {
		t.Errorf("a day of %d bytes is shown, blended %v, needed %v", len(shown.Body), shown.Blended, needed)
	}
	if shown, needed = blend([]*health.Version{vast, real}); shown.Blended || !bytes.Equal(shown.Body, vast.Body) {
		t.Errorf("a vast day is blended: %v, needed %v", shown.Blended, needed)
	}
}
