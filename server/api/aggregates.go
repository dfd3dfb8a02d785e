package api

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// aggregateNames are the words of the parameter agg, in the order of an answer.
var aggregateNames = []string{"min", "max", "mean", "sum", "count", "last"}

// bucket sums up the values of some time. Of numbers that are as sent the literal is kept.
type bucket struct {
	at             int64
	n              int
	sum            float64
	low, high      float64
	min, max, last element.Num
}

func (k *bucket) add(n element.Num, x float64) {
	if k.n == 0 || x < k.low {
		k.low, k.min = x, n
	}
	if k.n == 0 || x > k.high {
		k.high, k.max = x, n
	}
	k.last, k.sum = n, k.sum+x
	k.n++
}

// append appends an aggregate of a bucket by its name.
func (k *bucket) append(b []byte, agg string) []byte {
	switch agg {
	case "min":
		return k.min.AppendText(b)
	case "max":
		return k.max.AppendText(b)
	case "last":
		return k.last.AppendText(b)
	case "count":
		return strconv.AppendInt(b, int64(k.n), 10)
	case "sum":
		return appendNumber(b, k.sum)
	}
	return appendNumber(b, k.sum/float64(k.n))
}

// appendNumber appends a calculated number; null if it is beyond what a number can be.
func appendNumber(b []byte, x float64) []byte {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// daySamples are the records of a date, whose samples are summed up together: where records
// overlap, a span counts once.
type daySamples struct {
	day    health.Day
	offset int32
	parts  []garmin.Part
}

func (d *daySamples) add(rec *health.Record) error {
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", rec.Type, rec.Day, err)
	}
	if len(d.parts) == 0 {
		d.day, d.offset = rec.Day, 0
		if rec.Offset != nil {
			d.offset = *rec.Offset
		}
	}
	d.parts = append(d.parts, garmin.Part{Key: rec.Key, Start: rec.Start, End: rec.End, Day: rec.Day, Order: rec.Order,
		Value: v, Simulated: rec.Simulated()})
	return nil
}

// buckets sums up the values, and returns how many samples there were. Codes that are no
// values are left out.
func (d *daySamples) buckets(series *garmin.Series, every time.Duration) (out []bucket, samples int) {
	list := series.Merge(d.parts)
	for _, sample := range list {
		x := sample.Num.Float()
		if math.IsInf(x, 0) || math.IsNaN(x) {
			continue
		}
		if series.Reason != nil {
			if _, none := series.Reason(x); none {
				continue
			}
		}
		at := d.bucketOf(sample.MS, every)
		if len(out) == 0 || out[len(out)-1].at != at {
			out = append(out, bucket{at: at})
		}
		out[len(out)-1].add(sample.Num, x)
	}
	return out, len(list)
}

// bucketOf is the beginning of the bucket of an instant, in unix seconds: a multiple of
// every in UTC. The bucket of a day is the person's date, from its first record's midnight.
func (d *daySamples) bucketOf(ms int64, every time.Duration) int64 {
	if every == maxEvery {
		return d.day.Midnight().Unix() - int64(d.offset)
	}
	step := int64(every / time.Second)
	at := ms / 1000
	if ms%1000 < 0 {
		at--
	}
	return at - (at%step+step)%step
}

// aggregates answers with the values of a series summed up over time.
func (r *request) aggregates(s span, series *garmin.Series, limit int, every time.Duration,
	aggs []string) (json.RawMessage, error) {
	out := newPage()
	var day daySamples
	total := 0
	flush := func() {
		buckets, samples := day.buckets(series, every)
		total += samples
		if len(buckets) > 0 {
			out.item()
			out.b = appendBuckets(out.b, day.day, every, buckets, aggs)
		}
		day.parts = day.parts[:0]
	}
	for rec, err := range r.recordsOf(s) {
		if err != nil {
			if out.noted(err) {
				continue
			}
			return nil, err
		}
		if len(day.parts) > 0 && rec.Day != day.day {
			if flush(); total >= limit || len(out.b) >= mostBytes {
				next, err := r.next(place{Day: rec.Day, Start: -1 << 62})
				return out.end(next), err
			}
		}
		if err := day.add(rec); err != nil {
			return nil, err
		}
	}
	if len(day.parts) > 0 {
		flush()
	}
	return out.end(""), nil
}

// appendBuckets appends the block of a date.
func appendBuckets(b []byte, day health.Day, every time.Duration, buckets []bucket, aggs []string) []byte {
	b = append(append(append(b, `{"date":"`...), day.String()...), '"')
	b = strconv.AppendInt(append(b, `,"every_s":`...), int64(every/time.Second), 10)
	b = append(b, `,"time_s":`...)
	b = appendList(b, buckets, func(b []byte, k *bucket) []byte { return strconv.AppendInt(b, k.at, 10) })
	for _, agg := range aggregateNames {
		if !slices.Contains(aggs, agg) {
			continue
		}
		b = append(append(append(b, `,"`...), agg...), `":`...)
		b = appendList(b, buckets, func(b []byte, k *bucket) []byte { return k.append(b, agg) })
	}
	return append(b, '}')
}

func appendList(b []byte, buckets []bucket, item func([]byte, *bucket) []byte) []byte {
	b = append(b, '[')
	for i := range buckets {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, &buckets[i])
	}
	return append(b, ']')
}
