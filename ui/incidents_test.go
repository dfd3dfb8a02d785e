package ui

import (
	"testing"

	"garner/query"
)

func TestANotificationNamesItsDestinationToThoseWhoMayKnowIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n             query.Notification
		step, channel string
	}{
		{query.Notification{Channel: "mail", Destination: "ada@example.org"}, "sent to ada@example.org by mail",
			"mail, ada@example.org"},
		{query.Notification{Channel: "mail"}, "sent by mail", "mail"},
	} {
		if step, channel := sentWords(&c.n), channelWords(&c.n); step != c.step || channel != c.channel {
			t.Errorf("%+v: %q and %q", c.n, step, channel)
		}
	}
}
