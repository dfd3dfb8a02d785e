package garmin

import (
	"strings"

	"garner/garmin/element"
)

// keyByStart is the natural key of types that are known by their start. The
// summaryId is not: Garmin may send the same thing again under another one.
func keyByStart(_ element.Value, d *Decoded) { d.Key = itoa(d.Start) }

// keyByStartAndActivity tells the kinds of activity of one slice apart,
// whatever their case.
func keyByStartAndActivity(v element.Value, d *Decoded) {
	d.Key = itoa(d.Start) + " " + strings.ToLower(scalar(v.Get("activityType")))
}

// keyByDate is the natural key of types that there is one of per day.
func keyByDate(_ element.Value, d *Decoded) {
	if d.Day == 0 { // long before any day that is believed
		d.Fault = "no calendar date"
		return
	}
	d.Key = d.Day.String()
}

// activityKey finds Garmin's activity id: documented as a string, sent as a
// number, and in older data only there as the summaryId's digits.
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
// where the rest is no number.
func activityNumber(id string) string {
	id = strings.TrimSuffix(strings.TrimSuffix(id, "-detail"), "-file")
	if strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(id, "0")
}
