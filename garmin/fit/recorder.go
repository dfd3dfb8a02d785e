package fit

import (
	"fmt"

	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/profile/untyped/mesgnum"
	"github.com/muktihari/fit/proto"
)

// recorder collects the messages that matter. Times are FIT's.
type recorder struct {
	stop         func(error) // ends the reading
	messages     int
	descriptions int
	foreign      bool // the file of the chain is of another kind, such as a course
	samples      []sample
	sessions     []session
	laps         []uint32 // starts
	sports       []leg
	switches     []toggle
	offset       *int64 // seconds that the device's clock is ahead of UTC
}

// leg is where a sport begins.
type leg struct {
	from  uint32
	sport sport
}

type sport struct {
	typedef.Sport
	sub typedef.SubSport
}

// toggle is a start or a stop of the timer.
type toggle struct {
	at uint32
	on bool
}

// begin begins the next file of a chain.
func (r *recorder) begin() { r.foreign, r.descriptions = false, 0 }

// full reports whether there are so many that no more are read.
func (r *recorder) full(n, most int, what string) bool {
	if n >= most {
		r.stop(fmt.Errorf("more than %d %s", most, what))
	}
	return n >= most
}

// OnMesg takes the next message; it is called by the decoder.
func (r *recorder) OnMesg(m proto.Message) {
	if r.messages++; r.full(r.messages, mostMessages, "messages") {
		return
	}
	switch m.Num {
	case mesgnum.FileId:
		kind := mesgdef.NewFileId(&m).Type
		r.foreign = kind != typedef.FileActivity && kind != typedef.FileInvalid
	case mesgnum.FieldDescription:
		r.descriptions++
		r.full(r.descriptions, mostDescriptions, "developer fields")
	}
	if !r.foreign {
		r.take(&m)
	}
}

func (r *recorder) take(m *proto.Message) {
	switch m.Num {
	case mesgnum.Record:
		if s := sampleOf(m); known(s.at) && !r.full(len(r.samples), mostRecords, "records") {
			r.samples = append(r.samples, s)
		}
	case mesgnum.Session:
		if s := sessionOf(m); known(s.start) && !r.full(len(r.sessions), mostParts, "sessions") {
			r.sessions = append(r.sessions, s)
		}
	case mesgnum.Lap:
		if at := mesgdef.NewLap(m).StartTimeUint32(); known(at) && !r.full(len(r.laps), mostParts, "laps") {
			r.laps = append(r.laps, at)
		}
	case mesgnum.Sport:
		s := mesgdef.NewSport(m)
		if !r.full(len(r.sports), mostParts, "sports") {
			r.sports = append(r.sports, leg{r.next(), sport{s.Sport, s.SubSport}})
		}
	case mesgnum.Event:
		r.event(mesgdef.NewEvent(m))
	case mesgnum.Activity:
		a := mesgdef.NewActivity(m)
		utc, local := a.TimestampUint32(), a.LocalTimestampUint32()
		if known(utc) && local != basetype.Uint32Invalid {
			r.setOffset(int64(local) - int64(utc))
		}
	}
}

// next is the second after the last sample.
func (r *recorder) next() uint32 {
	if n := len(r.samples); n > 0 {
		return r.samples[n-1].at + 1
	}
	return 0
}

func (r *recorder) event(e *mesgdef.Event) {
	at := e.TimestampUint32()
	if e.Event != typedef.EventTimer || !known(at) || r.full(len(r.switches), mostParts, "timer events") {
		return
	}
	switch e.EventType {
	case typedef.EventTypeStart:
		r.switches = append(r.switches, toggle{at, true})
	case typedef.EventTypeStop, typedef.EventTypeStopAll, typedef.EventTypeStopDisable, typedef.EventTypeStopDisableAll:
		r.switches = append(r.switches, toggle{at, false})
	}
}

// setOffset keeps an offset that a clock may have: within a day either way.
func (r *recorder) setOffset(seconds int64) {
	if seconds >= -86400 && seconds <= 86400 {
		r.offset = &seconds
	}
}

// epoch is FIT's, 31 December 1989, in unix seconds.
const epoch = 631065600

// known reports whether a time is one: what is below 0x10000000 counts from when
// the device was switched on.
func known(at uint32) bool { return at >= 0x10000000 && at != basetype.Uint32Invalid }

func unix(at uint32) int64 { return epoch + int64(at) }

// noSport is the sport before anything names one.
var noSport = sport{typedef.SportInvalid, typedef.SubSportInvalid}
