package chart

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"garner/health"
	"garner/ui/text"
)

// readStep is the width of a column of the read-out.
const readStep = 2 * time.Minute

// Step is the width of the lane's columns of Readout, in seconds.
func (l Lane) Step() int64 {
	return int64(max(readStep, l.Series.Cadence).Seconds())
}

// Readout is what the cursor reads: for each column of the day the value, or
// lowest-highest where they differ, or nothing. Columns are joined by commas.
func (r Ribbon) Readout(l Lane) string {
	if len(l.Series.Points) == 0 {
		return ""
	}
	step := l.Step() * 1000
	out := make([]string, (r.To-r.From+step-1)/step)
	for i := 0; i < len(l.Series.Points); {
		col := (l.Series.Points[i].T - r.From) / step
		lo, hi := l.Series.Points[i].V, l.Series.Points[i].V
		for ; i < len(l.Series.Points) && (l.Series.Points[i].T-r.From)/step == col; i++ {
			lo, hi = min(lo, l.Series.Points[i].V), max(hi, l.Series.Points[i].V)
		}
		if l.Series.Points[i-1].T < r.From || col >= int64(len(out)) {
			continue
		}
		out[col] = num(lo)
		if hi > lo {
			out[col] += "-" + num(hi)
		}
	}
	return strings.TrimRight(strings.Join(out, ","), ",")
}

// Words is what the cursor reads of blocks: from, to in seconds since the
// day's begin, and the label, joined by semicolons.
func (r Ribbon) Words(l Lane) string {
	var b strings.Builder
	for _, k := range l.Blocks {
		if b.Len() > 0 {
			b.WriteByte(';')
		}
		b.WriteString(strconv.FormatInt((k.From-r.From)/1000, 10) + " " +
			strconv.FormatInt((k.To-r.From)/1000, 10) + " " +
			strings.ReplaceAll(k.Label, ";", ","))
	}
	return b.String()
}

// Reasons is what the cursor reads where a lane has no value: why, in the form of
// Words.
func (r Ribbon) Reasons(l Lane) string {
	var out []Block
	add := func(s Span) { out = append(out, Block{From: s.From, To: s.To, Label: s.Word}) }
	end := r.To
	if r.Until > 0 && r.Until < r.To {
		end = r.Until
		add(Span{From: end, To: r.To, Word: text.AbsenceWord(Awaited)})
	}
	for _, s := range l.Series.OffBody {
		add(Span{From: s.From, To: s.To, Word: cmp.Or(s.Word, text.AbsenceWord(OffBody))})
	}
	state := health.DayState{Absence: l.Absent, Why: l.Why}
	switch {
	case l.Absent != Present:
		add(Span{From: r.From, To: end, Word: cmp.Or(l.Word, text.State(state))})
	case !gapless[l.Kind]:
		if r.eveningOf(l, r.From) {
			add(Span{From: r.From, To: min(r.Midnight, end), Word: text.State(l.Evening)})
		}
		for _, s := range l.Series.Gaps(r.From, end) {
			add(Span{From: s.From, To: s.To, Word: text.AbsenceWord(Missing)})
		}
	}
	return r.Words(Lane{Blocks: out})
}

// Slot is a row of a lane's table twin.
type Slot struct {
	From, To int64
	// Low and High of N samples; without samples Why says what is known.
	Low, High float64
	N         int
	Why       Absence
	// Word is the reason for people: the device's own, where it gave one.
	Word string
	// Label is the word of a block; its rows have no numbers.
	Label string
}

// slotWidth keeps a table of a day to a page.
const slotWidth = hour / 2

// Slots are the lane as a table: blocks one by one, samples by the half hour.
func (r Ribbon) Slots(l Lane) []Slot {
	if len(l.Blocks) > 0 {
		slots := make([]Slot, 0, len(l.Blocks))
		for _, b := range l.Blocks {
			slots = append(slots, Slot{From: b.From, To: b.To, Label: b.Label})
		}
		return slots
	}
	var slots []Slot
	i := 0
	for t := r.From; t < r.To; t += slotWidth {
		s := Slot{From: t, To: min(t+slotWidth, r.To)}
		for ; i < len(l.Series.Points) && l.Series.Points[i].T < s.To; i++ {
			p := l.Series.Points[i]
			if s.N == 0 {
				s.Low, s.High = p.V, p.V
			}
			s.Low, s.High = min(s.Low, p.V), max(s.High, p.V)
			s.N++
		}
		if s.N == 0 {
			s.Why, s.Word = r.why(l, s)
		}
		if s.N > 0 || l.Kind != Dots {
			slots = append(slots, s)
		}
	}
	return slots
}

// why explains a slot without samples.
func (r Ribbon) why(l Lane, s Slot) (Absence, string) {
	if r.Until > 0 && s.From >= r.Until {
		return Awaited, text.AbsenceWord(Awaited)
	}
	for _, o := range l.Series.OffBody {
		if o.From < s.To && o.To > s.From {
			return OffBody, cmp.Or(o.Word, text.AbsenceWord(OffBody))
		}
	}
	if r.eveningOf(l, s.From) {
		return l.Evening.Absence, text.State(l.Evening)
	}
	return Missing, text.AbsenceWord(Missing)
}
