package garmin

import "garner/health/history"

// How many days a request for history may have, both ends included (Health API and
// Activity API, Backfill).
const (
	mostHealthDays   = 90
	mostActivityDays = 30
)

// History is what decides about requests for history of the type.
func (t *Type) History() history.Type {
	most := mostHealthDays
	if t.Permission == activityExport {
		most = mostActivityDays
	}
	return history.Type{Key: t.Key, Permission: t.Permission, Backfill: t.Backfill != "", MostDays: most}
}
