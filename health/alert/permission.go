package alert

import "strings"

func permissionWords(keys []string) string {
	var out []string
	for _, k := range keys {
		out = append(out, PermissionWord(k))
	}
	return strings.Join(out, ", ")
}

// PermissionWord returns the name of one of Garmin's permissions.
func PermissionWord(key string) string {
	if word, ok := permissions[key]; ok {
		return word
	}
	return key
}

// permissions are the names of Garmin's permissions, from its consent page.
var permissions = map[string]string{
	"HEALTH_EXPORT": "daily health data", "ACTIVITY_EXPORT": "activities", "MCT_EXPORT": "women's health",
	"HISTORICAL_DATA_EXPORT": "historical data", "WORKOUT_IMPORT": "workouts", "COURSE_IMPORT": "courses",
}
