package health

const (
	// FromActivities derives the sums of a day's activities.
	FromActivities = FromNights + 1
	// Placement is no metric: it files measurements that came without a clock
	// of their own under the day that the person's clock showed.
	Placement = FromActivities + 1
)

// ByKey reports whether records of different types with one natural key tell of
// the same thing, so that a change of one concerns the days of the others too.
func (d Derivation) ByKey() bool { return d == FromActivities }
