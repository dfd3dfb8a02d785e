package health

const (
	// FromActivities derives the sums of a day's activities.
	FromActivities = FromNights + 1
	// Placement is not a metric: it assigns measurements that came without an offset
	// to the day that the person's clock showed.
	Placement = FromActivities + 1
)

// ByKey reports whether records of different types with one natural key describe
// the same thing, so that a change of one affects the days of the others too.
func (d Derivation) ByKey() bool { return d == FromActivities }
