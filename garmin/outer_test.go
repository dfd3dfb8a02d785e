package garmin_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"garner/garmin"
	"garner/garmin/element"
)

func TestWhatABodySaysNextToItsListsAppliesToElementsAfterItAndIsFoundAnywhere(t *testing.T) {
	t.Parallel()
	const before = `{"userId":"a","uploadStartTimeInSeconds":1795154000,"uploadEndTimeInSeconds":1795154400,` +
		`"dailies":[{"summaryId":"x","calendarDate":"2026-11-20"}]}`
	const after = `{"dailies":[{"summaryId":"x","calendarDate":"2026-11-20"}],"uploadEndTimeInSeconds":"1795154400",` +
		`"uploadStartTimeInSeconds":1795154000,"userId":"a"}`
	want := garmin.Outer{UserID: "a", UploadEnd: 1795154400}
	for body, inOrder := range map[string]bool{before: true, after: false} {
		items := split(t, body, "")
		if len(items) != 1 || items[0].Err != nil || inOrder != (items[0].UploadEnd == want.UploadEnd) {
			t.Errorf("%s: %+v", body, items)
		}
		if got, err := garmin.FindOuter(strings.NewReader(body), roomy); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestTheUploadWindowOfAnElementHasPriorityAndNoneCountsForSamplesOfActivities(t *testing.T) {
	t.Parallel()
	const window = 1795154400
	for name, tt := range map[string]struct {
		typ  *garmin.Type
		json string
		want int64
	}{
		"of the body":    {garmin.Dailies, `{"summaryId":"x","calendarDate":"2026-11-20"}`, window},
		"of the element": {garmin.Dailies, `{"calendarDate":"2026-11-20","uploadEndTimeInSeconds":1795154500}`, window + 100},
		"of samples": {garmin.ActivityDetails,
			`{"activityId":1,"summary":{"startTimeInSeconds":1795154000}}`, 0},
	} {
		d := tt.typ.DecodeUploaded(split(t, "["+tt.json+"]", tt.typ.Key)[0].Value, window)
		if d.Fault != "" || d.UploadEnd != tt.want {
			t.Errorf("%s: %d %s", name, d.UploadEnd, d.Fault)
		}
	}
}

// FuzzFindOuter has any body say any person and window: FindOuter finds the same on
// both sides of a list, and Split gives the same to the elements after them.
func FuzzFindOuter(f *testing.F) {
	f.Add("a", "1795154400", `{"x":1}`)
	f.Add(`"\u0000`, "-1", `{"uploadEndTimeInSeconds":2},{"userId":null}`)
	f.Add("", `"1795154400"`, `[[1]],{"userId":"b"}`)
	f.Fuzz(func(t *testing.T, userID, end, items string) {
		lim := garmin.Limits{Depth: 6, ElementBytes: 64 << 10, Elements: 1000}
		id, err := json.Marshal(userID)
		if err != nil || !json.Valid([]byte(end)) || !json.Valid([]byte("["+items+"]")) {
			return
		}
		outer := `"userId":` + string(id) + `,"uploadEndTimeInSeconds":` + end
		list := `"hrv":[` + items + `]`
		first, err := garmin.FindOuter(strings.NewReader("{"+outer+","+list+"}"), lim)
		last, err2 := garmin.FindOuter(strings.NewReader("{"+list+","+outer+"}"), lim)
		if err != nil || err2 != nil || first != last {
			t.Errorf("%+v, %v; %+v, %v", first, err, last, err2)
		}
		err = garmin.Split(strings.NewReader("{"+outer+","+list+"}"), "", lim, func(it garmin.Item) error {
			if it.Err == nil && (it.UploadEnd != first.UploadEnd || it.Value.Get("userId").Kind() == element.Absent &&
				it.Value.Get("userAccessToken").Kind() == element.Absent && it.UserID != first.UserID) {
				t.Errorf("%+v, and the body %+v", it, first)
			}
			return nil
		})
		var unreadable *garmin.UnreadableError
		if err != nil && !errors.As(err, &unreadable) {
			t.Error(err)
		}
	})
}
