package health

// Fold is how the readings of one metric, of several records of one day, make
// the day's number.
type Fold uint8

// The folds. Latest takes what was measured last, whenever it arrived.
const (
	Latest Fold = iota
	Sum
	Highest
	Lowest
	// OfMainSleep takes what the day's main sleep says; see MainSleeps.
	OfMainSleep
)

// OfDay folds the readings of a metric, all of one day and in order of their
// records, to the day's value. It also says which of them the value is, or,
// of a sum, which is the last; ok is false without any.
func (m Metric) OfDay(readings []Reading) (value float64, from int, ok bool) {
	for i, r := range readings {
		switch {
		case i == 0:
			value = r.Value
		case m.Fold == Sum:
			value, from = value+r.Value, i
		case m.Fold.prefers(r, readings[from]):
			value, from = r.Value, i
		}
	}
	return value, from, len(readings) > 0
}

// prefers says whether the day's value is r rather than old, which stands
// before it.
func (f Fold) prefers(r, old Reading) bool {
	switch f {
	case Highest:
		return r.Value > old.Value
	case Lowest:
		return r.Value < old.Value
	}
	return r.At >= old.At
}
