package personal

// FileKey is the endpoint of an activity's file. Its answers are no JSON.
const FileKey = "activityFile"

// decoders turn the answers of each endpoint into elements, by Endpoint.Key.
var decoders = map[string]func(*answer) error{
	"daySummary":    (*answer).daySummary,
	"daySummaries":  (*answer).daySummaries,
	"steps":         (*answer).steps,
	"stress":        (*answer).stress,
	"heartRate":     (*answer).heartRate,
	"bodyBattery":   (*answer).bodyBattery,
	"spo2":          (*answer).spo2,
	"sleep":         (*answer).sleep,
	"sleeps":        (*answer).sleeps,
	"hrv":           (*answer).hrv,
	"hrvs":          (*answer).hrvs,
	"weights":       (*answer).weights,
	"weightEntries": (*answer).weightEntries,
	"cycle":         (*answer).cycle,
	"cycleDay":      (*answer).cycle,

	"hydration":          (*answer).hydration,
	"food":               (*answer).food,
	"fitnessAge":         (*answer).fitnessAge,
	"heartRateZones":     (*answer).heartRateZones,
	"settings":           (*answer).settings,
	"weightGoals":        (*answer).weightGoals,
	"wellnessActivities": (*answer).wellnessActivities,

	"activities":       (*answer).activities,
	"activity":         (*answer).activity,
	"activityWorkouts": (*answer).keptOnly,
	FileKey:            (*answer).activityFile,
}

// keptOnly is for answers that are kept as they are and become no elements.
func (a *answer) keptOnly() error {
	a.found(a.From, Data)
	return nil
}
