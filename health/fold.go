package health

import "math"

// Fold is how the readings of one metric from several records of one day become
// the day's number.
type Fold uint8

// The folds. Latest takes what was measured last, whenever it arrived.
const (
	Latest Fold = iota
	Sum
	Highest
	Lowest
	// OfMainSleep takes the value of the day's main sleep; see MainSleeps.
	OfMainSleep
	// NearMainSleep takes what was measured nearest to the start of the day's
	// main sleep, of records of nights that begin and end on their own.
	NearMainSleep
)

// OfDay folds the readings of a metric, all of one day and in order of their
// records, to the day's value. It also returns the index of that reading, or,
// for a sum, of the last; ok is false without any, and for a sum beyond what a number
// can be.
// main is where the day's main sleep begins, 0 if there is none.
func (m Metric) OfDay(readings []Reading, main int64) (value float64, from int, ok bool) {
	for i, r := range readings {
		switch {
		case i == 0:
			value = r.Value
		case m.Fold == Sum:
			value, from = value+r.Value, i
		case m.Fold.prefers(r, readings[from], main):
			value, from = r.Value, i
		}
	}
	return value, from, len(readings) > 0 && !math.IsInf(value, 0) && !math.IsNaN(value)
}

// prefers reports whether the day's value is r rather than old, which comes
// before it.
func (f Fold) prefers(r, old Reading, main int64) bool {
	switch f {
	case Highest:
		return r.Value > old.Value
	case Lowest:
		return r.Value < old.Value
	case NearMainSleep:
		if a, b := distance(r.At, main), distance(old.At, main); main != 0 && a != b {
			return a < b
		}
	}
	return r.At >= old.At
}

func distance(a, b int64) int64 { return max(a-b, b-a) }
