package ui

import (
	"testing"

	"garner/health/alert"
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

func TestTheAlertOfAConnectionLeadsToItWhereItCanBeMended(t *testing.T) {
	t.Parallel()
	p := samplePage("Alerts", NavAlerts, nil)
	e := query.Incident{Incident: alert.Incident{Subject: alert.Subject{Kind: alert.ReconnectNeeded}}, Person: &query.PersonRef{Name: "Ada", Slug: "ada"}}
	if fix := NewIncident(&e, p).Diagnosis.Fix; fix == nil || fix.URL != "/p/ada/connection" {
		t.Errorf("leads to %+v", fix)
	}
	p.Operates, p.Changes = false, false
	if fix := NewIncident(&e, p).Diagnosis.Fix; fix != nil {
		t.Errorf("a reader is led to %+v", fix)
	}
}
