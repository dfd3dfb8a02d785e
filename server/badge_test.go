package server_test

import (
	"strings"
	"testing"
)

// badge is the number beside "Inbox" on every page; empty for none.
func (s *site) badge() string {
	s.t.Helper()
	_, rest, _ := strings.Cut(s.get("/help").Body.String(), `data-testid="trouble">`)
	n, _, _ := strings.Cut(strings.TrimSpace(rest), "<")
	return strings.TrimSpace(n)
}

func TestTheInboxBadgeCountsADeliveryOnceHoweverManyReasonsItIsParkedFor(t *testing.T) {
	t.Parallel()
	s := open(t, limits(), nil)
	s.add("Ada", "u1")
	s.post("/garmin/"+secret+"/dailies",
		strings.NewReader(`{"dailies":[{"userId":"u1"},{"userId":"u1","calendarDate":"no date"},{"calendarDate":"2026-11-20"}],
		"unheardOf":[{"userId":"u1"}],"sleeps":[{"userId":"u1","calendarDate":"2026-11-20"}]}`))
	s.run()
	if got := s.badge(); got != "1" {
		t.Errorf("the badge says %q for one delivery", got)
	}
	s.form("/inbox/1/again", nil)
	s.run()
	if got := s.badge(); got != "1" {
		t.Errorf("the badge says %q once it was tried again", got)
	}
	s.form("/inbox/1/aside", nil)
	if got := s.badge(); got != "" {
		t.Errorf("the badge says %q once it was set aside", got)
	}
}
