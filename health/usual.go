package health

import "slices"

// A mean over a week is of MeanDays days and is good from MeanLeast of them on. A
// person's usual range is based on UsualDays days and needs UsualLeast of them.
const (
	MeanDays   = 7
	MeanLeast  = 4
	UsualDays  = 28
	UsualLeast = 14
)

// Mean is a mean with the number of days it rests on; 0 of 0 for none.
type Mean struct {
	Value float64
	N     int
}

// MeanOf is the mean of some values.
func MeanOf(values []float64) (m Mean) {
	for _, x := range values {
		m.Value += x
	}
	if m.N = len(values); m.N > 0 {
		m.Value /= float64(m.N)
	}
	return m
}

// Weak reports whether the mean of a week rests on less than half of its days.
func (m Mean) Weak() bool { return m.N < MeanLeast }

// Band is a person's usual range, both ends included.
type Band struct{ Low, High float64 }

// Usual is the usual range of values, from the 10th to the 90th percentile; ok is
// false if there are too few. It sorts the values.
func Usual(values []float64) (b Band, ok bool) {
	if len(values) < UsualLeast {
		return b, false
	}
	slices.Sort(values)
	return Band{percentile(values, 0.1), percentile(values, 0.9)}, true
}

// Compare is negative below the band, positive above it and 0 inside.
func (b Band) Compare(x float64) int {
	switch {
	case x < b.Low:
		return -1
	case x > b.High:
		return 1
	}
	return 0
}

// percentile reads a sorted list at a share between 0 and 1, between two of
// its members by their distance.
func percentile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
