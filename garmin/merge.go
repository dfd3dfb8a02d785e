package garmin

import (
	"cmp"
	"slices"

	"garner/garmin/element"
)

// Sample is one sample of a series, with the part that it came with.
type Sample struct {
	MS   int64 // unix milliseconds
	Num  element.Num
	Part int
}

// Merge returns the samples of several records in order of time. Where records
// overlap, a span counts once: that of the version that is higher in the version
// order, so that it does not matter which came first. What it lacks is taken from
// the others.
func (s *Series) Merge(parts []Part) []Sample {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return parts[b].Order.Compare(parts[a].Order) })
	var out []Sample
	for _, i := range order {
		var more []Sample
		s.Each(parts[i].Value, parts[i].Start, func(ms int64, n element.Num) bool {
			if !s.covered(out, ms) {
				more = append(more, Sample{ms, n, i})
			}
			return true
		})
		slices.SortStableFunc(more, byTime)
		out = interleave(out, more)
	}
	return out
}

// interleave merges two ordered lists.
func interleave(a, b []Sample) []Sample {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0 || a[len(a)-1].MS <= b[0].MS:
		return append(a, b...)
	}
	out := make([]Sample, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].MS <= b[0].MS {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func byTime(a, b Sample) int { return cmp.Compare(a.MS, b.MS) }

// covered reports whether ordered samples already cover this instant: with one at
// the same instant, or one on either side that is nearer than their
// cadence.
func (s *Series) covered(samples []Sample, ms int64) bool {
	i, same := slices.BinarySearchFunc(samples, ms, func(x Sample, ms int64) int { return cmp.Compare(x.MS, ms) })
	if same || i == 0 || i == len(samples) {
		return same
	}
	step := s.Cadence.Milliseconds()
	return ms-samples[i-1].MS < step && samples[i].MS-ms < step
}
