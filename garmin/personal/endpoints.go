package personal

const (
	// tokenPath is where a key is exchanged for a bearer.
	tokenPath = "/personalapitoken-service/personal-api/personal-api-key/token"
	// TokenCall is the exchange's name in the ledger, where an endpoint has its key.
	TokenCall = "token"
	// PageSize is how many activities one call lists. Fewer mean that the list ends.
	PageSize = 50
)

// Endpoints are the GETs of the Personal API. A path that proves wrong is corrected here
// and nowhere else. Keys and sources are stored: they never change and are never used for
// something else. Ranges are shorter than Garmin allows, or the answers get large.
//
// heartRateZones has a parameter generateDefaults, with which it creates zones in the
// account. It is never sent: Garner only reads.
var Endpoints = []*Endpoint{
	{Key: "settings", Title: "Profile", Shape: Once, Source: 49, Asked: true, Evidence: Observed,
		Path: "/userprofile-service/userprofile/settings", Types: []string{"profiles"}},
	{Key: "heartRateZones", Title: "Heart rate zones", Shape: Once, Source: 48, Asked: true, Evidence: SeenOnWeb,
		Path: "/biometric-service/heartRateZones", Types: []string{"heartRateZones"}},

	{Key: "daySummary", Title: "Day", Shape: Day, Source: 32, Asked: true, Evidence: SeenOnWeb,
		Path: "/usersummary-service/usersummary/daily", Query: "calendarDate={date}", Types: []string{"dailies"}},
	{Key: "daySummaries", Title: "Days", Shape: Range, MostDays: 28, Source: 33, Asked: true, Evidence: Inferred,
		Path:  "/usersummary-service/usersummary/v2/dailysummaries",
		Query: "startDate={from}&endDate={to}", Types: []string{"dailies"}},
	{Key: "steps", Title: "Steps", Shape: Range, MostDays: 28, Source: 34, Asked: true, Evidence: SeenOnWeb,
		Path: "/usersummary-service/stats/steps/daily/{from}/{to}", Types: []string{"dailies"}},
	{Key: "stress", Title: "Stress", Shape: Range, MostDays: 28, Source: 35, Asked: true, Evidence: Observed,
		Path: "/usersummary-service/stats/stress/daily/{from}/{to}", Types: []string{"dailies"}},
	{Key: "heartRate", Title: "Heart rate", Shape: Day, Source: 36, Intraday: true, Asked: true, Evidence: SeenOnWeb,
		Path: "/wellness-service/wellness/dailyHeartRate", Query: "date={date}", Types: []string{"dailies"}},
	{Key: "hydration", Title: "Hydration", Shape: Range, MostDays: 28, Source: 37, Asked: true, Evidence: Observed,
		Path: "/usersummary-service/stats/hydration/daily/{from}/{to}", Types: []string{"hydration"}},
	{Key: "bodyBattery", Title: "Body Battery", Shape: Range, MostDays: 7, Source: 38, Intraday: true, Asked: true,
		Evidence: SeenOnWeb, Path: "/wellness-service/wellness/bodyBattery/reports/daily",
		Query: "startDate={from}&endDate={to}", Types: []string{"stressDetails"}},
	{Key: "spo2", Title: "Blood oxygen", Shape: Day, Source: 39, Intraday: true, Asked: true, Evidence: Observed,
		Path: "/wellness-service/wellness/daily/spo2acclimation/{date}", Types: []string{"pulseox"}},

	{Key: "sleep", Title: "Night", Shape: Day, Source: 40, Asked: true, Evidence: SeenOnWeb,
		Path: "/sleep-service/sleep/dailySleepData", Query: "date={date}", Types: []string{"sleeps"}},
	{Key: "sleeps", Title: "Nights", Shape: Range, MostDays: 28, Source: 41, Asked: true, Evidence: Inferred,
		Path:  "/sleep-service/sleep/dailySleepSummariesByDate",
		Query: "startDate={from}&endDate={to}", Types: []string{"sleeps"}},
	{Key: "hrv", Title: "Heart rate variability of a night", Shape: Day, Source: 42, Intraday: true, Asked: true,
		Evidence: SeenOnWeb, Path: "/hrv-service/hrv/{date}", Types: []string{"hrv", "hrvStatus"}},
	{Key: "hrvs", Title: "Heart rate variability of nights", Shape: Range, MostDays: 28, Source: 43, Asked: true,
		Evidence: Observed, Path: "/hrv-service/hrv/daily/{from}/{to}", Types: []string{"hrvStatus"}},

	{Key: "fitnessAge", Title: "Fitness age", Shape: Day, Source: 44, Asked: true, Evidence: SeenOnWeb,
		Path: "/fitnessage-service/fitnessage/{date}", Types: []string{"userMetrics", "fitnessAges"}},
	{Key: "weights", Title: "Weight", Shape: Range, MostDays: 28, Source: 45, Asked: true, Evidence: Observed,
		Path: "/weight-service/weight/range/{from}/{to}", Query: "includeAll=true", Types: []string{"bodyComps"}},
	{Key: "weightEntries", Title: "Weighings", Shape: Range, MostDays: 28, Source: 46, Evidence: Inferred,
		Path: "/weight-service/weight/all/{from}/{to}", Types: []string{"bodyComps"}},
	{Key: "weightGoals", Title: "Weight goals", Shape: Range, MostDays: 28, Source: 47, Asked: true, Evidence: SeenOnWeb,
		Path: "/goal-service/goal/user/effective/weightgoal/{from}/{to}", Types: []string{"weightGoals"}},

	{Key: "food", Title: "Food", Shape: Day, Source: 50, Optional: true, Asked: true, Evidence: SeenOnWeb,
		Path: "/nutrition-service/food/logs/{date}", Query: "includeGoals=true&includeNutrition=true",
		Types: []string{"foodLogs"}},
	{Key: "cycle", Title: "Menstrual cycle", Shape: Day, Source: 51, Optional: true, Asked: true, Evidence: Observed,
		Path: "/periodichealth-service/menstrualcycle/summary/{date}", Types: []string{"mct"}},
	{Key: "cycleDay", Title: "Day of the menstrual cycle", Shape: Day, Source: 52, Optional: true, Asked: true,
		Evidence: Observed, Path: "/periodichealth-service/menstrualcycle/dayview/{date}", Types: []string{"mct"}},
	{Key: "wellnessActivities", Title: "Wellness activities", Shape: Range, MostDays: 28, Source: 53, Asked: true,
		Evidence: Inferred, Path: "/wellnessactivity-service/activity/summary/list",
		Query: "fromDate={from}&untilDate={to}", Types: []string{"healthSnapshot", "wellnessActivities"}},

	{Key: "activities", Title: "Activities", Shape: Listed, MostDays: 365, Source: 60, Asked: true, Evidence: Observed,
		Path:  "/activitylist-service/activities/search/activities",
		Query: "startDate={from}&endDate={to}&start={start}&limit={limit}", Types: []string{"activities"}},
	{Key: "activity", Title: "Activity", Shape: Activity, Source: 61, Asked: true, Evidence: SeenOnWeb,
		Path: "/activity-service/activity/{id}", Types: []string{"activities"}},
	{Key: "activityWorkouts", Title: "Workouts of an activity", Shape: Activity, Source: 62, Evidence: Observed,
		Path: "/activity-service/activity/{id}/workouts"},
	{Key: FileKey, Title: "Activity file", Shape: Activity, Source: 63, Asked: true, Evidence: Inferred,
		Path: "/download-service/files/activity/{id}", Types: []string{"activityFiles", "activityDetails"}},
}

// Lookup returns the endpoint with the key, nil if there is none.
func Lookup(key string) *Endpoint {
	for _, e := range Endpoints {
		if e.Key == key {
			return e
		}
	}
	return nil
}
