package query

import (
	"fmt"
	"iter"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// mostName is how many characters of a name are kept: an element may have names
// of any length.
const mostName = 60

// unpacked is a record with its element.
type unpacked struct {
	*health.Record
	v element.Value
}

func unpack(rec *health.Record) (unpacked, error) {
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return unpacked{}, fmt.Errorf("%s of %s of person %d: %w", rec.Type, rec.Day, rec.Person, err)
	}
	return unpacked{rec, v}, nil
}

// intact yields records with their elements. Damaged records are left out, so that a page
// still shows the others.
func intact(records iter.Seq2[*health.Record, error]) iter.Seq2[unpacked, error] {
	return func(yield func(unpacked, error) bool) {
		for rec, err := range db.Intact(records) {
			var u unpacked
			if err == nil {
				u, err = unpack(rec)
			}
			if !yield(u, err) {
				return
			}
		}
	}
}

func unpackAll(recs []*health.Record) ([]unpacked, error) {
	out := make([]unpacked, len(recs))
	for i, rec := range recs {
		var err error
		if out[i], err = unpack(rec); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// partsOf converts records to the form that garmin reads.
func partsOf(list []unpacked) []garmin.Part {
	out := make([]garmin.Part, len(list))
	for i, u := range list {
		out[i] = garmin.Part{Key: u.Key, Start: u.Start, End: u.End, Day: u.Day, Order: u.Order, Value: u.v,
			Simulated: u.Simulated()}
	}
	return out
}

// onWatch is an instant on the clock of a record; UTC if it has no offset.
func onWatch(unix int64, offset *int32) time.Time {
	if offset == nil {
		return time.Unix(unix, 0).UTC()
	}
	return time.Unix(unix, 0).In(time.FixedZone("", int(*offset)))
}
