package query_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/query"
)

// openDays has one daily summary for each of the first days of November.
func openDays(t *testing.T, n int) *box {
	t.Helper()
	b := openBox(t)
	for day := 1; day <= n; day++ {
		start := 1793487600 + (day-1)*86400 // 1 November 2026 in UTC+1
		b.put(db.ClientRight, fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":"2026-11-%02d",`+
			`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"steps":%d,`+
			`"activityType":"GENERIC","distanceInMeters":0.5}]}`, day, start, day))
	}
	b.drain()
	return b
}

func TestATableGivesTypedCellsOnTheRecordsClock(t *testing.T) {
	t.Parallel()
	q := openDays(t, 1)
	table, err := q.Table(t.Context(), q.person, garmin.Dailies, query.TableRange{From: 20758, To: 20758, Limit: 10,
		All: true})
	if err != nil || len(table.Rows) != 1 {
		t.Fatalf("%+v, %v", table, err)
	}
	row := table.Rows[0]
	if got := row.Start.Format(time.RFC3339); row.Day.String() != "2026-11-01" || got != "2026-11-01T00:00:00+01:00" {
		t.Errorf("the record is of %s and began at %s", row.Day, got)
	}
	cells := map[string]query.Cell{}
	for i, f := range garmin.Dailies.Fields {
		cells[f.JSON] = row.Cells[i]
	}
	for field, want := range map[string]query.Cell{
		"steps":                            {Kind: query.CellNumber, Number: 1},
		"distanceInMeters":                 {Kind: query.CellNumber, Number: 0.5, Unit: "m"},
		"restingHeartRateInBeatsPerMinute": {},
		"activityType":                     {Kind: query.CellText, Text: "GENERIC"},
	} {
		if got := cells[field]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", field, got, want)
		}
	}
	stranger := query.Reader{Store: q.Store, Now: t0}
	if _, err := stranger.Table(t.Context(), q.person, garmin.Dailies, query.TableRange{Limit: 1}); !errors.Is(err,
		db.ErrNotFound) {
		t.Errorf("a viewer of no one reads a table: %v", err)
	}
}

func TestPagesOfATableFollowOneAnotherWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	q := openDays(t, 6)
	asked := query.TableRange{Recent: 28, Limit: 2}
	var seen []string
	for pages := 1; ; pages++ {
		table, err := q.Table(t.Context(), q.person, garmin.Dailies, asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			seen = append(seen, r.Day.String())
		}
		if table.Next == 0 {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		asked.Until = table.Next
	}
	if want := []string{"2026-11-06", "2026-11-05", "2026-11-04", "2026-11-03", "2026-11-02", "2026-11-01"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("the pages list %q", seen)
	}
}

func TestTypesSayWhatIsStoredOfThem(t *testing.T) {
	t.Parallel()
	q := openDays(t, 3)
	types, err := q.Types(t.Context(), q.person)
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range types {
		if typ.Key != "dailies" {
			if typ.Records != 0 || !typ.Received.IsZero() {
				t.Errorf("%+v", typ)
			}
			continue
		}
		if typ.Records != 3 || typ.Oldest.String() != "2026-11-01" || typ.Newest.String() != "2026-11-03" ||
			!typ.Received.Equal(t0) {
			t.Errorf("%+v", typ)
		}
	}
}

func TestADayWithMoreRecordsThanAPageIsOnOnePage(t *testing.T) {
	t.Parallel()
	b := openBox(t)
	for i := range 5 {
		b.put(db.ClientRight, fmt.Sprintf(`{"epochs":[{"userId":"u1","summaryId":"e%d","activityType":"WALKING",`+
			`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":900}]}`, i, 1793487600+i/4*86400+i*900))
	}
	b.drain()
	var pages []string
	for asked := (query.TableRange{Recent: 28, Limit: 2}); ; {
		table, err := b.Table(t.Context(), b.person, garmin.Epochs, asked)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, fmt.Sprint(len(table.Rows), " from ", table.Rows[0].Start.Format("2 15:04")))
		if asked.Until = table.Next; asked.Until == 0 {
			break
		}
	}
	if want := []string{"1 from 2 01:00", "4 from 1 00:45"}; !reflect.DeepEqual(pages, want) {
		t.Errorf("%q, want %q", pages, want)
	}
}

func TestATableShowsMainColumnsNamesBeforeIds(t *testing.T) {
	t.Parallel()
	q := openDays(t, 1)
	for all, want := range map[bool]string{false: "Name", true: "Name"} {
		table, err := q.Table(t.Context(), q.person, garmin.Activities, query.TableRange{Limit: 1, All: all})
		if err != nil || table.Columns[0].Label != want || (table.Left == 0) != all {
			t.Errorf("all %v: first %q, %d left, %v", all, table.Columns[0].Label, table.Left, err)
		}
	}
}
