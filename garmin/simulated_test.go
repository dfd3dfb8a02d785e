package garmin_test

import (
	"bytes"
	"testing"
	"time"

	"garner/garmin"
	"garner/garmin/simulator"
)

// TestTheSimulatorIsReadWhole crosses two readings of Garmin's field tables
// that share nothing: whatever one writes, the other has a place for.
func TestTheSimulatorIsReadWhole(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	world := simulator.New(simulator.Config{Seed: 5, People: 4, Days: 20,
		Until: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Faults: &simulator.Faults{}})
	seen := map[*garmin.Type]int{}
	for delivery := range world.History() {
		err := garmin.Split(bytes.NewReader(delivery.Body), delivery.Type, roomy, func(it garmin.Item) error {
			if it.Err != nil || it.Type == nil || it.UserID == "" {
				t.Fatalf("%s: %+v", delivery.Type, it)
			}
			seen[it.Type]++
			if it.CallbackURL != "" || it.Type.Notice {
				return nil
			}
			d := it.Type.Decode(it.Value)
			if d.Fault != "" || len(d.Ignored) > 0 {
				t.Errorf("%s: %q, ignored %v", it.Type.Key, d.Fault, d.Ignored)
			}
			if extra := it.Type.Extra(it.Value); extra != nil {
				t.Errorf("%s: no column for %.300s", it.Type.Key, extra)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%s: %v", delivery.Type, err)
		}
	}
	for _, typ := range []*garmin.Type{garmin.Dailies, garmin.Sleeps, garmin.StressDetails, garmin.HRV, garmin.Epochs,
		garmin.AllDayRespiration, garmin.Activities} {
		if seen[typ] == 0 {
			t.Errorf("nothing of %s", typ.Key)
		}
	}
	t.Logf("%d types", len(seen))
}
