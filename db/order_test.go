package db_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

var kinds = []health.Kind{
	{Type: "keyed", Feeds: []health.Feed{{Family: health.FromNights, Days: 3}}},
	{Type: "nights", Overlap: true},
	{Type: "small", Packed: true},
}

var metrics = []health.Metric{{Name: "m"}}

func openStore(t *testing.T, dir string) *db.Store {
	t.Helper()
	s, err := db.OpenStore(t.Context(), dir, kinds, metrics)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// model is the independent account of what must stand: it knows no storage,
// only the set of versions.
type model struct{ versions []health.Version }

// current returns the current versions as text, by type, day and start.
func (m *model) current() []string {
	first := map[[16]byte]health.Version{}
	for _, v := range m.versions {
		if old, ok := first[v.Sum]; !ok || v.Order.Arrival.Compare(old.Order.Arrival) < 0 {
			first[v.Sum] = v
		}
	}
	var all []health.Version
	for _, v := range first {
		all = append(all, v)
	}
	same := func(a, b health.Version) bool {
		if a.Type != b.Type {
			return false
		}
		if a.Type != "nights" {
			return a.Key == b.Key
		}
		return a.Start < max(b.End, b.Start+1) && b.Start < max(a.End, a.Start+1)
	}
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	for changed := true; changed; {
		changed = false
		for i := range all {
			for j := range all {
				if same(all[i], all[j]) && group[i] != group[j] {
					group[i], group[j] = min(group[i], group[j]), min(group[i], group[j])
					changed = true
				}
			}
		}
	}
	best := map[int]health.Version{}
	for i, v := range all {
		if b, ok := best[group[i]]; !ok || v.Order.Compare(b.Order) > 0 {
			best[group[i]] = v
		}
	}
	var out []string
	for _, v := range best {
		out = append(out, text(&v))
	}
	slices.Sort(out)
	return out
}

func text(v *health.Version) string {
	return fmt.Sprintf("%s %s %s %d-%d %v %s", v.Type, v.Key, v.Day, v.Start, v.End, v.Order, v.Body)
}

// deal makes deliveries of a few versions of few records, with repeats.
func deal(rng *rand.Rand, deliveries int) [][]health.Version {
	var out [][]health.Version
	var all []health.Version
	for d := range deliveries {
		var body []health.Version
		for e := range 1 + rng.IntN(4) {
			v := draw(rng)
			if len(all) > 0 && rng.IntN(3) == 0 {
				v = all[rng.IntN(len(all))] // a repeat
			}
			v.Order.Arrival = health.Arrival{Delivery: int64(d + 1), Element: int32(e)}
			body = append(body, v)
			all = append(all, v)
		}
		out = append(out, body)
	}
	return out
}

func draw(rng *rand.Rand) health.Version {
	typ := kinds[rng.IntN(len(kinds))].Type
	start := int64(rng.IntN(40)) * 3600
	v := health.Version{Person: 1, Type: typ, Start: start, End: start + int64(rng.IntN(5))*3600,
		Day: health.DayOf(start, int32(rng.IntN(3)-1)*7200)}
	v.Key = fmt.Sprint(start)
	v.Order.Class = health.Class(rng.IntN(3))
	v.Order.Reach = v.End
	v.Body = []byte(fmt.Sprintf("%s/%d/%d/%d/%d/%d", typ, start, v.End, v.Day, v.Order.Class, rng.IntN(3)))
	copy(v.Sum[:], sum16(v.Body))
	v.Readings = []health.Reading{{Metric: "m", Day: v.Day, At: start, Value: float64(v.End)}}
	return v
}

func sum16(b []byte) []byte {
	h := db.TokenHash(string(b))
	return h[:16]
}

// put stores bodies in the inbox and returns their jobs.
func put(t *testing.T, in *db.Inbox, s *db.Store, n int) []db.Job {
	t.Helper()
	for range n {
		if _, err := in.Put(t.Context(), db.Arrival{Received: time.UnixMilli(1_700_000_000_000)}, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	return claimAll(t, in, s)
}

func claimAll(t *testing.T, in *db.Inbox, s *db.Store) (out []db.Job) {
	t.Helper()
	for {
		jobs, err := s.Claim(t.Context(), in.InboxReader, time.Now(), 100, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) == 0 {
			return out
		}
		out = append(out, jobs...)
	}
}

func apply(t *testing.T, s *db.Store, jobs []db.Job, versions func(db.Job) []health.Version) {
	t.Helper()
	for _, j := range jobs {
		o := &db.Result{Job: j, State: db.Done, Versions: slices.Clone(versions(j))}
		if err := s.Apply(t.Context(), time.Now(), []*db.Result{o}); err != nil {
			t.Fatal(err)
		}
	}
}

// state returns what stands in the store in the model's words, and what is
// derived from it.
func state(t *testing.T, s *db.Store) (current, derived []string) {
	t.Helper()
	for _, k := range kinds {
		var after db.Cursor
		for {
			recs, err := s.Records(t.Context(), 1, k.Type, -100, 1000, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range recs {
				current = append(current, text(&r.Version))
				after = db.CursorOf(r)
			}
			if len(recs) < 3 {
				break
			}
		}
	}
	slices.Sort(current)
	cover, err := s.Coverage(t.Context(), 1, -100, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cover {
		derived = append(derived, fmt.Sprint("coverage ", c))
	}
	readings, err := s.Readings(t.Context(), 1, -100, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		derived = append(derived, fmt.Sprint("reading ", r))
	}
	slices.Sort(derived)
	return current, derived
}

func TestWhatStandsDoesNotDependOnTheOrderOfProcessing(t *testing.T) {
	t.Parallel()
	rounds := 60
	if testing.Short() {
		rounds = 8 // they take long with the race detector
	}
	for round := range rounds {
		seed := uint64(time.Now().UnixNano()) + uint64(round)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 1))
			bodies := deal(rng, 12)
			var m model
			for _, b := range bodies {
				m.versions = append(m.versions, b...)
			}
			want := m.current()
			var firstDerived []string
			for try := range 3 {
				dir := t.TempDir()
				in, s := openInbox(t, dir, roomy), openStore(t, dir)
				if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
					t.Fatal(err)
				}
				jobs := put(t, in, s, len(bodies))
				rng.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
				jobs = append(jobs, jobs[:rng.IntN(len(jobs))]...) // some twice
				of := func(j db.Job) []health.Version { return bodies[j.ID-1] }
				apply(t, s, jobs, of)
				apply(t, s, claimAll(t, in, s), of) // what was asked for again
				got, derived := state(t, s)
				if d := diff(want, got); d != "" {
					t.Fatalf("try %d, seed %d: current (- model, + store)\n%s", try, seed, d)
				}
				if try == 0 {
					firstDerived = derived
				} else if d := diff(firstDerived, derived); d != "" {
					t.Fatalf("try %d, seed %d: derived data depend on the order\n%s", try, seed, d)
				}
			}
		})
	}
}

func diff(want, got []string) string {
	var b strings.Builder
	for _, w := range want {
		if !slices.Contains(got, w) {
			fmt.Fprintln(&b, "-", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			fmt.Fprintln(&b, "+", g)
		}
	}
	if b.Len() == 0 && cmp.Compare(len(want), len(got)) != 0 {
		fmt.Fprintln(&b, "same set, but", len(want), "against", len(got))
	}
	return b.String()
}
