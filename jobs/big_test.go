package jobs

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"garner/db"
	"garner/garmin"
)

// manyEpochs makes one body of n slices of two people and a few strangers.
func manyEpochs(n int) string {
	var b strings.Builder
	b.WriteString(`{"epochs":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		who := []string{"u1", "u2", "u1", "u1", "stranger"}[i%5]
		fmt.Fprintf(&b, `{"userId":%q,"startTimeInSeconds":%d,"durationInSeconds":900,"activityType":"WALKING","steps":%d}`,
			who, 1_700_000_000+i*60, i)
	}
	b.WriteString(`]}`)
	return b.String()
}

func TestADeliveryOfAHundredThousandElementsIsAppliedInParts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBench(t)
	b.Add("Ben", "u2", "")
	const n = 100_000
	b.put(manyEpochs(n))
	jobs := b.claim()
	ids, err := b.drain.Store.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	parts, most, versions := 0, 0, 0
	out := b.drain.process(context.Background(), jobs[0], ids, func(part *db.Result) {
		parts, most, versions = parts+1, max(most, len(part.Versions)), versions+len(part.Versions)
		if !part.Partial || len(part.Issues) > 0 {
			t.Errorf("a part is partial: %v, with %d issues", part.Partial, len(part.Issues))
		}
	})
	if versions+len(out.Versions) != n/5*4 || out.Elements != n {
		t.Errorf("%d versions of %d elements", versions+len(out.Versions), out.Elements)
	}
	if parts < 3 || most > n/4 {
		t.Errorf("%d parts, the biggest of %d versions", parts, most)
	}
	orphans := 0
	for _, is := range out.Issues {
		orphans += is.Count
	}
	if orphans != n/5 || len(out.Issues) > 2*mostAlike {
		t.Errorf("%d orphans in %d rows", orphans, len(out.Issues))
	}
}

func TestABigDeliveryGoesThroughWholeAndAgainWithoutChange(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBench(t)
	b.Add("Ben", "u2", "")
	const n = 20_000
	b.put(manyEpochs(n))
	b.run()
	sizes := func() []int {
		var out []int
		for person := range int64(2) {
			count := 0
			for _, err := range b.drain.Store.Each(t.Context(), person+1, "epochs", -1<<20, 1<<20) {
				if err != nil {
					t.Fatal(err)
				}
				count++
			}
			out = append(out, count)
		}
		return out
	}
	want := []int{n / 5 * 3, n / 5}
	if got := sizes(); !slices.Equal(got, want) {
		t.Fatalf("%v records, want %v", got, want)
	}
	before := b.versions()
	b.again(false, 1)
	if !slices.Equal(b.versions(), before) {
		t.Error("processing a delivery again changed its records")
	}
	if c := b.Counts(); c.Orphaned != 1 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
}

func TestABigDeliveryOfWhichAPartIsRefusedIsTriedAgainWhole(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := newBench(t)
	b.Harm(`create trigger harm before insert on block when new.uday = 19680 begin select raise(abort, 'refused'); end`)
	b.put(manyEpochs(60_000))
	b.run()
	if c := b.Counts(); c.Waiting != 1 || c.Done != 0 {
		t.Fatalf("while a part is refused: %+v", c)
	}
	b.Harm(`drop trigger harm`)
	b.Harm(`update delivery set due_ms = 0`)
	b.run()
	if n := len(b.current()); n != 36_000 {
		t.Errorf("%d records, want 36000", n)
	}
}

func TestABodyThatUnpacksToTooMuchOrNotAtAllIsParked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for encoding, body := range map[string]string{"gzip": "not gzip", "br": "{}", "deflate, gzip": "{}"} {
		b.Arrive(db.Arrival{Encoding: encoding}, body)
	}
	b.run()
	if c := b.Counts(); c.Parked != 3 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
	c := &capped{r: bytes.NewReader(make([]byte, 100)), left: 64}
	var got bytes.Buffer
	var unreadable *garmin.UnreadableError
	if n, err := got.ReadFrom(c); !errors.As(err, &unreadable) || n != 64 {
		t.Errorf("read %d bytes past a cap of 64: %v", n, err)
	}
	c = &capped{r: bytes.NewReader(make([]byte, 64)), left: 64}
	if n, err := got.ReadFrom(c); err != nil || n != 64 {
		t.Errorf("read %d bytes up to a cap of 64: %v", n, err)
	}
}

func zipped(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, body)
	z.Close()
	return b.String()
}

// badZips are faults of a gzip; the body's first element comes before them.
func badZips() map[string]string {
	rng := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte('a' + rng.IntN(26))
	}
	whole := zipped(strings.Replace(fmt.Sprintf(night, "u1"), "]}", `,{"userId":"u1","x":"`+string(noise)+`"}]}`, 1))
	return map[string]string{
		"empty":     "",
		"header":    "not gzip",
		"checksum":  whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:],
		"truncated": whole[:len(whole)-20],
		"garbage":   whole + "garbage",
		"corrupt":   whole[:len(whole)/2] + strings.Repeat("\xff", len(whole)/2),
	}
}

func TestAFaultOfGzipIsFinalAtOnceAndWhatCameBeforeItIsKept(t *testing.T) {
	t.Parallel()
	for name, body := range badZips() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Arrive(db.Arrival{Encoding: "gzip"}, body)
			b.run()
			if c := b.Counts(); c.Parked != 1 || c.Waiting != 0 {
				t.Errorf("%+v", c)
			}
			if n := b.Ask(`select attempts from delivery`); n != 1 {
				t.Errorf("it took %d attempts", n)
			}
			if n := b.Ask(`select count(*) from issue where element = -1 and reason like 'not readable: at byte %'`); n != 1 {
				t.Error("it does not say that the body is not readable")
			}
			if n := len(b.current()); n != 1 && name != "empty" && name != "header" {
				t.Errorf("%d records stand, want the one before the fault", n)
			}
		})
	}
}

func TestABodyThatUnpacksToTooMuchIsParkedAtOnce(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	var body bytes.Buffer
	z, _ := gzip.NewWriterLevel(&body, gzip.BestSpeed)
	io.WriteString(z, strings.TrimSuffix(fmt.Sprintf(night, "u1"), "]}"))
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range maxUnpacked >> 20 {
		z.Write(blank)
	}
	io.WriteString(z, "]}")
	z.Close()
	b := newBench(t)
	b.Arrive(db.Arrival{Encoding: "gzip"}, body.String())
	b.run()
	if n := b.Ask(`select attempts from delivery where state <> 0`); n != 1 || len(b.current()) != 1 {
		t.Errorf("%d attempts, %d records", n, len(b.current()))
	}
	if n := b.Ask(`select count(*) from issue where reason like '%unpacks to more than 256 MiB'`); n != 1 {
		t.Error("it does not say so")
	}
}

func TestAnErrorOfTheStorageUnderGzipIsTriedAgain(t *testing.T) {
	t.Parallel()
	disk, whole := errors.New("disk"), zipped(fmt.Sprintf(night, "u1"))
	for at := range len(whole) {
		r, err := unpacked(io.MultiReader(strings.NewReader(whole[:at]), iotest.ErrReader(disk)), "gzip")
		if err == nil {
			err = garmin.Split(r, "", limits, func(garmin.Item) error { return nil })
		}
		var unreadable *garmin.UnreadableError
		if !errors.Is(err, disk) || errors.As(err, &unreadable) {
			t.Fatalf("at byte %d: %v", at, err)
		}
	}
}

func TestNoticesAreRecordedAndPeopleOfOneBodyKeptApart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Add("Ben", "u2", "")
	b.Arrive(db.Arrival{},
		`{"deregistrations":[{"userId":"u1"}],"userPermissionsChange":[{"userId":"u2","permissions":["HEALTH_EXPORT"],`+
			`"changeTimeInSeconds":1795132800}]}`)
	b.Arrive(db.Arrival{},
		`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800},{"userId":"u2",`+
			`"calendarDate":"2026-11-20","startTimeInSeconds":1795132800}]}`)
	b.run()
	if n := b.Ask(`select count(*) from notice`); n != 2 {
		t.Errorf("%d notices are on record, want 2", n)
	}
	if n := b.Ask(`select count(distinct person_id) from record`); n != 2 {
		t.Errorf("%d people have a record, want 2", n)
	}
	if c := b.Counts(); c.Done != 2 {
		t.Errorf("%+v", c)
	}
}

func TestOrphansBeyondTheCapAreDroppedOldestFirstAndCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 5 {
		b.Arrive(db.Arrival{}, fmt.Sprintf(night, fmt.Sprint("stranger ", i)))
	}
	b.run()
	p := &Pruner{Inbox: b.drain.Receiving, Store: b.drain.Store, Log: b.drain.Log, Keep: 24 * time.Hour,
		KeepOrphans: 24 * time.Hour, MaxOrphans: 2}
	if err := p.RunOnce(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	unknown, err := b.drain.Store.Unknowns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, u := range unknown {
		left = append(left, u.UserID)
	}
	slices.Sort(left)
	if !slices.Equal(left, []string{"stranger 3", "stranger 4"}) {
		t.Errorf("%q wait", left)
	}
	if n := b.Ask(`select n from tally where what = 'orphan dropped'`); n != 3 {
		t.Errorf("%d are counted as dropped, want 3", n)
	}
}
