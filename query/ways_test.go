package query_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/personal"
	"garner/garmin/personal/personaltest"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
	"garner/jobs"
	"garner/query"
)

// parcel is a delivery before it arrives.
type parcel struct {
	at   db.Arrival
	body []byte
}

// ways are two ways in for the data of one simulated person.
type ways struct {
	world      *simulator.World
	from, to   health.Day
	push, pull []parcel
}

// twoWays is what Garmin pushes of a person, in final versions, and what it answers about
// the same days.
func twoWays(t *testing.T, days int) *ways {
	t.Helper()
	until := time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)
	w := &ways{world: simulator.New(simulator.Config{Seed: 3, People: 1, Days: days + 20, Until: until,
		Faults: &simulator.Faults{}})}
	w.to = health.DayOf(until.Unix(), 0) - 8 // Garmin no longer corrects them
	w.from = w.to - health.Day(days) + 1
	for day := w.from; day <= w.to; day++ {
		for _, d := range w.world.Final(0, day.Midnight()) {
			w.push = append(w.push, parcel{db.Arrival{Path: d.Type}, d.Body})
		}
	}
	w.ask(t, until)
	return w
}

// ask asks every endpoint for every day.
func (w *ways) ask(t *testing.T, now time.Time) {
	t.Helper()
	garmin := service.New(w.world, service.Config{Now: func() time.Time { return now }, AllowBursts: true})
	srv := httptest.NewServer(garmin)
	defer srv.Close()
	client, err := personal.New(
		srv.URL,
		personal.Limits{PerSecond: 1_000_000, Parallel: 1},
		slog.New(slog.DiscardHandler),
	)
	if err != nil {
		t.Fatal(err)
	}
	bearer, err := client.Exchange(t.Context(), garmin.MakeKey(0, now.AddDate(1, 0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	asker := personaltest.Asker{
		Client: client,
		Bearer: bearer,
		UserID: w.world.People()[0].UserID,
		From:   w.from,
		To:     w.to,
		Now:    now,
		Answered: func(head personal.Head, raw []byte) error {
			w.pull = append(w.pull, parcel{db.Arrival{Path: "personal/" + head.Endpoint, Source: health.Personal,
				Encoding: personal.Encoding}, append(head.Line(), raw...)})
			return nil
		},
	}
	if err := asker.Everything(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// values are metrics by day and name.
type values map[health.Day]map[string]float64

// after are the person's metrics after deliveries arrived in this order.
func (w *ways) after(t *testing.T, list ...parcel) values {
	t.Helper()
	dir := t.TempDir()
	in, err := db.OpenInbox(
		t.Context(),
		dir,
		db.InboxLimits{QueueRows: 100, QueueBytes: 64 << 20, BacklogRows: 1 << 30,
			BacklogBytes: 1 << 40},
		nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.OpenStore(t.Context(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(in.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	}()
	ada, err := store.AddPerson(t.Context(), t0, "Ada", w.world.People()[0].UserID, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		p.at.Received = t0
		if _, err := in.Put(t.Context(), p.at, p.body); err != nil {
			t.Fatal(err)
		}
	}
	files := filestore.In(dir)
	d := jobs.Drain{
		Inbox:     in.InboxReader,
		Receiving: in,
		Store:     store,
		Log:       slog.New(slog.DiscardHandler),
		Workers:   2,
		Files:     &files,
	}
	if err := d.RunUntilEmpty(t.Context()); err != nil {
		t.Fatal(err)
	}
	counts, err := store.Counts(t.Context(), in.InboxReader, t0)
	if err != nil || counts.Parked > 0 || counts.Orphaned > 0 {
		t.Errorf("not all became records: %+v, %v", counts, err)
	}
	out := values{}
	q := &query.Reader{Viewer: query.Operator(), Store: store, Inbox: in.InboxReader, Now: t0}
	for day, err := range q.Metrics(t.Context(), ada.ID, w.from, w.to) {
		if err != nil {
			t.Fatal(err)
		}
		out[day.Day] = day.Values
	}
	return out
}

// names are those of all metrics.
func (v values) names() map[string]bool {
	out := map[string]bool{}
	for _, day := range v {
		for name := range day {
			out[name] = true
		}
	}
	return out
}

func TestAPersonsDaysAreTheSameByPushByKeyAndByBoth(t *testing.T) {
	t.Parallel()
	days := 21
	if os.Getenv("GARNER_TEST_ALL") != "" {
		days = 365
	}
	w := twoWays(t, days)
	push, pull := w.after(t, w.push...), w.after(t, w.pull...)
	both := slices.Concat(w.push, w.pull)
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(len(both), func(i, k int) { both[i], both[k] = both[k], both[i] })
	mixed := w.after(t, both...)

	pushed, pulled := push.names(), pull.names()
	for name := range pushed {
		if pulled[name] {
			w.compare(t, name, push, pull)
		}
	}
	for day := w.from; day <= w.to; day++ {
		for name, want := range push[day] {
			if got, ok := mixed[day][name]; !ok || !agree(name, got, want) {
				t.Errorf("%s %s: both give %v, the push %v", day, name, got, want)
			}
		}
		for name, want := range pull[day] {
			got, ok := mixed[day][name]
			if _, first := push[day][name]; !first && personal.Differing[name] == "" &&
				(!ok || !agree(name, got, want)) {
				t.Errorf("%s %s: both give %v, the key %v", day, name, got, want)
			}
		}
	}
}

// stages are the metrics of a night entered by hand that a push has as zeros, and an
// answer not at all.
var stages = map[string]bool{"deep_sleep": true, "light_sleep": true, "rem_sleep": true, "awake_in_bed": true,
	"unmeasurable_sleep": true, "sleep_efficiency": true}

func byHand(day map[string]float64) bool {
	return day["deep_sleep"]+day["light_sleep"]+day["rem_sleep"]+day["awake_in_bed"] == 0
}

// agree reports whether two numbers are equal: but for rounding, and for what an answer has
// in fewer samples.
func agree(name string, a, b float64) bool {
	if personal.Differing[name] != "" {
		return math.Abs(a-b) <= 0.1*max(a, b)
	}
	return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a))
}

// compare compares a metric that both ways have.
func (w *ways) compare(t *testing.T, name string, push, pull values) {
	t.Helper()
	differ, example := 0, ""
	for day := w.from; day <= w.to; day++ {
		a, ok1 := push[day][name]
		b, ok2 := pull[day][name]
		if !ok1 && personal.Differing[name] != "" {
			continue // an average of an hour that belongs to the night may be timed in the day
		}
		if byHand(push[day]) && stages[name] {
			continue
		}
		if ok1 != ok2 || !agree(name, a, b) {
			differ++
			example = fmt.Sprintf("%s: %v and %v (%v, %v)", day, a, b, ok1, ok2)
		}
	}
	if differ > 0 {
		t.Errorf("%s differs on %d of %d days, such as %s", name, differ, w.to-w.from+1, example)
	}
}
