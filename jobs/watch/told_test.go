package watch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"garner/jobs/notify"
)

// These tests are about the watch and the dispatcher together.

// letterbox keeps the subjects of what it accepts; while it is down, it accepts
// nothing.
type letterbox struct {
	down     bool
	subjects []string
}

func (l *letterbox) Send(_ context.Context, n notify.Notification) (string, error) {
	if l.down {
		return "", errors.New("421 down")
	}
	l.subjects = append(l.subjects, n.Subject)
	return "250 thanks", nil
}

func TestTheWeeklySummaryComesOnceAWeekEvenAfterAPause(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	g := newGuarded(t, "Cora", "Ben")
	schedule, err := cron.ParseStandard("0 8 * * 1")
	if err != nil {
		t.Fatal(err)
	}
	g.w.Dispatcher.Summary = schedule
	g.pass(24*17, nil, "Cora", "Ben")
	g.wants("summary: All is well", "summary: All is well")
	list, err := g.w.Store.RecentNotifications(t.Context(), 1)
	if err != nil || !strings.Contains(string(list[0].Body), "data arrived from 2 of 2 people") {
		t.Errorf("%s, %v", list[0].Body, err)
	}
}

func TestNoNoticeHoldsAHealthValueOrAnID(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(48, nil, "Cora", "Ben")
	g.pass(60, func(name string, _ time.Time) bool { return name == "Cora" }, "Cora", "Ben")
	list, err := g.w.Store.RecentNotifications(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, never := range []string{"steps", "bpm", `"cora"`, "userId", "token", "secret"} {
		if strings.Contains(string(list[0].Body), never) {
			t.Errorf("it says %q:\n%s", never, list[0].Body)
		}
	}
}

func TestAnEndIsNotToldBeforeItsBeginning(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	box := &letterbox{}
	g.w.Dispatcher.Destinations[0].Channel = box
	g.pass(48, nil, "Cora", "Ben")
	box.down = true
	for range 52 { // tried for four hours when the end comes
		g.pass(1, gone("Cora"), "Cora", "Ben")
		g.must(g.w.Dispatcher.RunOnce(t.Context(), g.now))
	}
	g.day("Cora", g.now)
	g.look()
	g.now = g.now.Add(11 * time.Minute)
	box.down = false
	g.look()
	for range 4 {
		g.must(g.w.Dispatcher.RunOnce(t.Context(), g.now))
		g.now = g.now.Add(20 * time.Minute)
	}
	if got := box.subjects; !slices.Equal(got, []string{"[Garner] No data from Cora",
		"[Garner] Over: No data from Cora"}) {
		t.Errorf("told %q", got)
	}
}

// Mail is away for two and a half days; a person leaves. No reminder will ever
// tell it, and the alert that mail fails is over when mail works.
func TestWhatWasGivenUpIsToldOnceMailIsBack(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	box, hook := &letterbox{down: true}, &letterbox{}
	g.w.Dispatcher.Destinations = []notify.Destination{{Kind: notify.KindMail, Address: "k@example.org", Channel: box},
		{Kind: notify.KindNtfy, Address: "n", Channel: hook}}
	g.pass(48, nil, "Cora", "Ben")
	g.leaves("cora")
	for i := range 24 * 4 {
		box.down = i < 72
		if i == 71 && strings.Contains(strings.Join(hook.subjects, "\n"), "Over: Notifications cannot be sent") {
			t.Error("they are said to go out again while they do not")
		}
		g.pass(1, gone("Cora"), "Cora", "Ben")
		g.must(g.w.Dispatcher.RunOnce(t.Context(), g.now))
	}
	if got := box.subjects; !slices.Equal(got, []string{"[Garner] Late: Cora is disconnected"}) {
		t.Errorf("by mail: %q", got)
	}
	if got := hook.subjects; len(got) == 0 || got[len(got)-1] != "[Garner] Over: Notifications cannot be sent" {
		t.Errorf("by ntfy: %q", got)
	}
}
