package db

import (
	"bytes"
	"errors"
	"testing"

	"garner/health"
)

func TestNoBitOfMetricsChangesInSilence(t *testing.T) {
	t.Parallel()
	s := &Store{damage: &damage{}, types: map[int64]string{3: "dailies"}, metricIDs: map[string]uint64{"steps": 1, "resting_heart_rate": 2},
		metricNames: map[uint64]string{1: "steps", 2: "resting_heart_rate"}}
	const day = health.Day(20_000)
	key := readingKey{person: 1, typ: 3, day: day}
	row, err := s.packReadings(key, []health.Reading{{Metric: "steps", Value: 4321, At: int64(day)*86400 + 60},
		{Metric: "resting_heart_rate", Value: 52}})
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(row) {
		harmed := bytes.Clone(row)
		harmed[bit/8] ^= 1 << (bit % 8)
		if got, err := s.unpackReadings(key, harmed, nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("bit %d: %+v, %v", bit, got, err)
		}
	}
	for size := 1; size < len(row); size++ {
		if got, err := s.unpackReadings(key, row[:size], nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("the first %d bytes: %+v, %v", size, got, err)
		}
	}
	for _, other := range []readingKey{{2, 3, day}, {1, 2, day}, {1, 3, day + 1}} {
		if got, err := s.unpackReadings(other, row, nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("as those of %+v: %+v, %v", other, got, err)
		}
	}
	for version, row := range map[string][]byte{"this": row, "an earlier": row[sumBytes:]} {
		got, err := s.unpackReadings(key, row, nil)
		if err != nil || len(got) != 2 || got[0].Value != 4321 || got[1].Value != 52 {
			t.Errorf("of %s version: %+v, %v", version, got, err)
		}
	}
}
