package db_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func TestRederivingIntoADamagedBlockLosesNothing(t *testing.T) {
	t.Parallel()
	const day = 86400
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	var versions []health.Version
	for i, start := range []int64{10, 20, 30, 40, day + 10} {
		v := health.Version{Person: 1, Type: "small", Key: fmt.Sprint(start), Start: start, End: start + 5,
			Day: health.Day(start / day)}
		v.Body = []byte(fmt.Sprint(i))
		v.Order.Arrival = health.Arrival{Delivery: 1, Element: int32(i)}
		copy(v.Sum[:], sum16(v.Body))
		versions = append(versions, v)
	}
	apply(t, s, put(t, in, s, 1), func(db.Job) []health.Version { return versions })
	harm(t, filepath.Join(dir, "garner.db"), `update block set crc = crc + 1 where uday = 1`)

	// The second record is now found to begin on the next day.
	redecode := func(rec *health.Record) (*health.Version, error) {
		v := rec.Version
		if v.Start == 20 {
			v.Start, v.End, v.Day = day+20, day+25, 1
		}
		return &v, nil
	}
	for spot := (db.Checkpoint{}); !spot.Done; {
		var err error
		if spot, _, err = s.Rederive(t.Context(), time.Now(), spot, 10, redecode); err != nil {
			t.Fatal(err)
		}
	}
	recs, err := s.Records(t.Context(), 1, "small", 0, 0, db.Cursor{}, 10)
	if err != nil || len(recs) != 4 {
		t.Errorf("%d records are left of 4, %v", len(recs), err)
	}
}
