package health

import "slices"

// Fifths divides values into five parts of about equal size, by their order. Equal
// values are in one part, so that some parts may be empty.
type Fifths struct{ upper [5]float64 }

// FifthsOf are those of some values, of which there must be at least one.
func FifthsOf(values []float64) (f Fifths) {
	sorted := slices.Sorted(slices.Values(values))
	for i := range f.upper {
		f.upper[i] = sorted[((i+1)*len(sorted)+4)/5-1]
	}
	return f
}

// Of is the part that a value belongs to, 1 for the lowest to 5 for the highest.
func (f Fifths) Of(x float64) int {
	for i, upper := range f.upper {
		if x <= upper {
			return i + 1
		}
	}
	return len(f.upper)
}
