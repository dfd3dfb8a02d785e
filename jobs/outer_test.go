package jobs

import (
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

// uploaded are the steps of a fetched day, with the members of the body in either order.
func uploaded(n, uploadEnd string, first bool) string {
	outer := `"userId":"u1","uploadStartTimeInSeconds":1795150000,"uploadEndTimeInSeconds":` + uploadEnd
	list := `"dailies":[{"summaryId":"d` + n + `","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
		`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":` + n + `}]`
	if first {
		return "{" + outer + "," + list + "}"
	}
	return "{" + list + "," + outer + "}"
}

func TestTheLaterUploadIsCurrentWhereverTheBodyNamesItsWindow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	early, late := "1795219200", "1795219300"
	for _, first := range []bool{true, false} {
		for _, bodies := range [][]string{
			{uploaded("2", late, first), uploaded("1", early, first)},
			{uploaded("1", early, first), uploaded("2", late, first)},
			// A repeat of the first in a later upload is still the first.
			{uploaded("1", early, first), uploaded("2", late, first), uploaded("1", "1795219400", first)},
		} {
			b := newBench(t)
			for _, body := range bodies {
				b.Arrive(db.Arrival{Received: time.Now(), Source: health.Ping}, body)
				b.run()
			}
			current := `select count(*) from record where summary_id = 'd2' and upload_end_s = ` + late
			if b.Ask(current) != 1 {
				t.Errorf("%v: the earlier upload is current", bodies)
			}
			b.rederive()
			if b.Ask(current) != 1 {
				t.Error("deriving again lost the window")
			}
		}
	}
}
