package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
)

// TestMailsAreWrittenByTheClockOfTheirReader: that of the household, or of the account.
func TestMailsAreWrittenByTheClockOfTheirReader(t *testing.T) {
	t.Parallel()
	h := newHome(t, nil, map[string]string{"Ben": benMail, "Ada": "ada@example.org"})
	set := db.SettingChange{Name: db.SettingClock, Value: "12"}
	if err := h.p.Store.ChangeSettings(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	h.prefers("Ben", db.Preferences{Mail: benMail, Clock: "24"})
	places, err := h.p.places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	created := time.Date(2026, 11, 20, 19, 5, 0, 0, time.UTC)
	for i := range places {
		want := "7:05\u202fpm"
		if places[i].Address == benMail {
			want = "19:05"
		}
		places[i].Zone = time.UTC
		line := inDigest(db.Notification{Created: created}, Notification{Event: map[string]any{"known": []any{"x"}}},
			&places[i])
		if !strings.Contains(line, want) {
			t.Errorf("%s is told %q, want %q", places[i].Address, line, want)
		}
	}
	h.silent("Ada", created)
	view, err := h.p.summaryView(t.Context(), created, h.f)
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprint(view.Parts); !strings.Contains(said, "\u202fpm") || strings.Contains(said, " 19:") {
		t.Errorf("the summary says %q", said)
	}
}
