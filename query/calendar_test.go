package query_test

import (
	"fmt"
	"testing"
	"time"

	"garner/health"
	"garner/query"
)

func TestAMonthHasTheActivitiesThatItsDaysHave(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	activity := func(id, at int) string {
		return span(midnight+at*hour, hour, hour) + fmt.Sprintf(`,"activityId":%d,"summaryId":"%[1]d","activityName":"N%[1]d"`, id)
	}
	h.push("activities", activity(1, 12))
	h.push("activityDetails", fmt.Sprintf(`"activityId":2,"summaryId":"2-detail","samples":[],"summary":{%s}`, activity(2, 8)))
	var names []string
	for _, a := range h.day(date).Activities {
		names = append(names, a.Name)
	}
	same(t, "the day", []string{"N2", "N1"}, names)
	month, err := h.reader.Month(t.Context(), h.ada, query.FirstOfMonth(2026, time.November))
	if err != nil {
		t.Fatal(err)
	}
	names = nil
	for _, a := range month.Days[health.DayOf(midnight, hour)-month.First].Activities {
		names = append(names, a.Name)
	}
	same(t, "the month", []string{"N2", "N1"}, names)
}
