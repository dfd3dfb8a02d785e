package alert

import (
	"slices"
	"time"
)

// Span is a span of time that excludes To.
type Span struct{ From, To time.Time }

// Length is how long it is.
func (s Span) Length() time.Duration { return s.To.Sub(s.From) }

// ObservableTime is the time in which Garner could have received data: it ran, the
// machine was awake, and it could be reached from outside.
type ObservableTime struct {
	began time.Time
	lost  []Span // sorted, apart from each other
}

// NewObservableTime makes it of the spans in which Garner ran and those in which it
// ran but received nothing. After each loss a grace follows, as long as the loss and
// at most grace, in which Garmin delivers queued data.
func NewObservableTime(running, deaf []Span, grace time.Duration) *ObservableTime {
	h := &ObservableTime{}
	if len(running) == 0 {
		return h
	}
	running = merged(running)
	h.began = running[0].From
	var lost []Span
	for i := 1; i < len(running); i++ {
		lost = append(lost, Span{running[i-1].To, running[i].From})
	}
	h.lost = withGrace(append(lost, deaf...), grace)
	return h
}

// Excluding returns the time without some more spans, each followed by a grace as
// long as the span and at most as given.
func (h *ObservableTime) Excluding(deaf []Span, grace time.Duration) *ObservableTime {
	if len(deaf) == 0 {
		return h
	}
	return &ObservableTime{began: h.began, lost: merged(append(withGrace(deaf, grace), h.lost...))}
}

func withGrace(lost []Span, grace time.Duration) []Span {
	out := merged(lost)
	for i := range out {
		out[i].To = out[i].To.Add(min(grace, out[i].Length()))
	}
	return merged(out)
}

// Between is how long Garner could receive data between two instants.
func (h *ObservableTime) Between(from, to time.Time) time.Duration {
	if h.began.IsZero() || !to.After(from) {
		return 0
	}
	if from.Before(h.began) {
		from = h.began
	}
	d := to.Sub(from)
	for _, s := range h.lost {
		if s.From.Before(to) && s.To.After(from) {
			d -= earlier(s.To, to).Sub(later(s.From, from))
		}
	}
	return max(d, 0)
}

// Lost returns the losses of at least some length between two instants.
func (h *ObservableTime) Lost(from, to time.Time, atLeast time.Duration) []Span {
	var out []Span
	for _, s := range h.lost {
		if s.From.Before(to) && s.To.After(from) && s.Length() >= atLeast {
			out = append(out, s)
		}
	}
	return out
}

// Off returns the times of at least OffNotice in which Garner did not run and
// which ended within the last OffSince. Spans recorded while the
// clock was wrong may be in any order.
func Off(running []Span, now time.Time) (out []Span) {
	running = merged(running)
	for i := 1; i < len(running); i++ {
		gap := Span{running[i-1].To, running[i].From}
		if gap.Length() >= OffNotice && !gap.To.After(now) && now.Sub(gap.To) <= OffSince {
			out = append(out, gap)
		}
	}
	return out
}

// merged sorts spans and joins those that touch. It does not change its argument.
func merged(spans []Span) []Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return s.To.Before(s.From) })
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && !s.From.After(out[n-1].To) {
			out[n-1].To = later(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
