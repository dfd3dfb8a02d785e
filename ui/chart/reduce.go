package chart

// Reduce thins samples to what can be seen: of each of the columns that the
// window is divided into, the lowest and the highest sample stay, in order of
// time. Nothing is averaged, so no peak is lost and no value is invented.
func Reduce(points []Point, from, to int64, columns int) []Point {
	if columns <= 0 || to <= from || len(points) <= columns {
		return points
	}
	var out []Point
	for i := 0; i < len(points); {
		col := column(points[i].T, from, to, columns)
		lo, hi := i, i
		for i < len(points) && column(points[i].T, from, to, columns) == col {
			if points[i].V < points[lo].V {
				lo = i
			}
			if points[i].V > points[hi].V {
				hi = i
			}
			i++
		}
		out = append(out, points[min(lo, hi)])
		if lo != hi {
			out = append(out, points[max(lo, hi)])
		}
	}
	return out
}

func column(t, from, to int64, columns int) int64 {
	return (t - from) * int64(columns) / (to - from)
}
