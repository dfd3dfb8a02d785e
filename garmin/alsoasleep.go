package garmin

import "slices"

// AlsoAsleep are the labels of the series that sleep records have of what records of another
// type measure too: blood oxygen and respiration. They come even while that type does not.
func AlsoAsleep(typ string) (labels []string) {
	for _, t := range Types {
		if t.Key != typ || t == Sleeps {
			continue
		}
		for i := range Sleeps.Series {
			s := &Sleeps.Series[i]
			if slices.ContainsFunc(t.Series, func(other Series) bool { return other.Name == s.Name }) {
				labels = append(labels, s.Label)
			}
		}
	}
	return labels
}
