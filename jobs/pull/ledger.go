package pull

import (
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

// firstPossible is the first day that is ever asked for, 2006-01-01.
const firstPossible health.Day = 13_149

// item names what the ledger keeps an answer for.
type item struct {
	endpoint string
	id       int64
}

// cell is what is known of a day of an endpoint.
type cell uint8

const finalCell cell = 1 << 7

func (c cell) final() bool           { return c&finalCell != 0 }
func (c cell) state() db.PulledState { return db.PulledState(c &^ finalCell) }

// ledger is what was asked of a person, in memory: a byte for each day of an endpoint,
// and the whole row where it may change.
type ledger struct {
	days map[string][]cell // by endpoint; from firstPossible on
	open map[item]db.Pulled
	// settled is a span of days of an endpoint that are all final.
	settled map[string]span
	// known are the days of the items that are no days.
	known map[item]health.Day
	// oldest is the oldest day with data, by endpoint.
	oldest map[string]health.Day
	// answered are the endpoints that have ever answered.
	answered map[string]bool
}

func newLedger(rows []db.Pulled) *ledger {
	l := &ledger{days: map[string][]cell{}, open: map[item]db.Pulled{}, settled: map[string]span{},
		known:  map[item]health.Day{},
		oldest: map[string]health.Day{}, answered: map[string]bool{}}
	for _, row := range rows {
		l.put(row)
	}
	return l
}

// put replaces what is known of an item.
func (l *ledger) put(row db.Pulled) {
	at := item{row.Endpoint, row.Item}
	if row.Final {
		delete(l.open, at)
	} else {
		l.open[at] = row
	}
	if row.State >= db.PullNothing && row.State <= db.PullData {
		l.answered[row.Endpoint] = true
	}
	if row.State == db.PullData {
		if oldest, ok := l.oldest[row.Endpoint]; !ok || row.Day < oldest {
			l.oldest[row.Endpoint] = row.Day
		}
	}
	e := personal.Lookup(row.Endpoint)
	if e == nil || !ofDays(e) {
		l.known[at] = row.Day
		return
	}
	i := int(row.Day - firstPossible)
	if i < 0 {
		return
	}
	cells := l.days[row.Endpoint]
	for len(cells) <= i {
		cells = append(cells, 0)
	}
	cells[i] = cell(row.State)
	if row.Final {
		cells[i] |= finalCell
	} else if s := l.settled[row.Endpoint]; s.from <= row.Day && row.Day <= s.to {
		delete(l.settled, row.Endpoint)
	}
	l.days[row.Endpoint] = cells
}

// cell is what is known of a day.
func (l *ledger) cell(endpoint string, day health.Day) cell {
	cells, i := l.days[endpoint], int(day-firstPossible)
	if i < 0 || i >= len(cells) {
		return 0
	}
	return cells[i]
}

// span is some days, both included.
type span struct{ from, to health.Day }

// unsettled is the newest day of an endpoint, from one on backwards, that is not final. It
// remembers how far it has looked: most days are.
func (l *ledger) unsettled(endpoint string, day health.Day) health.Day {
	s := l.settled[endpoint]
	for {
		switch {
		case s.from <= day && day <= s.to:
			day = s.from
		case !l.cell(endpoint, day).final():
			l.settled[endpoint] = s
			return day
		case day == s.from-1:
			s.from = day
		case day == s.to+1:
			s.to = day
		default:
			s = span{day, day}
		}
		day--
	}
}

// row is what is known of an item that may change; of another it is a new one.
func (l *ledger) row(person int64, endpoint string, id int64, day health.Day) db.Pulled {
	if row, ok := l.open[item{endpoint, id}]; ok {
		return row
	}
	return db.Pulled{Person: person, Endpoint: endpoint, Item: id, Day: day}
}

// knows reports whether there is an item of an activity.
func (l *ledger) knows(endpoint string, id int64) bool {
	_, ok := l.known[item{endpoint, id}]
	return ok
}

// ofDays reports whether an endpoint is asked for days.
func ofDays(e *personal.Endpoint) bool {
	return e.Shape == personal.Day || e.Shape == personal.Range || e.Shape == personal.Listed
}

// dayIn is the day of an instant in a zone.
func dayIn(at time.Time, zone *time.Location) health.Day {
	_, offset := at.In(zone).Zone()
	return health.DayOf(at.Unix(), int32(offset))
}

// startOf is when a day begins in a zone.
func startOf(day health.Day, zone *time.Location) time.Time {
	y, m, d := day.Midnight().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}
