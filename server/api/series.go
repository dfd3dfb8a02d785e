package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// mostSamples is how many samples an answer has before it ends: a year of one every 15
// seconds. It ends with a whole record or day, so it may have a few more.
const mostSamples = 2_000_000

// series answers with the samples of one series: a block for each record, or for each day
// if the samples are summed up.
func (r *request) series() (any, error) {
	s, err := r.span()
	if err != nil {
		return nil, err
	}
	series, err := r.seriesOf(s.typ)
	if err != nil {
		return nil, err
	}
	limit, err := r.limit(mostSamples, mostSamples)
	if err != nil {
		return nil, err
	}
	every, aggs, err := r.buckets()
	switch {
	case err != nil:
		return nil, err
	case every == 0:
		return r.samples(s, series, limit)
	}
	return r.aggregates(s, series, limit, every, aggs)
}

// seriesOf is the series in the address.
func (r *request) seriesOf(t *garmin.Type) (*garmin.Series, error) {
	name := mux.Vars(r.Request)["name"]
	i := slices.IndexFunc(t.Series, func(s garmin.Series) bool { return s.Name == name })
	if i < 0 {
		var names []string
		for _, s := range t.Series {
			names = append(names, s.Name)
		}
		return nil, errParameter.with("%s has no series %q; it has: %s", t.Key, name, listed(names))
	}
	return &t.Series[i], nil
}

// samples answers with all samples, as sent.
func (r *request) samples(s span, series *garmin.Series, limit int) (json.RawMessage, error) {
	out := newPage()
	w := blockWriter{series: series}
	var last *health.Record
	for rec, err := range r.recordsOf(s) {
		full := w.total >= limit || len(out.b) >= mostBytes
		if full && last != nil {
			return r.endAfter(out, last)
		}
		if err != nil {
			if out.noted(err) {
				continue
			}
			return nil, err
		}
		v, err := element.Unpack(rec.Body)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", rec.Type, rec.Day, err)
		}
		if last = rec; w.read(rec, v) {
			out.item()
			out.b = w.append(out.b, s.typ, rec, v)
		}
	}
	return out.end(""), nil
}

// blockWriter writes the samples of a record. Its buffers are used again.
type blockWriter struct {
	series      *garmin.Series
	times, vals []byte
	fine        bool // times are milliseconds
	off         []offSpan
	n, total    int
}

// offSpan is a run of samples without a value: n of them from index at.
type offSpan struct {
	at, n  int
	reason string
}

// read reads the samples of a record, and reports whether it has any.
func (w *blockWriter) read(rec *health.Record, v element.Value) bool {
	if !w.write(rec, v, false) {
		w.write(rec, v, true)
	}
	w.total += w.n
	return w.n > 0
}

// write writes times in seconds, or in milliseconds if fine is set. It reports false if
// some are not whole seconds.
func (w *blockWriter) write(rec *health.Record, v element.Value, fine bool) (ok bool) {
	w.times, w.vals, w.off, w.n, w.fine = w.times[:0], w.vals[:0], w.off[:0], 0, fine
	ok = true
	w.series.Each(v, rec.Start, func(ms int64, n element.Num) bool {
		at := ms
		if !fine {
			if at = ms / 1000; at*1000 != ms {
				ok = false
				return false
			}
		}
		if w.n > 0 {
			w.times, w.vals = append(w.times, ','), append(w.vals, ',')
		}
		w.times = strconv.AppendInt(w.times, at, 10)
		if reason, none := w.reason(n); none {
			w.vals = append(w.vals, "null"...)
			w.skip(reason)
		} else {
			w.vals = n.AppendText(w.vals)
		}
		w.n++
		return true
	})
	return ok
}

func (w *blockWriter) reason(n element.Num) (string, bool) {
	if w.series.Reason == nil {
		return "", false
	}
	return w.series.Reason(n.Float())
}

func (w *blockWriter) skip(reason string) {
	if last := len(w.off) - 1; last >= 0 && w.off[last].reason == reason && w.off[last].at+w.off[last].n == w.n {
		w.off[last].n++
		return
	}
	w.off = append(w.off, offSpan{w.n, 1, reason})
}

// append appends the block of the record that was read.
func (w *blockWriter) append(b []byte, t *garmin.Type, rec *health.Record, v element.Value) []byte {
	b = append(append(append(b, `{"date":"`...), rec.Day.String()...), '"')
	if t.SaysStart(v) {
		b = appendTime(append(b, `,"start_time_utc":`...), rec.Start)
	}
	if rec.Offset != nil {
		b = strconv.AppendInt(append(b, `,"utc_offset_s":`...), int64(*rec.Offset), 10)
	}
	b = element.AppendQuoted(append(b, `,"device":`...), rec.Device)
	b = element.AppendQuoted(append(b, `,"origin":`...), rec.AllOrigins().String())
	name := `,"time_s":[`
	if w.fine {
		name = `,"time_ms":[`
	}
	b = append(append(append(b, name...), w.times...), ']')
	b = append(append(append(b, `,"value":[`...), w.vals...), ']')
	for i, o := range w.off {
		if i == 0 {
			b = append(b, `,"off":[`...)
		} else {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"index":`...), int64(o.at), 10)
		b = strconv.AppendInt(append(b, `,"count":`...), int64(o.n), 10)
		b = append(element.AppendQuoted(append(b, `,"reason":`...), o.reason), '}')
	}
	if len(w.off) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

// maxEvery is the longest bucket: a day of the person.
const maxEvery = 24 * time.Hour

// everyUnits are the units of the parameter every.
var everyUnits = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': maxEvery}

// buckets reads the parameters every and agg. every is 0 for all samples.
func (r *request) buckets() (every time.Duration, aggs []string, err error) {
	if aggs, err = r.several("agg", aggregateNames); err != nil {
		return 0, nil, err
	}
	if !r.params.Has("every") {
		if aggs != nil {
			return 0, nil, errParameter.with("agg needs every, such as every=5m")
		}
		return 0, nil, nil
	}
	text := r.params.Get("every")
	if text != "" {
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 31)
		every = time.Duration(n) * everyUnits[text[len(text)-1]]
		if err != nil {
			every = 0
		}
	}
	if every < time.Second || every > maxEvery {
		return 0, nil, errParameter.with("every %q: want a whole number with s, m, h or d, from 1s to 1d", text)
	}
	if aggs == nil {
		aggs = []string{"min", "max", "mean"}
	}
	return every, aggs, nil
}
