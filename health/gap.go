package health

// Gap is a run of days, both ends included, of which something is missing.
type Gap struct{ From, To Day }

// Days is how long it is.
func (g Gap) Days() int { return int(g.To-g.From) + 1 }

// Gaps gives the runs of days between from and to, both included, that covered
// (rising) leaves out.
func Gaps(covered []Day, from, to Day) []Gap {
	var out []Gap
	next := from
	for _, d := range covered {
		if d > to {
			break
		}
		if d > next {
			out = append(out, Gap{next, d - 1})
		}
		next = max(next, d+1)
	}
	if next <= to {
		out = append(out, Gap{next, to})
	}
	return out
}
