package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
	"garner/query"
)

// include is what a record has on request.
type include struct {
	// sent adds the element as sent.
	sent bool
	// versions are the facts of all versions, nil to leave them out.
	versions []query.Version
}

// appendRecord appends a record as a JSON object: its identity, then its fields, tables
// and what is beyond them, by the names that the data dictionary and the export use. All
// answers with records use it.
func appendRecord(b []byte, rec *health.Record, with include) ([]byte, error) {
	t, ok := garmin.Lookup(rec.Type)
	if !ok {
		return b, fmt.Errorf("type %q: %w", rec.Type, errNotFound)
	}
	v, err := element.Unpack(rec.Body)
	if err != nil {
		return b, fmt.Errorf("%s of %s: %w", rec.Type, rec.Day, err)
	}
	b = appendIdentity(b, t, rec, v)
	b, misfits := appendFields(append(b, `,"values":`...), t.Fields, v)
	if len(t.Tables) > 0 {
		b = appendTables(append(b, `,"tables":`...), t, v)
	}
	if extra := joinObjects(t.Extra(v), misfits); extra != nil {
		b = append(append(b, `,"extra":`...), extra...)
	}
	if with.versions != nil {
		b = appendVersions(append(b, `,"versions":`...), with.versions)
	}
	if with.sent {
		b = v.AppendJSON(append(b, `,"sent":`...))
	}
	return append(b, '}'), nil
}

// appendIdentity begins the object of a record.
func appendIdentity(b []byte, t *garmin.Type, rec *health.Record, v element.Value) []byte {
	b = element.AppendQuoted(append(b, `{"type":`...), t.Key)
	b = element.AppendQuoted(append(b, `,"key":`...), rec.Key)
	b = append(append(append(b, `,"date":"`...), rec.Day.String()...), '"')
	if t.SaysStart(v) {
		b = appendTime(append(b, `,"start_time_utc":`...), rec.Start)
		b = appendTime(append(b, `,"end_time_utc":`...), rec.End)
	}
	if rec.Offset != nil {
		b = strconv.AppendInt(append(b, `,"utc_offset_s":`...), int64(*rec.Offset), 10)
	}
	b = element.AppendQuoted(append(b, `,"summary_id":`...), rec.SummaryID)
	b = element.AppendQuoted(append(b, `,"device":`...), rec.Device)
	b = element.AppendQuoted(append(b, `,"origin":`...), rec.AllOrigins().String())
	b = element.AppendQuoted(append(b, `,"class":`...), rec.Order.Class.Key())
	b = appendMillis(append(b, `,"received_at":`...), rec.Received)
	b = strconv.AppendBool(append(b, `,"simulated":`...), rec.Simulated())
	return strconv.AppendBool(append(b, `,"blended":`...), rec.Blended)
}

// appendFields appends an object of those fields that an element has. Values that are not
// of the form that their field has are in misfits, an object by Garmin's names, which is
// nil if there are none.
func appendFields(b []byte, fields []garmin.Field, v element.Value) (out, misfits []byte) {
	b = append(b, '{')
	begun := false
	for i := range fields {
		f := &fields[i]
		value := f.Value(v)
		if value.Kind() <= element.Null {
			continue
		}
		before := len(b)
		if begun {
			b = append(b, ',')
		}
		b = append(element.AppendQuoted(b, f.Name), ':')
		filled, ok := appendForm(b, f.Form, value)
		if !ok {
			b = b[:before]
			misfits = value.AppendJSON(append(element.AppendQuoted(separate(misfits), f.JSON), ':'))
			continue
		}
		b, begun = filled, true
	}
	if misfits != nil {
		misfits = append(misfits, '}')
	}
	return append(b, '}'), misfits
}

// appendForm appends a value in the form that its field has: numbers by the literal that
// was sent, also where it was sent as a text. It reports false if it has another form.
func appendForm(b []byte, form garmin.Form, v element.Value) ([]byte, bool) {
	kind := v.Kind()
	switch form {
	case garmin.Number, garmin.Time:
		if kind == element.String {
			_, ok := v.Float()
			return append(b, strings.TrimSpace(v.Text())...), ok
		}
		return v.AppendJSON(b), kind == element.Number
	case garmin.Bool:
		return v.AppendJSON(b), kind == element.Bool
	case garmin.Text, garmin.Date:
		return element.AppendQuoted(b, v.Text()), kind < element.Array
	}
	return v.AppendJSON(b), true
}

// separate begins an object, or continues it.
func separate(b []byte) []byte {
	if b == nil {
		return []byte{'{'}
	}
	return append(b, ',')
}

// joinObjects joins two objects, of which either may be nil.
func joinObjects(a, b []byte) []byte {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case len(a) == 2: // {}
		return b
	}
	return append(append(a[:len(a)-1], ','), b[1:]...)
}

// appendTables appends an object of the lists of a type, each with the fields of its
// entries.
func appendTables(b []byte, t *garmin.Type, v element.Value) []byte {
	b = append(b, '{')
	for i := range t.Tables {
		table := &t.Tables[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(element.AppendQuoted(b, table.Name), `:[`...)
		n := 0
		for item := range table.Rows(v) {
			if n++; n > 1 {
				b = append(b, ',')
			}
			b = appendEntry(b, table, item)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendEntry appends an entry of a table. Values that are not of the form of their field
// are under extra.
func appendEntry(b []byte, table *garmin.Table, item element.Value) []byte {
	b, misfits := appendFields(b, table.Fields, item)
	if misfits == nil {
		return b
	}
	if b = b[:len(b)-1]; b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(b, `"extra":`...), misfits...), '}')
}

// appendVersions appends the facts of the versions of a record.
func appendVersions(b []byte, list []query.Version) []byte {
	b = append(b, '[')
	for i, f := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = element.AppendQuoted(append(b, `{"class":`...), f.Order.Class.Key())
		b = appendMillis(append(b, `,"received_at":`...), f.Received)
		if f.Start != 0 || f.End != 0 {
			b = appendTime(append(b, `,"start_time_utc":`...), f.Start)
			b = appendTime(append(b, `,"end_time_utc":`...), f.End)
		}
		if f.SummaryID != "" {
			b = element.AppendQuoted(append(b, `,"summary_id":`...), f.SummaryID)
		}
		b = strconv.AppendBool(append(b, `,"current":`...), f.Current)
		b = append(b, '}')
	}
	return append(b, ']')
}

// appendTime appends unix seconds in the form of RFC 3339, in UTC.
func appendTime(b []byte, unix int64) []byte {
	return time.Unix(unix, 0).UTC().AppendFormat(b, `"2006-01-02T15:04:05Z"`)
}

// appendMillis appends unix milliseconds in the form of RFC 3339, in UTC.
func appendMillis(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
}
