package chart

import "math"

// levels maps values to a height in pixels, high values up.
type levels struct {
	lo, hi      float64
	top, bottom int
}

func (l levels) y(v float64) float64 {
	if l.hi <= l.lo {
		return float64(l.top+l.bottom) / 2
	}
	share := (min(max(v, l.lo), l.hi) - l.lo) / (l.hi - l.lo)
	return float64(l.bottom) - share*float64(l.bottom-l.top)
}

// vy is y in the stretched viewport.
func (l levels) vy(v float64) int { return int(math.Round(l.y(v) * viewScale)) }

// extent is the range of samples; ok is false without any.
func extent(points []Point) (lo, hi float64, ok bool) {
	for i, p := range points {
		if i == 0 {
			lo, hi = p.V, p.V
		}
		lo, hi = min(lo, p.V), max(hi, p.V)
	}
	return lo, hi, len(points) > 0
}

// ticks are at most n+1 round values within the range.
func ticks(lo, hi float64, n int) []float64 {
	if hi <= lo || n < 1 {
		return nil
	}
	raw := (hi - lo) / float64(n)
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step*m >= raw {
			step *= m
			break
		}
	}
	var out []float64
	for v := math.Ceil(lo/step) * step; v <= hi+step/1e6; v += step {
		out = append(out, v)
	}
	return out
}
