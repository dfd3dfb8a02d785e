package health

import (
	"cmp"
	"slices"
	"strings"
)

// Class is the first word of the version order: what a person edited beats
// what the device calls final, that beats a tentative account, and that beats
// a record of a watch that was not worn.
type Class uint8

// The classes, weakest first.
const (
	OffWrist Class = iota
	Tentative
	Final
	Edited
)

// Arrival numbers an element by the delivery that brought it and its place
// there. Delivery numbers grow with arrival and never recur.
type Arrival struct {
	Delivery int64
	Element  int32
}

// Compare orders arrivals by time of arrival.
func (a Arrival) Compare(b Arrival) int {
	return cmp.Or(cmp.Compare(a.Delivery, b.Delivery), cmp.Compare(a.Element, b.Element))
}

// Order places a version among all versions of its record. Of any set of
// versions the greatest stands, whatever order they were processed in.
type Order struct {
	Class Class
	// Reach is the instant that the data reach, in unix seconds (not a
	// duration: a sleep's duration leaves out being awake), or the record's
	// own time of change where it has one. 0 if the type has neither, and
	// for edited versions.
	Reach int64
	// UploadEnd is the end of the upload window that a fetched record came
	// with (unix seconds), 0 if unknown and for edited versions.
	UploadEnd int64
	// Arrival is the first arrival of this very content: a repeat of an
	// earlier version is that version, not a newer one.
	Arrival Arrival
}

// Edit is the order of what a person edited. How far it reaches does not
// count: people shorten nights, and then the newer arrival is what they mean.
func Edit() Order { return Order{Class: Edited} }

// Compare is negative where p stands over o.
func (o Order) Compare(p Order) int {
	return cmp.Or(
		cmp.Compare(o.Class, p.Class),
		cmp.Compare(o.Reach, p.Reach),
		cmp.Compare(o.UploadEnd, p.UploadEnd),
		o.Arrival.Compare(p.Arrival),
	)
}

// Origin is the way by which a record came.
type Origin uint8

// The origins, named in exports as String gives them.
const (
	Push Origin = iota
	Ping
	Backfill
	Import
	Simulated
)

var originNames = [...]string{"push", "ping", "backfill", "import", "simulated"}

// String returns the word used in exports and on pages.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return "unknown"
}

// Version is one element's account of a record.
type Version struct {
	// Person is the id that the store gave to the person.
	Person int64
	// Type is the callback key of the record's type. Elements of
	// manuallyUpdatedActivities are versions of records of activities.
	Type string
	// Key is the natural key within person and type; those of simulated data
	// are distinguished by a prefix (see ComesFrom). Versions of a type whose Kind
	// overlaps need not share a key to be versions of one record.
	Key string
	Day Day
	// Start and End are unix seconds, both 0 if the type has no clock.
	// End is the last instant that the data reach.
	Start, End int64
	// Offset is the record's own clock against UTC in seconds, nil if the
	// element did not say.
	Offset *int32
	Order  Order
	// Sum identifies the content: equal sums are the same version.
	Sum       [16]byte
	SummaryID string
	Device    string
	Origin    Origin
	// Body is the element in the lossless form of garmin/element. The store
	// does not look into it.
	Body []byte
	// Readings are the metrics that this version yields if it stands.
	Readings []Reading
	// Blended means that Body has samples of an earlier and denser version.
	Blended bool
}

// simulatedPrefix begins the keys of simulated records.
const simulatedPrefix = "simulated "

// ComesFrom sets the origin. What Garmin's Data Generator made up is never a
// version of a real record: it makes records of its own.
func (v *Version) ComesFrom(o Origin) {
	v.Origin = o
	v.Key = strings.TrimPrefix(v.Key, simulatedPrefix)
	if v.Simulated() {
		v.Key = simulatedPrefix + v.Key
	}
}

// Simulated says that no one lived this.
func (v *Version) Simulated() bool { return v.Origin == Simulated }

// RealOnly leaves out the simulated ones of a day's list where it has any that
// are real: simulated data count only where there is nothing real.
func RealOnly[T any](list []T, simulated func(T) bool) []T {
	real := func(x T) bool { return !simulated(x) }
	if !slices.ContainsFunc(list, real) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), simulated)
}

// Kind tells the store how records of one type are kept.
type Kind struct {
	// Type is the callback key.
	Type string
	// Overlap makes each connected group of overlapping [Start, End) spans of
	// a person one record (nights), instead of each natural key.
	Overlap bool
	// Packed types have many tiny records a day; they share one compressed
	// block per person and UTC day and take no row each.
	Packed bool
	// Feeds says which metrics across records must be derived again when a
	// record of this type changes.
	Feeds []Feed
	// Blend keeps denser samples of versions that do not stand; nil for types
	// without series that could be denser.
	Blend Blend
}

// MostBlended bounds the versions of a record that Blend is given besides the
// greatest.
const MostBlended = 8

// MostBlendedBytes bounds the bodies of versions that are blended, since several
// are read in one go while the store is held. A day of Garmin's takes a quarter
// of it at most. A larger one is shown as sent and lends no samples to any
// other version, so that the result is the same in every order.
const MostBlendedBytes = 64 << 10

// Blend takes versions of one record, the greatest first, and gives what is
// shown of them: the greatest, or a copy of it with samples of others where
// theirs are denser. needed says of each whether it must be at hand when a
// further version comes, so that the outcome is the same in every order of
// arrival. Bodies that cannot be read count as having no samples.
type Blend func(versions []*Version) (shown *Version, needed []bool)

// Derivation is a family of metrics that is derived across records.
type Derivation uint8

// The families.
const (
	// FromSamples derives the day's and night's averages of sampled values.
	FromSamples Derivation = 1 + iota
	// FromNights derives from several weeks of nights.
	FromNights
)

// Feed means that a record changes a family of derived metrics of its own day,
// of Before days before it and of Days-1 days after it.
type Feed struct {
	Family       Derivation
	Before, Days int
}

// Record is the current version of something, as the store gives it back.
type Record struct {
	Version
	// ID is stable while the record exists; 0 for records of small types,
	// which have no row of their own.
	ID int64
	// Received is when the current version's bytes were made durable, in
	// unix milliseconds; Processed when they were applied.
	Received, Processed int64
	// Versions counts the accounts of this record that arrived, the current
	// one included.
	Versions int
}
