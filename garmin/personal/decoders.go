package personal

// FileKey is the endpoint of an activity's file. Its answers are no JSON.
const FileKey = "activityFile"

// decoders turn the answers of each endpoint into elements, by Endpoint.Key.
var decoders = map[string]func(*answer) error{
	FileKey:            (*answer).activityFile,
	"activityWorkouts": (*answer).keptOnly,
	"daySummary":       (*answer).daySummary,
}

// keptOnly is for answers that are kept as they are and become no elements.
func (a *answer) keptOnly() error {
	a.found(a.From, Data)
	return nil
}
