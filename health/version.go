package health

import (
	"cmp"
	"slices"
	"strings"
)

// Class is the first criterion of the version order: edited by a person beats
// final, final beats tentative, and tentative beats a record of a watch that was
// not worn.
type Class uint8

// The classes, weakest first.
const (
	OffWrist Class = iota
	Tentative
	Final
	Edited
)

var classKeys = [...]string{OffWrist: "off_wrist", Tentative: "tentative", Final: "final", Edited: "edited"}

// Key is the word used in the API.
func (c Class) Key() string {
	if int(c) < len(classKeys) {
		return classKeys[c]
	}
	return "unknown"
}

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

// Order orders a version among all versions of its record. Of any set of versions
// the greatest is current, regardless of the order of processing.
type Order struct {
	Class Class
	// Source ranks where the version came from.
	Source Source
	// Reach is the instant that the data reach, in unix seconds (not a
	// duration: a sleep's duration excludes being awake), or the record's
	// own time of change if it has one. 0 if the type has neither, and
	// for edited versions.
	Reach int64
	// UploadEnd is the end of the upload window that a fetched record came
	// with (unix seconds), 0 if unknown and for edited versions.
	UploadEnd int64
	// Arrival is the first arrival of this very content: a repeat of an
	// earlier version is that version, not a newer one.
	Arrival Arrival
}

// Edit is the order of versions edited by a person. Their reach does not count:
// people shorten nights, and then the newer arrival is the intended one.
func Edit() Order { return Order{Class: Edited} }

// Compare is negative if p is greater than o. A watch that was not worn loses to any
// source that has data, and then a preferred source wins over a later state of another.
func (o Order) Compare(p Order) int {
	worn := func(c Class) int { return min(int(c), 1) }
	return cmp.Or(
		cmp.Compare(worn(o.Class), worn(p.Class)),
		cmp.Compare(p.Source, o.Source),
		cmp.Compare(o.Class, p.Class),
		cmp.Compare(o.Reach, p.Reach),
		cmp.Compare(o.UploadEnd, p.UploadEnd),
		o.Arrival.Compare(p.Arrival),
	)
}

// Origin is how a record came.
type Origin uint8

// The origins, named in exports as String gives them.
const (
	Push Origin = iota
	Ping
	Backfill
	Import
	Simulated
	Personal
)

// MayBeFetched reports whether a delivery of this origin may be one that Garner put
// together of what it fetched. What is sent to the callback address is not, except in a
// demo.
func (o Origin) MayBeFetched() bool { return o == Ping || o == Simulated }

var originNames = [...]string{"push", "ping", "backfill", "import", "simulated", "personal"}

// String returns the word used in exports and on pages.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return "unknown"
}

// Origins is a set of origins, bit 1 << Origin for each.
type Origins uint8

// Of is the set of one origin.
func (o Origin) Of() Origins { return 1 << o }

// originRank orders the origins as their sources rank.
var originRank = [...]Origin{Push, Ping, Backfill, Personal, Import, Simulated}

// String joins the words of the origins with a plus, as an export has them.
func (s Origins) String() string {
	var words []string
	for _, o := range originRank {
		if s&o.Of() != 0 {
			words = append(words, o.String())
		}
	}
	return strings.Join(words, "+")
}

// Version is one element's version of a record.
type Version struct {
	// Person is the person's id in the store.
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
	// Offset is the record's own UTC offset in seconds, nil if the element has
	// none.
	Offset *int32
	Order  Order
	// Sum identifies the content: equal sums are the same version.
	Sum       [16]byte
	SummaryID string
	Device    string
	Origin    Origin
	// Others are the origins of the other versions that Body has fields or samples of.
	Others Origins
	// Body is the element in the lossless form of garmin/element. The store
	// does not look into it.
	Body []byte
	// Readings are the metrics that this version yields if it is current.
	Readings []Reading
	// Blended means that Body has samples of an earlier and denser version.
	Blended bool
}

// simulatedPrefix begins the keys of simulated records.
const simulatedPrefix = "simulated "

// NaturalKeys are the keys under which a record that Garmin names so may be: its own, then
// that of a simulated one.
func NaturalKeys(name string) [2]string { return [2]string{name, simulatedPrefix + name} }

// NaturalKey is Garmin's name of the record, of a simulated one too.
func (v *Version) NaturalKey() string { return strings.TrimPrefix(v.Key, simulatedPrefix) }

// ComesFrom sets the origin. Data of Garmin's Data Generator is never a
// version of a real record: it makes records of its own.
func (v *Version) ComesFrom(o Origin) {
	v.Origin = o
	v.Key = strings.TrimPrefix(v.Key, simulatedPrefix)
	if v.Simulated() {
		v.Key = simulatedPrefix + v.Key
	}
}

// AllOrigins are those of everything that the record shows.
func (v *Version) AllOrigins() Origins { return v.Origin.Of() | v.Others }

// Simulated reports whether the data is simulated.
func (v *Version) Simulated() bool { return v.Origin == Simulated }

// personalPrefix begins the keys of small records of the Personal API, so that those are
// records of their own.
const personalPrefix = "personal "

// Apart makes a version of a small type a record of its own, apart from what Garmin
// pushes.
func (v *Version) Apart() {
	if v.Order.Source >= FirstPersonal && !strings.HasPrefix(v.Key, personalPrefix) {
		v.Key = personalPrefix + v.Key
	}
	v.Order.Source = v.sourceByKey()
}

// ReadApart sets the source of a small record, which its key tells.
func (v *Version) ReadApart() { v.Order.Source = v.sourceByKey() }

func (v *Version) sourceByKey() Source {
	if strings.HasPrefix(v.Key, personalPrefix) {
		return FirstPersonal
	}
	return SourceOf(v.Origin)
}

// Family tells which small records of a day count: those of the lowest family that the
// day has.
func (v *Version) Family() int {
	family := int(v.Order.Source)
	if v.Simulated() {
		family += 256
	}
	return family
}

// RealOnly leaves out the simulated records of a day's list if it has any real
// ones: simulated data counts only if there is no real data.
func RealOnly[T any](list []T, simulated func(T) bool) []T {
	real := func(x T) bool { return !simulated(x) }
	if !slices.ContainsFunc(list, real) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), simulated)
}

// Kind describes how the store keeps records of one type.
type Kind struct {
	// Type is the callback key.
	Type string
	// Overlap makes each connected group of overlapping [Start, End) spans of
	// a person one record (nights), instead of each natural key.
	Overlap bool
	// Packed types have many tiny records a day; they share one compressed
	// block per person and UTC day and take no row each.
	Packed bool
	// Feeds are the metrics across records that must be derived again when a record
	// of this type changes.
	Feeds []Feed
	// Blend keeps denser samples of versions that are not current; nil for types
	// without series that could be denser.
	Blend Blend
}

// MostBlended limits the versions of a record that Blend gets in addition to the
// greatest.
const MostBlended = 8

// MostBlendedBytes limits the bodies of versions that are blended, since several
// are read at once while the store is blocked. A day from Garmin takes a quarter
// of it at most. A larger one is shown as sent and lends no samples to any
// other version, so that the result is the same in every order.
const MostBlendedBytes = 64 << 10

// MostSampleBytes is that limit for the samples of an activity, of which there are few
// versions: about four hours with a sample a second. Two of that size take a tenth of a
// second.
const MostSampleBytes = 128 << 10

// Blend takes versions of one record, the greatest first, and returns what is
// shown of them: the greatest, or a copy of it with denser samples of others.
// needed reports for each whether it must be kept for when another version
// comes, so that the result is the same in every order of
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

// Feed means that a record affects a family of derived metrics on its own day,
// on Before days before it and on Days-1 days after it.
type Feed struct {
	Family       Derivation
	Before, Days int
}

// Record is the current version of a record, as read from the store.
type Record struct {
	Version
	// ID is stable while the record exists; 0 for records of small types,
	// which have no row of their own.
	ID int64
	// Received is when the current version's bytes were made durable, in
	// unix milliseconds; Processed when they were applied.
	Received, Processed int64
	// Versions counts the versions of this record that arrived, the current
	// one included.
	Versions int
}
