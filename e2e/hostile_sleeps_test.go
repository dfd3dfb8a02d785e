package e2e

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// overlapping is n accounts of one night, each a second later and longer than
// the one before.
func overlapping(n int) io.Reader {
	return series("sleeps", n, func(i int) string {
		return fmt.Sprintf(`{"userId":"u1","summaryId":"x%d","startTimeInSeconds":%d,"durationInSeconds":%d,`+
			`"startTimeOffsetInSeconds":3600,"deepSleepDurationInSeconds":300,"validation":"AUTO_FINAL"}`,
			i, 1_795_132_800+i, 25_000+i)
	})
}

func TestManyAccountsOfOneNightAreOneRecordInTimeThatGrowsInProportion(t *testing.T) {
	few, many := 5_000, 20_000
	first, second := oneNight(t, few), oneNight(t, many)
	t.Logf("%d took %s, %d took %s", few, first, many, second)
	// The floor keeps the noise of short times out.
	if second > 10*max(first, 2*time.Second) {
		t.Errorf("%d accounts of a night took %s, and %d took %s", few, first, many, second)
	}
}

// oneNight returns how long n accounts of a night take.
func oneNight(t *testing.T, n int) time.Duration {
	b := newVictim(t)
	home := b.homeMeanwhile()
	defer home()
	b.send("sleeps", "", overlapping(n))
	other := b.othersGoOn()
	all := other + b.processed(1, 5*time.Minute)
	b.wantSoon("home", home())
	t.Logf("%d: the other's after %s, all after %s, home within %s", n, other, all, home())
	b.wantOneNight(n)
	return all
}

func (b victim) wantOneNight(versions int) {
	b.T.Helper()
	if n := b.ask(`select count(*) from record where person_id = 1`); n != 1 {
		b.T.Errorf("%d records, want 1", n)
	}
	if n := b.ask(`select max(versions) from record where person_id = 1`); n != int64(versions) {
		b.T.Errorf("%d versions, want %d", n, versions)
	}
	n := b.ask(`select count(*) from version v join record r on r.id = v.record_id where person_id = 1`)
	if n != int64(versions) {
		b.T.Errorf("facts of %d versions, want %d", n, versions)
	}
}

func TestASleepThatBridgesManyIsAppliedAndIsOneRecordWithThem(t *testing.T) {
	const n = 900
	b := bridged(t, n, n)
	b.wantOneNight(n + 1)
	if got := b.ask(`select count(*) from record where person_id = 1 and summary_id = 'bridge'`); got != 1 {
		t.Error("the bridge does not stand")
	}
}

func TestOfMoreSleepsThanADayMayHaveTheRestIsParkedAndCounted(t *testing.T) {
	const n, most = 30_000, 1000
	b := bridged(t, n, most)
	b.wantOneNight(most + 1)
	if got := b.ask(`select sum(count) from issue where delivery_id = 1 and kind = 1`); got != n-most {
		t.Errorf("%d are parked, want %d", got, n-most)
	}
	b.wantLittleMemory()
}

// bridged is a box that is sent n sleeps of a second each, of which it keeps
// some, and then one that overlaps all.
func bridged(t *testing.T, n, kept int) victim {
	b := newVictim(t)
	b.send("sleeps", "", series("sleeps", n, func(i int) string {
		return fmt.Sprintf(`{"userId":"u1","summaryId":"x%d","startTimeInSeconds":%d,"durationInSeconds":1,`+
			`"startTimeOffsetInSeconds":3600,"validation":"AUTO_TENTATIVE"}`, i, 1_795_140_000+i)
	}))
	t.Logf("%d sleeps took %s", n, b.processed(1, 5*time.Minute))
	if got := b.ask(`select count(*) from record`); got != int64(kept) {
		t.Fatalf("%d records, want %d", got, kept)
	}
	home := b.homeMeanwhile()
	defer home()
	b.send("sleeps", "", strings.NewReader(fmt.Sprintf(`{"sleeps":[{"userId":"u1","summaryId":"bridge",`+
		`"startTimeInSeconds":%d,"durationInSeconds":%d,"startTimeOffsetInSeconds":3600,"validation":"AUTO_FINAL"}]}`,
		1_795_140_000, n)))
	t.Logf("the bridge took %s, the other's day %s", b.processed(2, time.Minute), b.othersGoOn())
	b.wantSoon("home", home())
	return b
}
