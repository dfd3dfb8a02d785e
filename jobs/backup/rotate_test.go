package backup

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// nights are the names of a backup each night at 3:30 UTC, from the last day on backwards.
func nights(last string, n int) (names []string) {
	at, err := time.Parse(time.DateTime, last+" 03:30:00")
	if err != nil {
		panic(err)
	}
	for range n {
		names = append(names, Name(at, n%2 == 0))
		at = at.AddDate(0, 0, -1)
	}
	return names
}

// days are the dates in names.
func days(t *testing.T, names []string) string {
	t.Helper()
	var out []string
	for _, name := range names {
		at, ok := TimeOf(name)
		if !ok {
			t.Fatalf("%s has no time", name)
		}
		out = append(out, at.Format("0102T15"))
	}
	return strings.Join(out, " ")
}

func TestTheNewestOfDaysWeeksAndMonthsStays(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	twice := []string{"garner-20261126T033000Z.tar.zst", "garner-20261126T173000Z.tar.zst.age", "garner-20261125T233000Z.tar.zst"}
	for name, c := range map[string]struct {
		names []string
		keep  Keep
		zone  *time.Location
		stay  string
	}{
		"days":              {nights("2026-11-26", 5), Keep{Daily: 3}, time.UTC, "1126T03 1125T03 1124T03"},
		"weeks":             {nights("2026-11-26", 20), Keep{Weekly: 3}, time.UTC, "1126T03 1122T03 1115T03"},
		"months":            {nights("2026-11-26", 70), Keep{Monthly: 3}, time.UTC, "1126T03 1031T03 0930T03"},
		"all":               {nights("2026-11-26", 70), Keep{2, 2, 2}, time.UTC, "1126T03 1125T03 1122T03 1031T03"},
		"always the newest": {nights("2026-11-26", 5), Keep{}, time.UTC, "1126T03"},
		"none":              {nil, Keep{7, 4, 6}, time.UTC, ""},
		"several a day":     {twice, Keep{Daily: 7}, time.UTC, "1126T17 1125T23"},
		"the zone's day":    {twice, Keep{Daily: 7}, berlin, "1126T17"},
		"gaps are not days": {append(nights("2026-11-26", 1), nights("2026-08-02", 3)...), Keep{Daily: 3}, time.UTC,
			"1126T03 0802T03 0801T03"},
		"a turn of the year": {nights("2027-01-02", 5), Keep{Weekly: 2}, time.UTC, "0102T03"},
	} {
		gone := Obsolete(append([]string{"garner.db", "garner-x.tar.zst", "photo.jpg"}, c.names...), c.keep, c.zone)
		var stay []string
		for _, name := range c.names {
			if !strings.Contains(strings.Join(gone, " "), name) {
				stay = append(stay, name)
			}
		}
		if name == "several a day" || name == "the zone's day" {
			stay = sorted(stay)
		}
		if diff := cmp.Diff(c.stay, days(t, stay)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// sorted has the newest first.
func sorted(names []string) []string {
	out := Obsolete(names, Keep{}, time.UTC)
	for _, name := range names {
		if !strings.Contains(strings.Join(out, " "), name) {
			out = append(out, name)
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func TestNamesOfOtherFilesAreNotBackups(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"garner-20261126T033000Z.tar.zst":     true,
		"garner-20261126T033000Z.tar.zst.age": true,
		"garner-20261126T033000Z.tar":         false,
		"garner-20261326T033000Z.tar.zst":     false,
		"garner-20261126.tar.zst":             false,
		"x-20261126T033000Z.tar.zst":          false,
		partialPrefix + "x":                   false,
	} {
		if _, ok := TimeOf(name); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
}
