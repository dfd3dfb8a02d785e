package db_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

// recount returns coverage and readings in the words of state, from the records
// that stand.
func recount(t *testing.T, s *db.Store) (out []string) {
	t.Helper()
	type place struct {
		typ string
		day health.Day
	}
	covers := map[place]*db.Cover{}
	for _, k := range kinds {
		for rec, err := range s.Each(t.Context(), 1, k.Type, -100, 1000) {
			if err != nil {
				t.Fatal(err)
			}
			received := time.UnixMilli(rec.Received)
			c := covers[place{k.Type, rec.Day}]
			if c == nil {
				c = &db.Cover{Type: k.Type, Day: rec.Day, First: received, Last: received}
				covers[place{k.Type, rec.Day}] = c
			}
			c.Records++
			c.First, c.Last = earlier(c.First, received), later(c.Last, received)
			if !k.Packed { // those yield no readings of their own
				out = append(out, fmt.Sprint("reading ", health.Reading{Metric: "m", Type: k.Type, Day: rec.Day, At: rec.Start,
					Value: float64(rec.End)}))
			}
		}
	}
	for _, c := range covers {
		out = append(out, fmt.Sprint("coverage ", *c))
	}
	slices.Sort(out)
	return out
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// stored applies bodies that were received an hour after each other, together and
// the newest first.
func stored(t *testing.T, in *db.Inbox, s *db.Store, bodies [][]health.Version) {
	t.Helper()
	for i := range bodies {
		a := db.Arrival{Received: time.UnixMilli(1_700_000_000_000).Add(time.Duration(i) * time.Hour)}
		if _, err := in.Put(t.Context(), a, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	of := func(j db.Job) []health.Version { return bodies[j.ID-1] }
	var outs []*db.Result
	for _, j := range claimAll(t, in, s) {
		outs = append(outs, &db.Result{Job: j, State: db.Done, Versions: slices.Clone(of(j))})
	}
	slices.Reverse(outs)
	if err := s.Apply(t.Context(), time.Now(), outs); err != nil {
		t.Fatal(err)
	}
	apply(t, s, claimAll(t, in, s), of) // what was asked for again
}

func TestWhatIsDerivedIsWhatTheRecordsThatStandSay(t *testing.T) {
	t.Parallel()
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for seed := range uint64(rounds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, s := openInbox(t, dir, roomy), openStore(t, dir)
			if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
				t.Fatal(err)
			}
			bodies := deal(rand.New(rand.NewPCG(seed, 2)), 15)
			stored(t, in, s, bodies)
			_, derived := state(t, s)
			if d := diff(recount(t, s), derived); d != "" {
				t.Errorf("derived (- counted from records, + store)\n%s", d)
			}
			freshIsTheNewest(t, s, bodies)
			found := func(err error) { t.Error(err) }
			if err := s.Check(t.Context(), found, func(done, total int64) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
}

// freshIsTheNewest holds freshness against all that came, whether it stands or
// not.
func freshIsTheNewest(t *testing.T, s *db.Store, bodies [][]health.Version) {
	t.Helper()
	fresh, err := s.FreshnessOf(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]int64{}
	for i, b := range bodies {
		for _, v := range b {
			w := want[v.Type]
			want[v.Type] = [2]int64{max(w[0], v.Start, v.End),
				max(w[1], time.UnixMilli(1_700_000_000_000).Add(time.Duration(i)*time.Hour).UnixMilli())}
		}
	}
	if len(fresh) != len(want) {
		t.Errorf("%d types are fresh, want %d", len(fresh), len(want))
	}
	for typ, w := range want {
		if f := fresh[typ]; f.Sample.Unix() != w[0] || f.Received.UnixMilli() != w[1] {
			t.Errorf("%s reaches %d, received %d; want %v", typ, f.Sample.Unix(), f.Received.UnixMilli(), w)
		}
	}
}

func TestRederivingWhatIsRightChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	stored(t, in, s, deal(rand.New(rand.NewPCG(7, 3)), 20))
	current, derived := state(t, s)
	redecode := func(rec *health.Record) (*health.Version, error) {
		v := rec.Version
		v.Readings = []health.Reading{{Metric: "m", Day: v.Day, At: v.Start, Value: float64(v.End)}}
		return &v, nil
	}
	for spot := (db.Checkpoint{}); !spot.Done; {
		var err error
		if spot, _, err = s.Rederive(t.Context(), time.Now(), spot, 5, redecode); err != nil {
			t.Fatal(err)
		}
	}
	after, rederived := state(t, s)
	if d := diff(current, after) + diff(derived, rederived); d != "" {
		t.Errorf("(- before, + after)\n%s", d)
	}
}
