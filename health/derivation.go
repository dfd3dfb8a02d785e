package health

// FromActivities derives the sums of a day's activities.
const FromActivities = FromNights + 1

// ByKey says whether records of different types with one natural key tell of
// the same thing, so that a change of one concerns the days of the others too.
func (d Derivation) ByKey() bool { return d == FromActivities }
