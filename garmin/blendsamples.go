package garmin

import (
	"cmp"
	"math"
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// Samples of an activity come from two sources, Garmin's details and the file that the
// device recorded. Fields are those of the current version, which is Garmin's if there
// is one (see fileReach). Each series, and the list of laps, is that of the version
// which has most of it; of equals the greatest. By whole series, since within an
// activity both sources have the same span: of any set of versions the same one has most
// of a series, in any order of arrival.

// blendSamples is the health.Blend of activityDetails.
func (t *Type) blendSamples(versions []*health.Version) (*health.Version, []bool) {
	needed := make([]bool, len(versions))
	counts := make([]sampleCounts, len(versions))
	values := make([]element.Value, len(versions))
	for i, v := range versions {
		if len(v.Body) > 0 && len(v.Body) <= health.MostSampleBytes {
			values[i], _ = element.Unpack(v.Body) // else it has no samples
		}
		counts[i] = t.countSamples(values[i])
	}
	mix := newSampleMix(values[0], versions[0], counts[0].last)
	for s := range t.Series {
		if i := most(counts, func(c *sampleCounts) int { return c.series[s] }); i > 0 {
			needed[i] = true
			mix.replace(&t.Series[s], values[i], counts[0].series[s])
		}
	}
	if i := most(counts, func(c *sampleCounts) int { return c.laps }); i > 0 {
		needed[i] = true
		mix.replaceLaps(values[i], counts[0].laps)
	}
	needed[0] = values[0].Kind() == element.Object
	if !needed[0] || len(mix.gone) == 0 && mix.laps == nil {
		return versions[0], needed
	}
	return t.withBody(versions[0], mix.body()), needed
}

// most returns the index of the version that has most of something, the first of equals.
func most(counts []sampleCounts, of func(*sampleCounts) int) (best int) {
	for i := range counts {
		if of(&counts[i]) > of(&counts[best]) {
			best = i
		}
	}
	return best
}

// sampleCounts is how much a version has.
type sampleCounts struct {
	series []int // by the index of Type.Series
	laps   int
	last   int64 // the time of the last sample in unix milliseconds
}

func (t *Type) countSamples(v element.Value) sampleCounts {
	out := sampleCounts{series: make([]int, len(t.Series)), laps: v.Get("laps").Len()}
	names, owner := []string{"startTimeInSeconds"}, []int{-1}
	for i := range t.Series {
		for _, name := range sampleNames[sampleName(&t.Series[i])] {
			names, owner = append(names, name), append(owner, i)
		}
	}
	v.Get("samples").Rows(names, func(nums []element.Num, ok []bool) bool {
		at := nums[0].Float()
		if !ok[0] || !placed(at) {
			return true
		}
		out.last = max(out.last, int64(math.Round(at*1000)))
		for i, counted := 1, -1; i < len(names); i++ {
			if ok[i] && owner[i] != counted {
				counted = owner[i]
				out.series[counted]++
			}
		}
		return true
	})
	return out
}

// sampleName is the member of samples that a series has first.
func sampleName(s *Series) string { return s.JSON[len("samples."):] }

// sampleRow is one item of samples that is being put together.
type sampleRow struct {
	ms    int64 // least for one without a usable time
	own   element.Value
	names []string // of what other versions have
	nums  []element.Value
}

// sampleMix is the current version while lists of others are put in.
type sampleMix struct {
	value    element.Value
	from, to int64 // nothing outside of the current version is added
	rows     []*sampleRow
	byTime   map[int64]*sampleRow
	gone     map[string]bool // members of own that are replaced
	laps     []element.Value // if they are of another version
}

func newSampleMix(v element.Value, top *health.Version, last int64) *sampleMix {
	return &sampleMix{value: v, from: top.Start * 1000, to: max(top.End*1000, last), byTime: map[int64]*sampleRow{},
		gone: map[string]bool{}}
}

// readRows reads the rows of the current version, when they are needed first.
func (m *sampleMix) readRows() {
	if m.rows != nil {
		return
	}
	for item := range m.value.Get("samples").Items() {
		row := &sampleRow{own: item, ms: startOf(item)}
		if m.byTime[row.ms] == nil && row.ms != math.MinInt64 {
			m.byTime[row.ms] = row
		}
		m.rows = append(m.rows, row)
	}
}

// startOf is the time of a sample or lap in unix milliseconds, the least number if it
// has no usable one.
func startOf(item element.Value) int64 {
	if at, ok := item.Get("startTimeInSeconds").Float(); ok && placed(at) {
		return int64(math.Round(at * 1000))
	}
	return math.MinInt64
}

// within leaves out what is outside of the current version, and what has the time of
// the one before.
func within[T any](m *sampleMix, list []T, at func(T) int64) (out []T) {
	last := int64(math.MinInt64)
	for _, x := range list {
		if ms := at(x); ms >= m.from && ms <= m.to && ms != last {
			out, last = append(out, x), ms
		}
	}
	return out
}

// replace puts another version's samples of a series in, if within the span of the
// current version they are still more.
func (m *sampleMix) replace(s *Series, from element.Value, own int) {
	var other []timed
	s.Each(from, 0, func(ms int64, n element.Num) bool {
		other = append(other, timed{ms, n})
		return true
	})
	other = within(m, other, func(x timed) int64 { return x.ms })
	if len(other) <= own {
		return
	}
	m.readRows()
	name := sampleName(s)
	for _, read := range sampleNames[name] {
		m.gone[read] = true
	}
	for _, x := range other {
		row := m.byTime[x.ms]
		if row == nil {
			row = &sampleRow{ms: x.ms}
			m.byTime[x.ms], m.rows = row, append(m.rows, row)
		}
		row.names, row.nums = append(row.names, name), append(row.nums, x.n.Value())
	}
}

// replaceLaps puts another version's laps in, as replace does.
func (m *sampleMix) replaceLaps(from element.Value, own int) {
	other := within(m, slices.Collect(from.Get("laps").Items()), startOf)
	if len(other) > own {
		m.laps = other
	}
}

// body is the current version with what was put in.
func (m *sampleMix) body() element.Value {
	out := m.value
	if len(m.gone) > 0 {
		slices.SortStableFunc(m.rows, func(a, b *sampleRow) int { return cmp.Compare(a.ms, b.ms) })
		items := make([]element.Value, len(m.rows))
		for i, row := range m.rows {
			items[i] = m.item(row)
		}
		out = out.WithList("samples", items)
	}
	if m.laps != nil {
		out = out.WithList("laps", m.laps)
	}
	return out
}

// item is a row as it is shown.
func (m *sampleMix) item(row *sampleRow) element.Value {
	var names []string
	var vals []element.Value
	if row.own.Kind() == element.Absent {
		names, vals = []string{"startTimeInSeconds"}, []element.Value{instantOf(row.ms).Value()}
	}
	for name, member := range row.own.Members() {
		if !m.gone[name] {
			names, vals = append(names, name), append(vals, member)
		}
	}
	return element.NewObject(append(names, row.names...), append(vals, row.nums...))
}

// instantOf is a time as Garmin sends it, in seconds.
func instantOf(ms int64) element.Num {
	if ms%1000 == 0 {
		return element.Num{Mantissa: ms / 1000}
	}
	return element.Num{Mantissa: ms, Decimals: 3}
}
