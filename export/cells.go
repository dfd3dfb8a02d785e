package export

import (
	"strconv"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// identity are the columns that every file begins with.
var identity = []string{"person", "calendar_date", "start_time_utc", "start_time_local", "utc_offset_s", "summary_id",
	"device", "origin"}

// Header returns the columns of a CSV file.
func Header(what What) []string {
	out := append([]string{}, identity...)
	switch {
	case what.Series != "":
		s := what.series()
		out = append(out, "time_utc", "time_local", column(s.Name, s.Unit))
		if s.Reason != nil {
			out = append(out, "reason")
		}
	case what.Table != "":
		for _, f := range what.table().Fields {
			out = append(out, f.Name)
		}
	default:
		for _, f := range what.Type.Fields {
			out = append(out, f.Name)
		}
		out = append(out, "extra")
	}
	return out
}

func column(name string, unit health.Unit) string {
	if unit == health.None || strings.HasSuffix(name, "_"+string(unit)) {
		return name
	}
	return name + "_" + string(unit)
}

func appendHeader(b []byte, what What) []byte {
	return append(append(b, strings.Join(Header(what), ",")...), "\r\n"...)
}

func appendIdentity(b []byte, row Row) []byte {
	b = append(appendText(b, row.Person), ',')
	b = append(append(b, row.Day.String()...), ',')
	if row.begins != 0 {
		b = time.Unix(row.begins, 0).UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
	}
	b = append(b, ',')
	if row.begins != 0 && row.Offset != nil {
		b = time.Unix(row.begins+int64(*row.Offset), 0).UTC().AppendFormat(b, "2006-01-02T15:04:05")
	}
	b = append(b, ',')
	if row.Offset != nil {
		b = strconv.AppendInt(b, int64(*row.Offset), 10)
	}
	b = append(b, ',')
	b = append(appendText(b, row.SummaryID), ',')
	b = append(appendText(b, row.Device), ',')
	return append(b, row.AllOrigins().String()...)
}

// appendValue writes a field as sent: numbers by their literal, lists and
// objects as JSON. What is missing or null is empty, never 0.
func appendValue(b []byte, v element.Value) []byte {
	switch v.Kind() {
	case element.Absent, element.Null:
		return b
	case element.Number, element.Bool:
		return append(b, v.Text()...)
	case element.String:
		return appendText(b, v.Text())
	default:
		return appendText(b, string(v.AppendJSON(nil)))
	}
}

// Guard is the text of a cell. A leading character that a spreadsheet would take for the
// beginning of a formula gets a ' before it; so does a leading ' itself, so that removing
// one restores every text.
func Guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

// appendText writes a text cell, guarded.
func appendText(b []byte, s string) []byte {
	s = Guard(s)
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}

// AppendRow writes a line of text cells, guarded like all others.
func AppendRow(b []byte, cells ...string) []byte {
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, c)
	}
	return append(b, "\r\n"...)
}

// Unguard removes the guard of a text cell. Readers of CSV may have changed a
// leading CR LF to LF.
func Unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r\n'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// clock writes instants of a series. Formatting a date for each of millions of
// samples would be most of the work, so it is done once per minute.
type clock struct {
	offset     *int32
	minute     int64
	known      bool
	utc, local []byte // of the minute, up to and including "hh:mm:"
}

func (c *clock) append(b []byte, ms int64) []byte {
	sec := floorDiv(ms, 1000)
	minute := floorDiv(sec, 60)
	if !c.known || minute != c.minute {
		c.minute, c.known = minute, true
		c.utc = time.Unix(minute*60, 0).UTC().AppendFormat(c.utc[:0], "2006-01-02T15:04:")
		if c.offset != nil {
			c.local = time.Unix(minute*60+int64(*c.offset), 0).UTC().AppendFormat(c.local[:0], "2006-01-02T15:04:")
		}
	}
	b = append(b, c.utc...)
	b = appendSeconds(b, sec-minute*60, ms-sec*1000)
	b = append(b, 'Z', ',')
	if c.offset == nil {
		return b
	}
	// Offsets are not always whole minutes.
	at := sec + int64(*c.offset)
	if *c.offset%60 != 0 {
		b = time.Unix(at, 0).UTC().AppendFormat(b, "2006-01-02T15:04:05")
		return appendMillis(b, ms-sec*1000)
	}
	b = append(b, c.local...)
	return appendSeconds(b, sec-minute*60, ms-sec*1000)
}

func appendSeconds(b []byte, s, ms int64) []byte {
	b = append(b, byte('0'+s/10), byte('0'+s%10))
	return appendMillis(b, ms)
}

func appendMillis(b []byte, ms int64) []byte {
	if ms == 0 {
		return b
	}
	return append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// appendJSONLine writes the identity and the element as sent.
func appendJSONLine(b []byte, row Row, v element.Value) []byte {
	b = append(b, `{"person":`...)
	b = element.AppendQuoted(b, row.Person)
	b = append(b, `,"type":`...)
	b = element.AppendQuoted(b, row.Type)
	b = append(b, `,"calendar_date":"`...)
	b = append(b, row.Day.String()...)
	b = append(b, '"')
	if row.begins != 0 {
		b = append(b, `,"start_time_utc":"`...)
		b = time.Unix(row.begins, 0).UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
		b = append(b, '"')
	}
	if row.Offset != nil {
		if row.begins != 0 {
			b = append(b, `,"start_time_local":"`...)
			b = time.Unix(row.begins+int64(*row.Offset), 0).UTC().AppendFormat(b, "2006-01-02T15:04:05")
			b = append(b, '"')
		}
		b = append(b, `,"utc_offset_s":`...)
		b = strconv.AppendInt(b, int64(*row.Offset), 10)
	}
	b = append(b, `,"summary_id":`...)
	b = element.AppendQuoted(b, row.SummaryID)
	b = append(b, `,"device":`...)
	b = element.AppendQuoted(b, row.Device)
	b = append(b, `,"origin":"`...)
	b = append(b, row.AllOrigins().String()...)
	b = append(b, '"')
	if row.Blended { // the element is not quite as sent
		b = append(b, `,"merged_samples":true`...)
	}
	b = append(b, `,"element":`...)
	b = v.AppendJSON(b)
	return append(b, "}\n"...)
}
