package pages_test

import (
	"strings"
	"testing"

	"garner/server/servertest"
)

// badge is the number beside "Inbox" on every page; empty for none.
func badge(s *servertest.Site) string {
	s.T.Helper()
	_, rest, _ := strings.Cut(s.Get("/help").Body.String(), `data-testid="trouble">`)
	n, _, _ := strings.Cut(strings.TrimSpace(rest), "<")
	return strings.TrimSpace(n)
}

func TestTheInboxBadgeCountsADeliveryOnceHoweverManyReasonsItIsParkedFor(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	s.Post(
		"/garmin/"+servertest.Secret+"/dailies",
		strings.NewReader(
			`{"dailies":[{"userId":"u1"},{"userId":"u1","calendarDate":"no date"},{"calendarDate":"2026-11-20"}],
		"unheardOf":[{"userId":"u1"}],"sleeps":[{"userId":"u1","calendarDate":"2026-11-20"}]}`,
		),
	)
	s.Run()
	if got := badge(s); got != "1" {
		t.Errorf("the badge says %q for one delivery", got)
	}
	s.Form("/inbox/1/again", nil)
	s.Run()
	if got := badge(s); got != "1" {
		t.Errorf("the badge says %q once it was tried again", got)
	}
	s.Form("/inbox/1/aside", nil)
	if got := badge(s); got != "" {
		t.Errorf("the badge says %q once it was set aside", got)
	}
}
