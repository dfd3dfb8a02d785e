package garmin

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"garner/garmin/element"
)

// keyByStart is the natural key of types that are identified by their start. The
// summaryId is no key: Garmin may send the same record again with another one.
func keyByStart(_ element.Value, d *Decoded) { d.Key = itoa(d.Start) }

// keyByStartAndActivity distinguishes the kinds of activity of one slice,
// ignoring case.
func keyByStartAndActivity(v element.Value, d *Decoded) {
	d.Key = itoa(d.Start) + " " + strings.ToLower(scalar(v.Get("activityType")))
}

// keyByDate is the natural key of types with one record per day.
func keyByDate(_ element.Value, d *Decoded) {
	if d.Day == 0 { // long before any plausible day
		d.Fault = "no calendar date"
		return
	}
	d.Key = d.Day.String()
}

// activityKey finds Garmin's activity id: documented as a string, sent as a
// number, and in older data present only as the summaryId's digits.
func activityKey(v element.Value) string {
	id := v.Get("activityId")
	if n, ok := id.Int(); ok && n > 0 {
		return itoa(n)
	}
	if key := activityNumber(scalar(id)); key != "" {
		return key
	}
	return activityNumber(scalar(v.Get("summaryId")))
}

// activityNumber strips what Garmin adds to the ids of details and files; ""
// if the rest is not a number.
func activityNumber(id string) string {
	id = strings.TrimSuffix(strings.TrimSuffix(id, "-detail"), "-file")
	if strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(id, "0")
}

// keyByContent is the natural key of settings, which have no date of their own and
// mostly stay the same: their date is the day on which Garmin was asked. Each content
// is one record, and its day the newest on which Garmin answered with it. So an answer
// that says the same again makes no other record, the newest record is what holds,
// even if a person goes back to earlier settings, and earlier ones remain with the last
// day that they were seen.
func keyByContent(fields []Field) func(element.Value, *Decoded) {
	return func(v element.Value, d *Decoded) {
		if keyByDate(v, d); d.Fault != "" {
			return
		}
		sum := sha256.New()
		for i := range fields {
			sum.Write(append(fields[i].Value(v).AppendJSON(nil), '\n'))
		}
		d.Key = hex.EncodeToString(sum.Sum(nil)[:16])
		d.Reach = d.Day.Midnight().Unix()
	}
}

// jsonNames are Garmin's names of fields.
func jsonNames(fields []Field) (out []string) {
	for i := range fields {
		out = append(out, fields[i].JSON)
	}
	return out
}
