package service

// summaryType is what Garmin's documents say about one callback key.
type summaryType struct {
	key        string
	permission string
	pull       string // path below /wellness-api/rest/
	backfill   string // path below backfill/, empty where there is none
	days       int    // longest range of one backfill request
}

// Health API 1.2, Activity API 1.2 and Women's Health API 1.0: "Backfill" and
// the paths of the summaries.
var summaryTypes = []summaryType{
	{"dailies", HealthExport, "dailies", "dailies", 90},
	{"epochs", HealthExport, "epochs", "epochs", 90},
	{"sleeps", HealthExport, "sleeps", "sleeps", 90},
	{"bodyComps", HealthExport, "bodyComps", "bodyComps", 90},
	{"stressDetails", HealthExport, "stressDetails", "stressDetails", 90},
	{"userMetrics", HealthExport, "userMetrics", "userMetrics", 90},
	{"pulseox", HealthExport, "pulseOx", "pulseOx", 90},
	{"allDayRespiration", HealthExport, "respiration", "respiration", 90},
	{"healthSnapshot", HealthExport, "healthSnapshot", "healthSnapshot", 90},
	{"hrv", HealthExport, "hrv", "hrv", 90},
	{"bloodPressures", HealthExport, "bloodPressures", "bloodPressures", 90},
	{"skinTemp", HealthExport, "skinTemp", "skinTemp", 90},
	{"mct", MCTExport, "mct", "mct", 90},
	{"activities", ActivityExport, "activities", "activities", 30},
	{"activityDetails", ActivityExport, "activityDetails", "activityDetails", 30},
	{filesKey, ActivityExport, "activityFile", "", 0},
	{"manuallyUpdatedActivities", ActivityExport, "manuallyUpdatedActivities", "", 0},
	{"moveIQActivities", ActivityExport, "moveiq", "moveiq", 30},
}

const (
	filesKey       = "activityFiles"
	permissionsKey = "userPermissionsChange"
)

// find returns the first type that fits.
func find(fits func(*summaryType) bool) (*summaryType, bool) {
	for i := range summaryTypes {
		if t := &summaryTypes[i]; fits(t) {
			return t, true
		}
	}
	return nil, false
}

func typeOf(key string) (*summaryType, bool) {
	return find(func(t *summaryType) bool { return t.key == key })
}
