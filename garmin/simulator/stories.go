package simulator

import "time"

// stop is a type that ceased to come on a date.
type stop struct {
	kind  string
	since civil
}

func (p *Person) stoppedOn(kind string, c civil) bool {
	for _, s := range p.stopped {
		if s.kind == kind && c >= s.since {
			return true
		}
	}
	return false
}

// Days before the end of the history on which the stories happen.
const (
	lateFrom, lateTo = 21, 16 // Ben's phone is at home
	outageDay        = 11     // the receiver is off over night
	withdrawnDay     = 6      // Mira takes a permission back
	stoppedDay       = 5      // two types stop
	holidayFrom      = 4      // Ben goes on holiday
	holidayTo        = -3     // and comes back
	unreadableDay    = 2      // something comes that nobody understands
)

// tell lets the stories happen to somebody of the household. What stops for
// everybody stops for all others as well.
func (w *World) tell(p *Person) {
	p.stopped = append(p.stopped, stop{"allDayRespiration", w.end - stoppedDay})
	switch p.Index {
	case 0:
		p.stopped = append(p.stopped, stop{"hrv", w.end - stoppedDay})
	case 1:
		p.unsynced = append(w.onlyBefore(p.unsynced), w.back(lateFrom, lateTo), w.back(holidayFrom, holidayTo))
	case 2:
		p.nightsOff = 1
		p.unworn = w.onlyBefore(p.unworn)
		p.withdrawn = append(w.onlyBefore(p.withdrawn), dates{w.end - withdrawnDay, w.end + 4000})
	}
}

// onlyBefore leaves out what happens in the time of the stories.
func (w *World) onlyBefore(list []dates) (out []dates) {
	for _, d := range list {
		if d.last < w.end-telling {
			out = append(out, d)
		}
	}
	return out
}

func (w *World) outage() Outage {
	day := (w.end - outageDay).utc()
	return Outage{From: day.Add(19 * time.Hour), To: day.Add(31*time.Hour + 30*time.Minute)}
}

// unreadable is the one delivery, between two instants, that cannot be
// understood: a daily summary that names no day.
func (w *World) unreadable(from, to int64) []Delivery {
	at := (w.end - unreadableDay).utc().Add(9*time.Hour + 12*time.Minute).Unix()
	if !w.cfg.Stories || at < from || at >= to || len(w.people) == 0 {
		return nil
	}
	b := body{kind: "dailies"}
	b.open(&w.people[0], 0x5eed, at)
	b.int("steps", 4711)
	b.str("note", "a summary without a day")
	b.close()
	return []Delivery{w.deliver("dailies", 0, at, b.bytes())}
}

// Story is something that happens in a world with stories.
type Story struct {
	// Person is the index of whom it happens to, -1 for everybody.
	Person int
	// Kind is holiday, outage, late, withdrawn, stopped or unreadable.
	Kind string
	// Type is the callback key that it is about, empty for all.
	Type     string
	From, To time.Time
}

// Stories lists what happens in a world with stories that has the household of
// three; none in others.
func (w *World) Stories() []Story {
	if !w.cfg.Stories || len(w.people) < 3 {
		return nil
	}
	day := func(back int) time.Time { return (w.end - civil(back)).utc() }
	out := w.outage()
	return []Story{
		{-1, "outage", "", out.From, out.To},
		{1, "late", "", day(lateFrom), day(lateTo - 1)},
		{2, "withdrawn", "activities", day(withdrawnDay), time.Time{}},
		{0, "stopped", "hrv", day(stoppedDay), time.Time{}},
		{-1, "stopped", "allDayRespiration", day(stoppedDay), time.Time{}},
		{1, "holiday", "", day(holidayFrom), day(holidayTo - 1)},
		{0, "unreadable", "dailies", day(unreadableDay), day(unreadableDay - 1)},
	}
}
