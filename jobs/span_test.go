package jobs

import (
	"fmt"
	"testing"
)

// asleep is a sleep from so many hours after the evening on.
func asleep(from, hours float64, validation string) string {
	return fmt.Sprintf(`{"sleeps":[{"userId":"u1","summaryId":"x%g","calendarDate":"2026-11-20","startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"validation":%q}]}`,
		from, 1_795_132_800+int(from*3600), int(hours*3600), validation)
}

func TestANightKeepsTheSpanOfAllItsVersionsWhenTheStandingOneIsReadAnew(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"its start was read wrong": `update record set crc = 0, key = key || '?', start_s = start_s - 7`,
		"its end was read wrong":   `update record set crc = 0, end_s = end_s + 7`,
		"its key was read wrong":   `update record set crc = 0, key = key || '?'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.put(asleep(0, 8, "AUTO_TENTATIVE"), asleep(2, 8, "AUTO_FINAL"))
			b.run()
			b.Harm(harm)
			b.rederive()
			if n := b.Ask(`select versions from record`); n != 2 {
				t.Errorf("%d versions after rederive, want 2", n)
			}
			b.put(asleep(-1, 2, "AUTO_TENTATIVE")) // touches the first version only
			b.run()
			if n := b.Ask(`select count(*) from record`); n != 1 {
				t.Errorf("%d records, want 1", n)
			}
			if n := b.Ask(`select max(versions) from record`); n != 3 {
				t.Errorf("%d versions, want 3", n)
			}
		})
	}
}
