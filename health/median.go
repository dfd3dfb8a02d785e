package health

import "slices"

// Median is the middle of some values, or the mean of the two middle ones of
// an even number; 0 for none.
func Median[T int | float64](list []T) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return float64(sorted[(n-1)/2])/2 + float64(sorted[n/2])/2
}
