// Package garmin defines Garmin's protocol: the envelope of its callbacks and
// one declaration per summary type, from which decoding, storage, export, the
// data dictionary and the pages follow.
package garmin

import (
	"iter"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// Type declares one of Garmin's summary types by its callback key.
type Type struct {
	// Key is the callback key, such as "sleeps".
	Key string
	// Title is the type's name for people, such as "Sleep".
	Title string
	// Permission is what the person must have granted, such as HEALTH_EXPORT.
	Permission string
	// Pull and Backfill are the last parts of Garmin's REST paths; empty if
	// Garmin has none.
	Pull, Backfill string
	// VersionOf names the type whose records the elements are versions of,
	// if it is not this one (manuallyUpdatedActivities: activities).
	VersionOf string
	// NaturalKey names the JSON fields that identify a record of a person.
	NaturalKey []string
	// Overlap and Packed are explained at health.Kind.
	Overlap, Packed bool
	// PersonalOnly types come with the Personal API only: Garmin neither pushes them nor
	// sends them again, and asks no permission for them.
	PersonalOnly bool
	// Notice types (deregistrations, userPermissionsChange) contain no health
	// data. PingOnly types (activityFiles) never contain data themselves.
	Notice, PingOnly bool
	// Rhythm is what may be expected: "daily", "several a day", "nightly", or
	// "" for types without a fixed rhythm.
	Rhythm string
	// Fields lists every scalar field in catalogue order, nested ones by
	// dotted JSON path.
	Fields []Field
	Tables []Table
	Series []Series
	// Metrics lists the metrics that Readings of a Decoded may have.
	Metrics []health.Metric
	// Feeds is explained at health.Kind.
	Feeds []health.Feed
	// clock is where the element has its time.
	clock clock
	// identify sets Key, and Class and Reach if they are not the common
	// ones. It runs after the clock was read.
	identify func(element.Value, *Decoded)
	// read adds the readings.
	read func(element.Value, *Decoded)
	// sampled means that all series are members of the items of one list, samples.
	sampled bool
	// held has, by the name of a list, the members of its items that series contain;
	// an export leaves these out of the column extra.
	held map[string]func(item element.Value, name string) bool
}

// HasRecords reports whether elements of the type become records of its own. Notices
// make none, activityFiles only announces files, and versions of another type's
// records belong to that type.
func (t *Type) HasRecords() bool { return !t.Notice && !t.PingOnly && t.VersionOf == "" }

// RecordType is the callback key of the type whose records the elements are
// versions of.
func (t *Type) RecordType() string {
	if t.VersionOf != "" {
		return t.VersionOf
	}
	return t.Key
}

// Kind is what the store needs to know.
func (t *Type) Kind() health.Kind {
	k := health.Kind{Type: t.Key, Overlap: t.Overlap, Packed: t.Packed, Feeds: t.Feeds}
	switch {
	case t.Packed: // see health.Version.Apart
		if len(t.maps()) > 0 {
			k.Blend = t.blend
		}
	default:
		k.Blend = t.combine
	}
	return k
}

// Form is how a field's text is read.
type Form uint8

// The forms. Time is unix seconds, Date is YYYY-MM-DD, Any is any JSON.
const (
	Number Form = iota
	Text
	Bool
	Time
	Date
	Any
)

// Field is one scalar of an element.
type Field struct {
	// Name is the column name: snake_case with the unit as suffix.
	Name string
	// JSON is the dotted path of Garmin's name; Aliases are other names that
	// Garmin has used for it.
	JSON    string
	Aliases []string
	Unit    health.Unit
	// Height means that a length is an ascent or an elevation.
	Height bool
	// Delta means that the number is a difference, as of temperatures.
	Delta bool
	Label string
	Form  Form
}

// Value finds the field in an element (or in a table's item), by its name or
// an alias.
func (f *Field) Value(v element.Value) element.Value {
	got, _ := find(v, f.JSON, f.Aliases)
	return got
}

// find returns the first of some members that is present and not null, and its
// path.
func find(v element.Value, json string, aliases []string) (element.Value, string) {
	if got := v.Path(json); got.Kind() > element.Null {
		return got, json
	}
	for _, alias := range aliases {
		if got := v.Path(alias); got.Kind() > element.Null {
			return got, alias
		}
	}
	return element.Value{}, ""
}

// Table is a list of objects inside an element.
type Table struct {
	Name    string
	JSON    string
	Aliases []string
	Title   string
	Fields  []Field
	// rows overrides how items are found, for lists that are not plain arrays
	// (sleepLevelsMap). It yields objects with the Fields' JSON names.
	rows func(element.Value) iter.Seq[element.Value]
}

// Rows yields the table's items in the order sent.
func (t *Table) Rows(v element.Value) iter.Seq[element.Value] {
	if t.rows != nil {
		return t.rows(v)
	}
	list, _ := find(v, t.JSON, t.Aliases)
	return list.Items()
}

// Series is a run of samples inside an element.
type Series struct {
	// Name is snake_case without the unit, such as heart_rate.
	Name  string
	Label string
	Unit  health.Unit
	// Cadence is the nominal distance of samples; a line over the series
	// breaks where the distance exceeds three times this, never under five
	// minutes.
	Cadence time.Duration
	// JSON is the dotted path of Garmin's name of its member.
	JSON string
	// each yields unix milliseconds and the number as sent. If nil, JSON
	// names an object of numbers by seconds after the element's start.
	each func(v element.Value, start int64, yield func(int64, element.Num) bool)
	// Reason explains codes that are not values (stress -1: off wrist); ok is
	// false for real values. Nil if every number is a value.
	Reason func(code float64) (reason string, ok bool)
}

// Each yields the samples of an element whose record starts at start (unix
// seconds), in rising order: unix milliseconds and the number as sent.
func (s *Series) Each(v element.Value, start int64, yield func(ms int64, n element.Num) bool) {
	if s.each != nil {
		s.each(v, start, yield)
		return
	}
	eachPoint(v.Path(s.JSON), start, yield)
}

// Offsets of samples outside this range are invalid; a span of a year could not
// even be requested.
const (
	leastOffset = -86400
	mostOffset  = 366 * 86400
)

// eachPoint yields an object of numbers by seconds after start.
func eachPoint(v element.Value, start int64, yield func(int64, element.Num) bool) {
	for at, n := range pointsIn(v) {
		if at < leastOffset || at > mostOffset {
			continue
		}
		if !yield((start+at)*1000, n) {
			return
		}
	}
}

// Decoded is what was decoded from an element, before the person is known.
type Decoded struct {
	Key        string
	Day        health.Day
	Start, End int64
	Offset     *int32
	Class      health.Class
	// Reach is the second criterion of the version order; see health.Order.
	Reach     int64
	UploadEnd int64
	SummaryID string
	Device    string
	// Simulated is set by the "sd" mark of Garmin's Data Generator.
	Simulated bool
	Readings  []health.Reading
	// Ignored names the fields that could not be read and yield nothing.
	Ignored []string
	// Fault, if set, is why the element cannot become a record (no key, no
	// day, no clock); it is parked with this text.
	Fault string
}
