package garmin

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

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
	values := make([]element.Value, len(versions))
	for i, v := range versions {
		if len(v.Body) > 0 && len(v.Body) <= health.MostSampleBytes {
			values[i], _ = element.Unpack(v.Body) // else it has no samples
		}
	}
	lists := make([]*sampleLists, len(versions))
	for i := range versions {
		lists[i] = t.listsOf(values[i], versions[i].Start)
	}
	blended := newSampleMix(values[0], versions[0], lists[0])
	for s := range lists[0].series {
		if i := most(lists, func(l *sampleLists) int { return len(l.series[s]) }); i > 0 {
			needed[i] = true
			blended.replace(&t.Series[s], lists[0].series[s], lists[i].series[s])
		}
	}
	if i := most(lists, func(l *sampleLists) int { return len(l.laps) }); i > 0 {
		needed[i] = true
		blended.replaceLaps(lists[0].laps, lists[i].laps)
	}
	needed[0] = values[0].Kind() == element.Object
	if !needed[0] || !blended.changed {
		return versions[0], needed
	}
	body, err := blended.body()
	if err != nil {
		return versions[0], needed
	}
	return t.withBody(versions[0], body), needed
}

// most returns the index of the lists that have most of something, the first of equals.
func most(lists []*sampleLists, count func(*sampleLists) int) (best int) {
	for i := range lists {
		if count(lists[i]) > count(lists[best]) {
			best = i
		}
	}
	return best
}

// sampleLists are the lists of one version.
type sampleLists struct {
	series [][]timed // by the index of Type.Series
	laps   []element.Value
}

func (t *Type) listsOf(v element.Value, start int64) *sampleLists {
	out := &sampleLists{series: make([][]timed, len(t.Series)), laps: slices.Collect(v.Get("laps").Items())}
	for i := range t.Series {
		t.Series[i].Each(v, start, func(ms int64, n element.Num) bool {
			out.series[i] = append(out.series[i], timed{ms, n})
			return true
		})
	}
	return out
}

// sampleRow is one item of samples that is being put together.
type sampleRow struct {
	ms    int64 // least for one without a usable time
	own   element.Value
	extra []byte // members of other versions, as JSON
}

// sampleMix is the current version while lists of others are put in.
type sampleMix struct {
	value    element.Value
	from, to int64 // nothing outside of the current version is added
	rows     []*sampleRow
	byTime   map[int64]*sampleRow
	gone     map[string]bool // members of own that are replaced
	laps     []element.Value
	changed  bool
	newLaps  bool
}

func newSampleMix(v element.Value, top *health.Version, lists *sampleLists) *sampleMix {
	m := &sampleMix{value: v, from: top.Start * 1000, to: top.End * 1000, byTime: map[int64]*sampleRow{},
		gone: map[string]bool{}}
	for _, list := range lists.series {
		if len(list) > 0 {
			m.to = max(m.to, list[len(list)-1].ms)
		}
	}
	return m
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
func (m *sampleMix) replace(s *Series, own, other []timed) {
	other = within(m, other, func(x timed) int64 { return x.ms })
	if len(other) <= len(own) {
		return
	}
	m.readRows()
	m.changed = true
	name := s.JSON[len("samples."):]
	for _, read := range sampleNames[name] {
		m.gone[read] = true
	}
	for _, x := range other {
		row := m.byTime[x.ms]
		if row == nil {
			row = &sampleRow{ms: x.ms}
			m.byTime[x.ms], m.rows = row, append(m.rows, row)
		}
		row.extra = append(element.AppendQuoted(append(row.extra, ','), name), ':')
		row.extra = x.n.AppendText(row.extra)
	}
}

// replaceLaps puts another version's laps in, as replace does.
func (m *sampleMix) replaceLaps(own, other []element.Value) {
	if other = within(m, other, startOf); len(other) > len(own) {
		m.laps, m.newLaps, m.changed = other, true, true
	}
}

// body is the current version with what was put in.
func (m *sampleMix) body() (element.Value, error) {
	m.readRows()
	slices.SortStableFunc(m.rows, func(a, b *sampleRow) int { return cmp.Compare(a.ms, b.ms) })
	b := []byte{'{'}
	for name, member := range m.value.Members() {
		if name != "samples" && (name != "laps" || !m.newLaps) {
			b = appendMember(b, name)
			b = member.AppendJSON(b)
		}
	}
	b = m.appendSamples(appendMember(b, "samples"))
	if m.newLaps {
		b = append(appendMember(b, "laps"), '[')
		for i, lap := range m.laps {
			if i > 0 {
				b = append(b, ',')
			}
			b = lap.AppendJSON(b)
		}
		b = append(b, ']')
	}
	dec := jsontext.NewDecoder(bytes.NewReader(append(b, '}')), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))
	return element.Read(dec, element.Limits{Depth: 64, Bytes: 64 << 20})
}

// appendMember begins a member of an object.
func appendMember(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(element.AppendQuoted(b, name), ':')
}

// instantOf is a time as Garmin sends it, in seconds.
func instantOf(ms int64) element.Num {
	if ms%1000 == 0 {
		return element.Num{Mantissa: ms / 1000}
	}
	return element.Num{Mantissa: ms, Decimals: 3}
}

func (m *sampleMix) appendSamples(b []byte) []byte {
	b = append(b, '[')
	for i, row := range m.rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if row.own.Kind() == element.Absent {
			b = instantOf(row.ms).AppendText(appendMember(b, "startTimeInSeconds"))
		}
		for name, member := range row.own.Members() {
			if !m.gone[name] {
				b = member.AppendJSON(appendMember(b, name))
			}
		}
		if len(row.extra) > 0 && b[len(b)-1] == '{' {
			row.extra = row.extra[1:]
		}
		b = append(append(b, row.extra...), '}')
	}
	return append(b, ']')
}
