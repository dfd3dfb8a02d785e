// Package history decides which requests for history can be made to Garmin, and
// why the others cannot. It does arithmetic and no I/O.
//
// Garmin sends a range of a type again only once for each connection (Health API,
// Backfill: 409 otherwise). So a range that Garmin may have accepted is burnt: it
// is never part of another request. Requests begin and end at midnight UTC, unless a
// burnt range ends elsewhere: two requests that touch share no second, and together
// they cover each local day once, whatever the person's offset.
package history

import (
	"slices"

	"garner/health"
)

const daySeconds = 86400

// Permission is what a person must have granted, besides that of the type, by
// Garmin's name (Health API, Backfill). It is off by default on Garmin's page.
const Permission = "HISTORICAL_DATA_EXPORT"

// MostYears is how far back history can be asked for. Garmin's own limit, which it
// tells only when asked, is nearer for every key that is known.
const MostYears = 10

// Oldest is the oldest day that can be asked for on a day.
func Oldest(today health.Day) health.Day {
	return health.DayOf(today.Midnight().AddDate(-MostYears, 0, 0).Unix(), 0)
}

// RetryDays is for how many days Garmin itself tries to deliver what it could not.
const RetryDays = 8

// giveUpDays is for how long an automatic request does not repeat one that Garmin
// refused for good.
const giveUpDays = 7

// Range is a half-open range of time, in unix seconds.
type Range struct{ From, To int64 }

// Empty reports whether no second is in it.
func (r Range) Empty() bool { return r.From >= r.To }

// Days is how many days of data Garmin counts for it.
func (r Range) Days() int { return int((r.To - r.From + daySeconds - 1) / daySeconds) }

// Meets reports whether the ranges share a second.
func (r Range) Meets(o Range) bool { return r.From < o.To && o.From < r.To }

func (r Range) and(o Range) Range { return Range{max(r.From, o.From), min(r.To, o.To)} }

// OfDays is the range of whole UTC days in which the local days from from to to
// lie, both included, for a clock that runs offset seconds ahead of UTC.
func OfDays(from, to health.Day, offset int32) Range {
	return Range{floorDay(int64(from)*daySeconds - int64(offset)), ceilDay(int64(to+1)*daySeconds - int64(offset))}
}

func floorDay(at int64) int64 { return int64(health.DayOf(at, 0)) * daySeconds }

func ceilDay(at int64) int64 { return floorDay(at + daySeconds - 1) }

// State is what became of a range that was asked for.
type State uint8

// The states of a span. Accepted, Duplicate and Unknown are burnt.
const (
	Planned   State = iota // not asked yet
	Accepted               // its data come, or came
	Duplicate              // Garmin says that it was asked for before
	Unknown                // the answer was never learnt: it may have been accepted
	GivenUp                // refused, and may be asked for again
)

// Span is a range in the ledger of requests of one type on one connection.
type Span struct {
	Range
	State State
	At    int64 // when it was answered, or else planned
	Came  int64 // how many records
}

// Access is whether Garmin may be asked at all.
type Access uint8

// The kinds of access.
const (
	Granted Access = iota
	NoBackfill
	NotConnected
	MustReconnect
	HistoryNotShared
	TypeNotShared
)

// Type is what must be known of one of Garmin's types. Backfill is whether it can be
// asked for at all.
type Type struct {
	Key, Permission string
	Backfill        bool
	// MostDays is how many days one request may have.
	MostDays int
}

// WindowDays is how many days a window has if nothing is configured: documents of
// Garmin say 90 for health data, and its support says 30.
const WindowDays = 30

// Limits are what is configured: how many days a window has, 0 for WindowDays, and
// the instant before which nothing is asked for, in unix seconds.
type Limits struct {
	WindowDays int
	Floor      int64
}

// Question is which range of a type is wanted, and what is known of it. Instants are
// unix seconds, 0 for unknown.
type Question struct {
	Wanted Range
	Now    int64
	Access Access
	// Connected is when the connection began, Synced when the newest live data came.
	Connected, Synced int64
	// Earliest is what Garmin said last, Floor what is configured.
	Earliest, Floor int64
	// Spans are all of the connection, in any order.
	Spans []Span
	// MostDays is how many days a window may have.
	MostDays int
	// Automatic means that no person asks.
	Automatic bool
}

// Reason is why a part of a range cannot be asked for.
type Reason uint8

// The reasons, as the kinds of access and states of spans say it, and by time.
const (
	Askable Reason = iota
	InFuture
	TooNew // Garmin itself still sends it
	WithoutBackfill
	WithoutConnection
	NeedsReconnect
	HistoryOff
	TypeOff
	AlreadyPlanned
	AlreadyAccepted
	AlreadyAsked // 409
	AnswerUnknown
	RefusedLately
	BeforeEarliest
	BeforeFloor
)

// Part is a part of the wanted range that cannot be asked for. Span is the request
// that stands in the way, if one does.
type Part struct {
	Range
	Why  Reason
	Span *Span
}

// Plan are the windows to ask for, the newest first, and the rest of the wanted
// range, the newest first.
type Plan struct {
	Windows []Range
	Rest    []Part
}

// Ripe is the first instant that cannot be asked for yet: what is newer Garmin itself
// still sends or retries. A request for it could never be repeated.
// What the watch synced before the connection began never came by itself.
func (q *Question) Ripe() int64 {
	return floorDay(min(q.Now-RetryDays*daySeconds, max(q.Synced, q.Connected)))
}

// Plan answers a question.
func (q *Question) Plan() Plan {
	c := carving{free: []Range{q.Wanted}}
	c.carve(Range{q.Now, forever}, InFuture, nil)
	if q.Access != Granted {
		c.carve(Range{never, forever}, accessReasons[q.Access], nil)
	}
	for i := range q.Spans {
		if why := q.blocks(&q.Spans[i]); why != Askable {
			c.carve(q.Spans[i].Range, why, &q.Spans[i])
		}
	}
	c.carve(Range{q.Ripe(), forever}, TooNew, nil)
	// The earliest date moves on: a request from its exact second would come too late.
	c.carve(Range{never, ceilDay(q.Floor)}, BeforeFloor, nil)
	c.carve(Range{never, ceilDay(q.Earliest)}, BeforeEarliest, nil)
	return Plan{Windows: c.windows(q.MostDays), Rest: c.rest()}
}

var accessReasons = [...]Reason{NoBackfill: WithoutBackfill, NotConnected: WithoutConnection,
	MustReconnect: NeedsReconnect, HistoryNotShared: HistoryOff, TypeNotShared: TypeOff}

// blocks is why a span cannot be asked for again, Askable if it can.
func (q *Question) blocks(s *Span) Reason {
	switch s.State {
	case Planned:
		return AlreadyPlanned
	case Accepted:
		return AlreadyAccepted
	case Duplicate:
		return AlreadyAsked
	case Unknown:
		return AnswerUnknown
	}
	if q.Automatic && q.Now < s.At+giveUpDays*daySeconds {
		return RefusedLately
	}
	return Askable
}

const (
	never   = -1 << 62
	forever = 1 << 62
)

// carving takes parts with a reason out of what is free.
type carving struct {
	free  []Range
	parts []Part
}

func (c *carving) carve(r Range, why Reason, span *Span) {
	var left []Range
	for _, f := range c.free {
		cut := f.and(r)
		if cut.Empty() {
			left = append(left, f)
			continue
		}
		c.parts = append(c.parts, Part{cut, why, span})
		for _, side := range []Range{{f.From, cut.From}, {cut.To, f.To}} {
			if !side.Empty() {
				left = append(left, side)
			}
		}
	}
	c.free = left
}

// windows cuts what is free into windows of at most some days, at midnights UTC.
func (c *carving) windows(most int) (out []Range) {
	slices.SortFunc(c.free, newestFirst)
	for _, f := range c.free {
		for to := f.To; to > f.From; {
			from := max(f.From, ceilDay(to)-int64(most)*daySeconds)
			out = append(out, Range{from, to})
			to = from
		}
	}
	return out
}

func (c *carving) rest() []Part {
	slices.SortFunc(c.parts, func(a, b Part) int { return newestFirst(a.Range, b.Range) })
	return c.parts
}

func newestFirst(a, b Range) int {
	switch {
	case a.From > b.From:
		return -1
	case a.From < b.From:
		return 1
	}
	return 0
}
