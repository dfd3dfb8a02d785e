package garmin

import (
	"fmt"
	"strings"

	"garner/garmin/element"
	"garner/health"
)

// Limits of what is shown and indexed; the element keeps all of it.
const (
	longestDevice  = 120 // characters
	longestSummary = 200 // characters
	longestNatural = 300 // bytes; a truncated key might equal another one
)

// Shorten truncates a text for people to at most some characters, with a mark if
// something is missing.
func Shorten(s string, characters int) string {
	if len(s) <= characters {
		return s
	}
	n := 0
	last := 0 // start of the last character that fits
	for at := range s {
		if n++; n == characters {
			last = at
		}
		if n > characters {
			return s[:last] + "…"
		}
	}
	return s
}

// Decode reads an element. It is lenient, since Garmin changes its
// format: only a missing key, day or clock is a Fault; any other field that
// cannot be read yields nothing and is listed in Ignored. The element itself
// keeps everything.
func (t *Type) Decode(v element.Value) Decoded { return t.DecodeUploaded(v, 0) }

// DecodeUploaded reads an element that was fetched. end is the end of its upload
// window, in unix seconds, unless the element itself names one; 0 if unknown.
func (t *Type) DecodeUploaded(v element.Value, end int64) Decoded {
	d := Decoded{Class: health.Final, SummaryID: Shorten(scalar(v.Get("summaryId")), longestSummary)}
	d.Device = Shorten(DeviceOf(v), longestDevice)
	d.Simulated = strings.HasPrefix(d.SummaryID, "sd")
	d.UploadEnd = end
	if own, ok := v.Get(uploadEnd).Int(); ok && believable(own) {
		d.UploadEnd = own
	}
	if d.readClock(t, v); d.Fault != "" {
		return d
	}
	if t.identify(v, &d); d.Key == "" && d.Fault == "" {
		d.Fault = "names no " + strings.Join(t.NaturalKey, " and no ")
	}
	if t.Packed && d.Key != "" && health.BlockDay(d.Day, d.Start) != health.DayOf(d.Start, 0) {
		d.Key += " of " + d.Day.String() // it is stored apart from others with that start
	}
	if len(d.Key) > longestNatural {
		d.Key, d.Fault = "", fmt.Sprintf("its key is longer than %d bytes", longestNatural)
	}
	if d.Fault != "" {
		return d
	}
	if d.Class == health.Edited {
		edit := health.Edit()
		d.Reach, d.UploadEnd = edit.Reach, edit.UploadEnd
	}
	d.check(t, v)
	if t.read != nil {
		t.read(v, &d)
	}
	return d
}

// DeviceOf is the model, which Garmin's brand rules require to be named. Manual
// entries have "unknown".
func DeviceOf(v element.Value) string {
	name, _ := find(v, "deviceName", []string{"summary.deviceName"})
	if name.Kind() != element.String || name.Text() == "unknown" {
		return ""
	}
	return name.Text()
}

// scalar is the text of an id or a word, which Garmin sends as a string or as
// a number; "" for anything else.
func scalar(v element.Value) string {
	if k := v.Kind(); k != element.String && k != element.Number {
		return ""
	}
	return strings.TrimSpace(v.Text())
}

// truth reads a flag. Garmin sends true and false; the words are accepted too.
func truth(v element.Value) (yes, ok bool) {
	if v.Kind() == element.String {
		word := strings.ToLower(scalar(v))
		return word == "true", word == "true" || word == "false"
	}
	return v.Bool()
}

// check lists what is present but cannot be read.
func (d *Decoded) check(t *Type, v element.Value) {
	for i := range t.Fields {
		if got := t.Fields[i].Value(v); got.Kind() != element.Absent && !t.Fields[i].Form.reads(got) {
			d.Ignored = append(d.Ignored, t.Fields[i].JSON)
		}
	}
	for i := range t.Tables {
		got, name := find(v, t.Tables[i].JSON, t.Tables[i].Aliases)
		want := element.Array
		if t.Tables[i].rows != nil {
			got, want = mapIn(got), element.Object
		}
		if got.Kind() != element.Absent && got.Kind() != want {
			d.Ignored = append(d.Ignored, name)
		}
	}
	for i := range t.Series {
		if got := mapIn(v.Path(t.Series[i].JSON)); t.Series[i].each == nil && got.Kind() > element.Null &&
			got.Kind() != element.Object {
			d.Ignored = append(d.Ignored, t.Series[i].JSON)
		}
	}
}

// reads reports whether a value is of the form.
func (f Form) reads(v element.Value) (ok bool) {
	switch f {
	case Number, Time:
		_, ok = v.Float()
	case Bool:
		_, ok = truth(v)
	case Date:
		_, ok = dateOf(v)
	case Text:
		ok = v.Kind() != element.Object && v.Kind() != element.Array
	case Any:
		ok = true
	}
	return ok
}
