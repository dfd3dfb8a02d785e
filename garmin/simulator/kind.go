package simulator

import "math"

// kind is a callback key with what writes its elements: those of day d that
// changed after from and no later than to, as they are known at to.
type kind struct {
	name  string
	write func(d *day, b *body, from, to int64)
}

// kinds lists the callback keys in the order in which a sync pushes them.
// Deregistrations come only when asked for.
var kinds = [...]kind{
	{"dailies", (*day).dailies},
	{"sleeps", (*day).sleeps},
	{"stressDetails", (*day).stressDetails},
	{"epochs", (*day).epochs},
	{"allDayRespiration", (*day).respiration},
	{"pulseox", (*day).pulseox},
	{"hrv", (*day).hrvs},
	{"skinTemp", (*day).skinTemps},
	{"userMetrics", (*day).userMetrics},
	{"bodyComps", (*day).bodyComps},
	{"bloodPressures", (*day).bloodPressures},
	{"healthSnapshot", (*day).snapshots},
	{"mct", (*day).mct},
	{"moveIQActivities", (*day).moveIQ},
	{"activities", (*day).activities},
	{"activityDetails", (*day).details},
	{"activityFiles", (*day).files},
	{"manuallyUpdatedActivities", (*day).renamed},
	{"userPermissionsChange", (*day).permissions},
}

const (
	always = math.MinInt64 / 4 // before everything
	ever   = math.MaxInt64 / 4 // after everything
)

// happened reports whether an event at t lies in (from, to].
func happened(t, from, to int64) bool { return from < t && t <= to }

// gather adds all that changed on day d within (from, to].
func (s *sheaf) gather(d *day, from, to int64) {
	for i := range kinds {
		s.bodies[i].kind = kinds[i].name
		kinds[i].write(d, &s.bodies[i], from, to)
	}
}
