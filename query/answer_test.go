package query_test

import (
	"testing"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

func TestADeliveryOfThePersonalAPIShowsWhatWasAskedWhatGarminAnsweredAndWhoseItIs(t *testing.T) {
	t.Parallel()
	b := openBox(t)
	head := personal.Head{UserID: "u1", Endpoint: "steps", Path: "/steps/2026-11-20/2026-11-20"}
	for _, body := range []string{string(head.Line()) + `[{"calendarDate":"2026-11-20","totalSteps":8000}]`, "no head"} {
		if _, err := b.inbox.Put(t.Context(), db.Arrival{Received: t0, Path: "personal/steps", Source: health.Personal,
			Encoding: personal.Encoding}, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	b.drain()
	d, err := b.Delivery(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if d.Asked != head.Path || string(d.Body.Text) != `[{"calendarDate":"2026-11-20","totalSteps":8000}]` ||
		len(d.Named) != 1 || d.Type != "personal/steps" || d.Elements != 1 {
		t.Errorf("%+v, %s", d, d.Body.Text)
	}
	d, err = b.Delivery(t.Context(), 2)
	if err != nil || string(d.Body.Text) != "no head" || d.Asked != "" || d.IssueCount != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}
