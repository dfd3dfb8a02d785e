package personal_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"garner/garmin/personal"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
)

// The simulated Garmin has the paths and the longest ranges from the same facts, written
// down apart: a slip in the table is a 404 or a 400 here.
func TestTheSimulatedGarminAnswersEveryEndpoint(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	world := simulator.New(simulator.Config{Seed: 1, People: 1, Days: 40, Until: now, Faults: &simulator.Faults{}})
	garmin := service.New(world, service.Config{Now: func() time.Time { return now }, AllowBursts: true,
		Files: world.ActivityFile})
	c := connect(t, garmin.ServeHTTP)
	bearer, err := c.Exchange(t.Context(), garmin.MakeKey(0, now.AddDate(1, 0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	get := func(r personal.Request) personal.Reply {
		reply, err := c.Get(t.Context(), bearer, r)
		if err != nil || reply.Status != 200 && reply.Status != 204 {
			t.Errorf("%s: %+v, %v", r.Endpoint.Key, reply, err)
		}
		return reply
	}
	yesterday := health.DayOf(now.Unix(), 0) - 1
	list := get(personal.Request{Endpoint: personal.Lookup("activities"), From: yesterday - 38, To: yesterday})
	var activities []struct {
		ID int64 `json:"activityId"`
	}
	if err := json.Unmarshal(list.Body, &activities); err != nil || len(activities) == 0 {
		t.Fatalf("%d activities, %v", len(activities), err)
	}
	for _, e := range personal.Endpoints {
		r := personal.Request{Endpoint: e}
		switch e.Shape {
		case personal.Day:
			r.From, r.To = yesterday, yesterday
		case personal.Range:
			r.From, r.To = yesterday-health.Day(e.MostDays)+1, yesterday
		case personal.Activity:
			r.Activity = activities[0].ID
		case personal.Listed:
			continue
		}
		get(r)
	}
	asked := garmin.PersonalCalls()
	if slices.ContainsFunc(asked, func(call service.PersonalCall) bool { return call.Person != 0 || call.Status >= 400 }) {
		t.Errorf("calls: %v", asked)
	}
	garmin.DeleteKey(0)
	if _, err := c.Get(t.Context(), bearer, request(t, "settings")); !errors.Is(err, personal.ErrBearerRefused) {
		t.Errorf("a bearer whose key is deleted: %v", err)
	}
	if _, err := c.Exchange(t.Context(), "GCDC_unknown"); !errors.Is(err, personal.ErrKeyRefused) {
		t.Errorf("an unknown key: %v", err)
	}
}
