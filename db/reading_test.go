package db

import (
	"bytes"
	"errors"
	"testing"

	"garner/health"
)

func TestNoBitOfMetricsChangesInSilence(t *testing.T) {
	t.Parallel()
	s := &Store{metricIDs: map[string]uint64{"steps": 1, "resting_heart_rate": 2},
		metricNames: map[uint64]string{1: "steps", 2: "resting_heart_rate"}}
	const day = health.Day(20_000)
	row, err := s.packReadings(day, []health.Reading{{Metric: "steps", Value: 4321, At: int64(day)*86400 + 60},
		{Metric: "resting_heart_rate", Value: 52}})
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(row) {
		harmed := bytes.Clone(row)
		harmed[bit/8] ^= 1 << (bit % 8)
		if got, err := s.unpackReadings("dailies", day, harmed, nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("bit %d: %+v, %v", bit, got, err)
		}
	}
	for size := 1; size < len(row); size++ {
		if got, err := s.unpackReadings("dailies", day, row[:size], nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("the first %d bytes: %+v, %v", size, got, err)
		}
	}
	if got, err := s.unpackReadings("dailies", day+1, row, nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("on another day: %+v, %v", got, err)
	}
	for version, row := range map[string][]byte{"this": row, "an earlier": row[sumBytes:]} {
		got, err := s.unpackReadings("dailies", day, row, nil)
		if err != nil || len(got) != 2 || got[0].Value != 4321 || got[1].Value != 52 {
			t.Errorf("of %s version: %+v, %v", version, got, err)
		}
	}
}
