package health

// OnePerDay gives one value of a metric for each day. Where a day has several
// records that of its main one counts: main is where that begins by day, for
// metrics of sleep the longest sleep of the date. Others count as they came
// last.
func OnePerDay(readings []Reading, metric string, main map[Day]int64) map[Day]float64 {
	out := map[Day]float64{}
	for _, r := range readings {
		if at, ok := main[r.Day]; r.Metric == metric && (!ok || r.At == at) {
			out[r.Day] = r.Value
		}
	}
	return out
}

// MainSleeps finds where the longest sleep of each day begins; of equal ones
// the later.
func MainSleeps(readings []Reading) map[Day]int64 {
	longest, out := map[Day]Reading{}, map[Day]int64{}
	for _, r := range readings {
		have, ok := longest[r.Day]
		if r.Metric != "sleep" || ok && (r.Value < have.Value || r.Value == have.Value && r.At < have.At) {
			continue
		}
		longest[r.Day], out[r.Day] = r, r.At
	}
	return out
}
