package garmin_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"garner/garmin"
)

func TestWhatIsShownOfAnElementIsShortAndTheElementKeepsAllOfIt(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("é", 450<<10)
	typ, v := one(t, "dailies", fmt.Sprintf(`{"userId":"a","summaryId":"sd-%s","deviceName":"%s",
		"calendarDate":"2024-03-20","startTimeInSeconds":1710892800}`, name[:900], name))
	d := typ.Decode(v)
	if d.Fault != "" || !d.Simulated || d.Device != strings.Repeat("é", 119)+"…" {
		t.Errorf("fault %q, device %q", d.Fault, d.Device)
	}
	if n := utf8.RuneCountInString(d.SummaryID); n != 200 || !strings.HasSuffix(d.SummaryID, "…") {
		t.Errorf("%d characters of a summary id: %q", n, d.SummaryID)
	}
	if v.Get("deviceName").Text() != name {
		t.Error("the element lost its device")
	}
	for _, s := range []string{"", "é", strings.Repeat("é", 120), strings.Repeat("a", 120)} {
		if got := garmin.Shorten(s, 120); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestAKeyThatIsTooLongIsAFault(t *testing.T) {
	t.Parallel()
	for length, fault := range map[int]string{289: "", 290: "its key is longer than 300 bytes"} {
		typ, v := one(t, "epochs", fmt.Sprintf(`{"userId":"a","startTimeInSeconds":1710892800,"durationInSeconds":900,
			"activityType":%q}`, strings.Repeat("w", length)))
		if d := typ.Decode(v); d.Fault != fault || (d.Key == "") != (fault != "") {
			t.Errorf("%d: fault %q, a key of %d bytes", length, d.Fault, len(d.Key))
		}
	}
}
