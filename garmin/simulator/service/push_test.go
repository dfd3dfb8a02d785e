package service

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"garner/garmin/simulator"
)

func TestRunPushesWhatBecomesDueUntilItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := simulator.New(simulator.Config{Seed: 1, People: 1, Days: 9, Until: time.Now(), Faults: &simulator.Faults{}})
		var pushed []string
		s := New(world, Config{Push: func(_ context.Context, d simulator.Delivery) error {
			if d.At.After(time.Now()) {
				t.Errorf("%s comes before its time", d.Type)
			}
			pushed = append(pushed, d.Type)
			return nil
		}})
		s.Connect(0, HealthExport)
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		time.Sleep(9 * time.Hour) // of the bubble: a night and a morning
		s.SetPermissions(0)
		time.Sleep(tick)
		synctest.Wait()
		if !slices.Contains(pushed, "sleeps") || pushed[len(pushed)-1] != permissionsKey {
			t.Errorf("pushed %v", pushed)
		}
		end()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestChangesOfPermissionsInTheWorldAreFollowed(t *testing.T) {
	t.Parallel()
	world := simulator.New(simulator.Config{Seed: 1, People: 3, Days: 60, Until: start, Stories: true,
		Faults: &simulator.Faults{}})
	i := slices.IndexFunc(world.Stories(), func(s simulator.Story) bool { return s.Kind == simulator.StoryWithdrawn })
	story := world.Stories()[i]
	now := story.From.Add(-time.Hour)
	var notices []string
	s := New(world, Config{Now: func() time.Time { return now }, Push: func(_ context.Context, d simulator.Delivery) error {
		if d.Type == permissionsKey {
			notices = append(notices, string(d.Body))
		}
		return nil
	}})
	s.Connect(story.Person, HealthExport, ActivityExport, HistoricalExport)
	now = story.From.Add(time.Hour)
	if err := s.Deliver(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], `"permissions":["HEALTH_EXPORT","HISTORICAL_DATA_EXPORT"]`) {
		t.Errorf("the notices are %v", notices)
	}
	if granted, _ := s.Permissions(story.Person); !slices.Equal(granted, []string{HealthExport, HistoricalExport}) {
		t.Errorf("granted are %v", granted)
	}
}

func TestABodyOfSeveralPeopleIsCutToThePermitted(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.Connect(1, HealthExport)
	both := g.delivery(-1, "dailies", start, map[string]string{"userId": g.people[0].UserID},
		map[string]string{"userId": g.people[1].UserID})
	g.mu.Lock()
	g.wait(&pending{Delivery: both, live: true})
	g.mu.Unlock()
	pushed := g.deliver()
	if len(pushed) != 1 || string(pushed[0].Body) != `{"dailies":[{"userId":"`+g.people[1].UserID+`"}]}` {
		t.Errorf("pushed %+v", pushed)
	}
}

func TestNothingComesFromBeforeAConnection(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.pass(6 * time.Hour)
	g.Connect(0, HealthExport)
	connected := g.time()
	g.pass(12 * time.Hour)
	pushed := g.deliver()
	if len(pushed) == 0 || pushed[0].At.Before(connected) {
		t.Errorf("%d deliveries, the first of them too early", len(pushed))
	}
}
