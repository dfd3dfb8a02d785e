package api

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/query"
)

// recordTypes are the keys of the types that have records.
var recordTypes = func() (keys []string) {
	for _, k := range garmin.Kinds() {
		keys = append(keys, k.Type)
	}
	return keys
}()

// place is the place after a record.
type place struct {
	Day   health.Day `json:"d"`
	Start int64      `json:"s"`
	ID    int64      `json:"i,omitempty"`
	Key   string     `json:"k,omitempty"`
}

func placeOf(rec *health.Record) place { return place{rec.Day, rec.Start, rec.ID, rec.Key} }

func (p place) cursor() db.Cursor {
	rec := &health.Record{ID: p.ID}
	rec.Day, rec.Start, rec.Key = p.Day, p.Start, p.Key
	return db.CursorOf(rec)
}

// recordType is the type in the address.
func (r *request) recordType() (*garmin.Type, error) {
	key := mux.Vars(r.Request)["type"]
	if !slices.Contains(recordTypes, key) {
		return nil, errParameter.with("no type %q with records; valid are %s", key, listed(recordTypes))
	}
	t, _ := garmin.Lookup(key)
	return t, nil
}

// span is what records, and the series in them, are asked of.
type span struct {
	person   int64
	typ      *garmin.Type
	from, to health.Day
	after    db.Cursor
}

// span reads the person, the type, the dates and the cursor of the request.
func (r *request) span() (s span, err error) {
	p, err := r.addressed()
	if err != nil {
		return s, err
	}
	s.person = p.ID
	if s.typ, err = r.recordType(); err != nil {
		return s, err
	}
	if s.from, s.to, err = r.days(); err != nil {
		return s, err
	}
	var at place
	if has, err := r.after(&at); err != nil {
		return s, err
	} else if has {
		s.after = at.cursor()
	}
	return s, nil
}

func (r *request) recordsOf(s span) iter.Seq2[*health.Record, error] {
	return r.query.RecordsAfter(r.Context(), s.person, s.typ.Key, s.from, s.to, s.after)
}

// includes are the words of the parameter include.
var includes = []string{"sent", "versions"}

// records lists the records of a type.
func (r *request) records() (any, error) {
	s, err := r.span()
	if err != nil {
		return nil, err
	}
	limit, err := r.limit(usualLimit, mostLimit)
	if err != nil {
		return nil, err
	}
	more, err := r.several("include", includes)
	if err != nil {
		return nil, err
	}
	return r.recordsPage(s, limit, slices.Contains(more, "sent"), slices.Contains(more, "versions"))
}

func (r *request) recordsPage(s span, limit int, sent, versions bool) (json.RawMessage, error) {
	out := newPage()
	var last *health.Record
	for batch, err := range batches(r.recordsOf(s)) {
		if _, damaged := errors.AsType[*db.DamagedError](err); err != nil && !damaged {
			return nil, err
		} else if damaged && !out.full(limit) {
			out.noted(err)
			continue
		}
		facts := make([][]query.Version, len(batch))
		if versions && len(batch) > 0 {
			if facts, err = r.query.Versions(r.Context(), s.person, batch); err != nil {
				return nil, err
			}
		}
		if len(batch) == 0 { // a damaged one after the page
			return r.endAfter(out, last)
		}
		for i, rec := range batch {
			if out.full(limit) {
				return r.endAfter(out, last)
			}
			out.item()
			if out.b, err = appendRecord(out.b, rec, include{sent: sent, versions: facts[i]}); err != nil {
				return nil, err
			}
			last = rec
		}
	}
	return out.end(""), nil
}

// endAfter ends a page that has a next one, after a record.
func (r *request) endAfter(out *page, last *health.Record) (json.RawMessage, error) {
	next, err := r.next(placeOf(last))
	return out.end(next), err
}

// batchSize is how many records are held at a time.
const batchSize = 32

// batches yields records several at a time, and errors alone, in order.
func batches(records iter.Seq2[*health.Record, error]) iter.Seq2[[]*health.Record, error] {
	return func(yield func([]*health.Record, error) bool) {
		var batch []*health.Record
		for rec, err := range records {
			if err == nil {
				batch = append(batch, rec)
			}
			if len(batch) > 0 && (err != nil || len(batch) == batchSize) {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
			if err != nil && !yield(nil, err) {
				return
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}
