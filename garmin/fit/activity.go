package fit

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// longest is the longest activity, in seconds; what is further from the start has
// a wrong clock.
const longest = 32 * 86400

// activity is a recording in order of time.
type activity struct {
	*recorder
	start  uint32
	pauses []pause
	strays int // records outside of the activity's time
}

// activity puts what was read in order: one sample per second, none before the
// start.
func (r *recorder) activity() *activity {
	slices.SortStableFunc(r.samples, func(a, b sample) int { return cmp.Compare(a.at, b.at) })
	slices.SortStableFunc(r.sessions, func(a, b session) int { return cmp.Compare(a.start, b.start) })
	a := &activity{recorder: r, pauses: pauses(r.switches)}
	if len(r.sessions) > 0 {
		a.start = r.sessions[0].start
	} else {
		a.start = r.samples[0].at
	}
	for _, s := range r.sessions {
		r.sports = append(r.sports, leg{s.start, s.sport})
	}
	slices.SortStableFunc(r.sports, func(a, b leg) int { return cmp.Compare(a.from, b.from) })
	slices.Sort(r.laps)
	r.laps = slices.DeleteFunc(slices.Compact(r.laps), func(at uint32) bool { return !a.within(at) })
	a.merge()
	return a
}

func (a *activity) within(at uint32) bool { return at >= a.start && at-a.start <= longest }

// merge leaves one sample of each second, and none outside of the activity.
func (a *activity) merge() {
	all := a.samples[:0]
	for _, s := range a.samples {
		last := len(all) - 1
		switch {
		case !a.within(s.at):
			a.strays++
		case last >= 0 && all[last].at == s.at:
			all[last] = s.over(all[last])
		default:
			all = append(all, s)
		}
	}
	a.samples = all
}

// totals are those of the sessions, or what the samples say of them.
func (a *activity) totals() session {
	if len(a.sessions) > 0 {
		out := a.sessions[0]
		for _, s := range a.sessions[1:] {
			out = out.join(s)
		}
		return out
	}
	nan := math.NaN()
	out := session{start: a.start, sport: a.sportAt(a.start), seconds: nan, metres: nan, kcal: nan, up: nan, down: nan,
		speed: nan, topSpeed: nan, pulse: nan, topPulse: nan, cadence: nan, topCadence: nan, cycles: nan, lengths: nan,
		latitude: nan, longitude: nan}
	w := stopwatch{start: a.start, pauses: a.pauses}
	for i := range a.samples {
		out.seconds = float64(w.read(&a.samples[i]).timer)
		if d := a.samples[i].distance; d != noSample.distance {
			out.metres = float64(d) / 100
		}
	}
	return out
}

func (a *activity) sportAt(at uint32) (s sport) {
	s = noSport
	for _, l := range a.sports {
		if l.from > at {
			break
		}
		s = l.sport
	}
	return s
}

// element is the activity in the shape of activityDetails. Its text is never whole
// in memory.
func (a *activity) element(announcement element.Value) (element.Value, error) {
	head := appendCopies([]byte{'{'}, announcement, "userId", "summaryId", "activityId")
	head = append(a.appendSummary(appendName(head, "summary"), announcement), `,"samples":[`...)
	tail := []byte(`],"laps":[`)
	for i, at := range a.laps {
		if i > 0 {
			tail = append(tail, ',')
		}
		tail = append(appendInt(append(tail, '{'), "startTimeInSeconds", unix(at)), '}')
	}
	tail = append(tail, "]}"...)
	samples := &sampleText{a: a, watch: stopwatch{start: a.start, pauses: a.pauses}, legs: a.sports, sport: noSport}
	dec := jsontext.NewDecoder(io.MultiReader(bytes.NewReader(head), samples, bytes.NewReader(tail)),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	v, err := element.Read(dec, element.Limits{Depth: 16, Bytes: mostBytes})
	if err != nil {
		return element.Value{}, fmt.Errorf("build details: %w", err)
	}
	return v, nil
}

func (a *activity) appendSummary(b []byte, announcement element.Value) []byte {
	totals := a.totals()
	b = appendCopies(append(b, '{'), announcement, "activityId", "activityName", "activityDescription", "activityType")
	if name := totals.sport.Sport; announcement.Get("activityType").Kind() == element.Absent && name != noSport.Sport {
		b = element.AppendQuoted(appendName(b, "activityType"), strings.ToUpper(name.String()))
	}
	b = appendInt(b, "startTimeInSeconds", unix(a.start))
	if a.offset != nil {
		b = appendInt(b, "startTimeOffsetInSeconds", *a.offset)
	}
	b = totals.appendTotals(b)
	b = appendCopies(b, announcement, "deviceName", "manual")
	return append(b, '}')
}

// appendCopies writes the members of those names as they are in v.
func appendCopies(b []byte, v element.Value, names ...string) []byte {
	for _, name := range names {
		if got := v.Get(name); got.Kind() != element.Absent {
			b = got.AppendJSON(appendName(b, name))
		}
	}
	return b
}

// sampleText is the text of the samples, written as it is read.
type sampleText struct {
	a     *activity
	watch stopwatch
	legs  []leg // to come
	sport sport
	next  int
	buf   []byte
	rest  []byte
}

func (t *sampleText) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(t.rest) == 0 {
			if t.next == len(t.a.samples) {
				break
			}
			t.write()
		}
		k := copy(p[n:], t.rest)
		n, t.rest = n+k, t.rest[k:]
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// write writes the next sample.
func (t *sampleText) write() {
	s := &t.a.samples[t.next]
	for ; len(t.legs) > 0 && t.legs[0].from <= s.at; t.legs = t.legs[1:] {
		t.sport = t.legs[0].sport
	}
	t.buf = t.buf[:0]
	if t.next > 0 {
		t.buf = append(t.buf, ',')
	}
	t.buf = appendSample(t.buf, s, t.sport, t.watch.read(s))
	t.rest, t.next = t.buf, t.next+1
}
