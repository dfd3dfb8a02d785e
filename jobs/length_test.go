package jobs

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"garner/db"
)

func TestWhatIsTooLongToBeIndexedIsParkedWithAShortReason(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	const element = `{%s,"calendarDate":"2026-11-20","startTimeInSeconds":1795132800}`
	long := strings.Repeat("u", 201)
	for want, body := range map[string]string{
		"its user id is longer than 200 bytes": `{"dailies":[` + fmt.Sprintf(element, `"userId":"`+long+`"`) +
			`]}`,
		"its token is longer than 200 bytes": `{"dailies":[` +
			fmt.Sprintf(element, `"userId":"u1","userAccessToken":"`+long+`"`) + `]}`,
		"its key is longer than 300 bytes": `{"epochs":[` +
			fmt.Sprintf(element, `"userId":"u1","activityType":"`+long+long+`"`) + `]}`,
		"is a notice longer than 64 KiB": `{"userPermissionsChange":[{"userId":"u1","x":"` +
			strings.Repeat("y", 64<<10) + `"}]}`,
		"holds a text longer than 1024 KiB: over the limit": `{"dailies":[{"userId":"u1","x":"` +
			strings.Repeat("y", 1<<20+1) + `"}]}`,
	} {
		b := newBench(t)
		b.Arrive(db.Arrival{}, body)
		b.run()
		issues, err := b.drain.Store.Issues(t.Context(), 1, 10)
		if err != nil || len(issues) != 1 || issues[0].Reason != want || len(issues[0].UserID) > 200 {
			t.Errorf("want %q, got %.1000v, %v", want, issues, err)
		}
		if c := b.Counts(); c.Parked != 1 || c.Waiting != 0 {
			t.Errorf("%s: %+v", want, c)
		}
	}
}

func TestReasonsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 500)
	p := &processing{out: &db.Result{}}
	p.addIssue(db.Issue{Reason: long})
	parkWhole(p.out, long)
	for _, is := range p.out.Issues {
		if n := len(is.Reason); n > 300 || n < 290 || !utf8.ValidString(is.Reason) || !strings.HasSuffix(is.Reason, "é…") {
			t.Errorf("%d bytes: %q", n, is.Reason)
		}
	}
	if bounded("unknown type") != "unknown type" {
		t.Error("a short reason was changed")
	}
}
