package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyVersionsOfADayWithHugeSeriesBlockNothing sends versions of one day
// that each have more samples than a day has seconds.
func TestManyVersionsOfADayWithHugeSeriesBlockNothing(t *testing.T) {
	t.Parallel()
	var samples strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&samples, `,"%d":%d`, i, 60+i%90)
	}
	b := newVictim(t)
	b.send("dailies", "gzip", zipped(t, series("dailies", 20, func(i int) string {
		return fmt.Sprintf(`{"userId":"u1","summaryId":"x%d","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,`+
			`"durationInSeconds":%d,"timeOffsetHeartRateSamples":{"%d":60%s}}`, i, 1_000_000-i, 400_000+3600*i, samples.String())
	})))
	b.wantSoon("the other's day", b.othersGoOn())
	t.Logf("all after %s", b.processed(1, 2*time.Minute))
	b.wantLittleMemory()
}
