package chart

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func series(t *rapid.T) Series {
	cadence := time.Duration(rapid.SampledFrom([]int{15, 60, 120, 180, 900}).Draw(t, "cadence")) * time.Second
	steps := rapid.SliceOfN(rapid.Int64Range(1, 1_000_000), 0, 300).Draw(t, "steps")
	s := Series{Cadence: cadence}
	at := int64(0)
	for _, step := range steps {
		at += step
		s.Points = append(s.Points, Point{T: at, V: float64(rapid.IntRange(-50, 250).Draw(t, "v"))})
	}
	return s
}

func TestRunsBreakExactlyAtLongDistances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := series(t)
		limit := Break(s.Cadence).Milliseconds()
		var all []Point
		for i, run := range s.Runs() {
			for j := 1; j < len(run); j++ {
				if run[j].T-run[j-1].T > limit {
					t.Fatalf("joined across %d ms", run[j].T-run[j-1].T)
				}
			}
			if i > 0 && run[0].T-all[len(all)-1].T <= limit {
				t.Fatalf("broke at %d ms", run[0].T-all[len(all)-1].T)
			}
			all = append(all, run...)
		}
		if !slices.Equal(all, s.Points) {
			t.Fatal("runs lose or add samples")
		}
	})
}

func TestReduceKeepsExtremesAndInventsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := series(t)
		if len(s.Points) == 0 {
			return
		}
		from, to := s.Points[0].T, s.Points[len(s.Points)-1].T+1
		n := rapid.IntRange(1, 100).Draw(t, "columns")
		got := Reduce(s.Points, from, to, n)
		if len(s.Points) > n && len(got) > 2*n {
			t.Fatalf("%d samples for %d columns", len(got), n)
		}
		kept := map[Point]bool{}
		for i, p := range got {
			kept[p] = true
			if i > 0 && p.T <= got[i-1].T {
				t.Fatal("out of order")
			}
		}
		type ends struct{ lo, hi float64 }
		want := map[int64]ends{}
		have := map[int64]ends{}
		add := func(m map[int64]ends, p Point) {
			c := column(p.T, from, to, n)
			e, ok := m[c]
			if !ok {
				e = ends{p.V, p.V}
			}
			m[c] = ends{min(e.lo, p.V), max(e.hi, p.V)}
		}
		for _, p := range s.Points {
			add(want, p)
			delete(kept, p)
		}
		for _, p := range got {
			add(have, p)
		}
		if len(kept) > 0 {
			t.Fatalf("invented %v", kept)
		}
		for c, e := range want {
			if have[c] != e {
				t.Fatalf("column %d: %v, want %v", c, have[c], e)
			}
		}
	})
}

func TestGapsAndSamplesDoNotMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := series(t)
		if len(s.Points) == 0 {
			return
		}
		to := s.Points[len(s.Points)-1].T + hour
		last := int64(0)
		for _, g := range s.Gaps(0, to) {
			if g.From >= g.To || g.From < last || g.To > to {
				t.Fatalf("gap %v after %d in 0–%d", g, last, to)
			}
			last = g.To
			for _, p := range s.Points {
				if p.T >= g.From && p.T < g.To {
					t.Fatalf("sample at %d in gap %v", p.T, g)
				}
			}
		}
	})
}

func TestOffBodyIsNotMissing(t *testing.T) {
	t.Parallel()
	s := Series{Cadence: time.Minute, OffBody: []Span{{From: hour, To: 2 * hour}}}
	for m := int64(0); m < 4*60; m++ {
		if m < 60 || m >= 180 {
			s.Points = append(s.Points, Point{T: m * 60_000, V: 60})
		}
	}
	got := s.Gaps(0, 4*hour)
	if want := []Span{{From: 2 * hour, To: 3 * hour}}; !slices.Equal(got, want) {
		t.Fatalf("gaps %v, want %v", got, want)
	}
}

func TestBreakIsNeverUnderFiveMinutes(t *testing.T) {
	t.Parallel()
	for cadence, want := range map[time.Duration]time.Duration{
		15 * time.Second: 5 * time.Minute, 3 * time.Minute: 9 * time.Minute, 15 * time.Minute: 45 * time.Minute,
	} {
		if got := Break(cadence); got != want {
			t.Errorf("Break(%v) = %v, want %v", cadence, got, want)
		}
	}
}

// TestAColumnOfATableHasOnePrecision, whatever its samples came with.
func TestAColumnOfATableHasOnePrecision(t *testing.T) {
	t.Parallel()
	broken := Lane{Series: Series{Points: []Point{{V: 13.9}, {V: 13.17}, {V: 14}}}}
	whole := Lane{Series: Series{Points: []Point{{V: 13}}}}
	if got := broken.Cell(13.17) + " " + broken.Cell(14) + " " + whole.Cell(13); got != "13.2 14.0 13" {
		t.Error(got)
	}
}

// TestTwoLanesOfOneMeasureShareAScale, so that equal nights look equal.
func TestTwoLanesOfOneMeasureShareAScale(t *testing.T) {
	t.Parallel()
	a := Lane{Kind: Line, Series: Series{Points: []Point{{V: 47}, {V: 158}}}}
	b := Lane{Kind: Line, Series: Series{Points: []Point{{V: 45}, {V: 92}}}}
	OnOneScale(&a, &b)
	if a.Min != b.Min || a.Max != b.Max || a.Min > 45 || a.Max < 158 {
		t.Errorf("%v–%v and %v–%v", a.Min, a.Max, b.Min, b.Max)
	}
}

// TestANameFitsBesideItsBlock: it is cut with an ellipsis, and stands where there is room.
func TestANameFitsBesideItsBlock(t *testing.T) {
	t.Parallel()
	for _, b := range []struct {
		from, to float64
		end      bool
	}{{10, 20, false}, {70, 75, true}, {95, 99, true}} {
		c := &canvas{}
		c.name(b.from, b.to, 28, "Indoor cycling, Denver Indoor Cycling")
		got := c.String()
		if !strings.Contains(got, ">Indoor cycling, Denve…<") || strings.Contains(got, "span-text end") != b.end {
			t.Errorf("%v–%v: %s", b.from, b.to, got)
		}
	}
}
