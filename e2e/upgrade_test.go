package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// versionsOfANight are bodies about which programs have disagreed: edits, data
// of Garmin's Data Generator, thinner versions, nights whose start moved.
func versionsOfANight(user string) (out []simulator.Delivery) {
	add := func(typ, element string) {
		body := fmt.Sprintf(`{%q:[{"userId":%q,%s}]}`, typ, user, element)
		out = append(out, simulator.Delivery{Type: typ, Body: []byte(body)})
	}
	night := func(mark, validation string, asleep int) {
		add("sleeps",
			fmt.Sprintf(`"summaryId":"%s-1","calendarDate":"2025-03-04","startTimeInSeconds":1741039200,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":%d,"validation":%q`, mark, asleep, validation))
	}
	points := func(every, value int) string {
		var list []string
		for at := 0; at < 86400; at += every {
			list = append(list, fmt.Sprintf(`"%d":%d`, at, value))
		}
		return strings.Join(list, ",")
	}
	daily := func(mark string, every, steps int) {
		add("dailies",
			fmt.Sprintf(`"summaryId":"%s-2","calendarDate":"2025-03-04","startTimeInSeconds":1741042800,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":86400,"steps":%d,"timeOffsetHeartRateSamples":{%s}`, mark, steps, points(every, 60+every/60)))
	}
	night("x", "AUTO_FINAL", 27000)
	night("x", "AUTO_MANUAL", 27000)
	night("x", "AUTO_MANUAL", 25200)
	night("sd", "AUTO_MANUAL", 30000)
	daily("x", 60, 8000)
	daily("x", 300, 8100)
	daily("sd", 60, 20000)
	for start, at := range map[int]string{1741039200: "0", 1741039500: "300"} {
		add("hrv", fmt.Sprintf(`"summaryId":"x-3","calendarDate":"2025-03-04","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":25000,"lastNightAvg":41,"hrvValues":{%q:40,"600":42}`, start, at))
	}
	for _, every := range []int{60, 180} {
		add("pulseox",
			fmt.Sprintf(`"summaryId":"x-4","calendarDate":"2025-03-04","startTimeInSeconds":1741042800,"startTimeOffsetInSeconds":3600,
			"durationInSeconds":86400,"timeOffsetSpo2Values":{%s}`, points(every, 95)))
	}
	return out
}

// older is the variable with the path of the program before this one.
const older = "GARNER_TEST_OLDER"

func TestRederiveBringsAnOlderStoreToTheStateOfAFreshOne(t *testing.T) {
	t.Parallel()
	before := os.Getenv(older)
	if before == "" {
		t.Skip("needs the path of an older garner in " + older)
	}
	w, list := box.Household(1, 3)
	who := w.People()[0]
	list = append(list, versionsOfANight(who.UserID)...)
	dir := t.TempDir()
	box.RunProgram(t, before, dir, "person", "add", "--name", who.Name, "--garmin-user-id", who.UserID)
	b := box.Start(t, dir, box.Options{Program: before})
	b.Push(list)
	b.Drained()
	b.Stop()

	b = box.Start(t, dir, box.Options{})
	b.Run("rederive")
	b.Drained()
	b.Run("rederive")
	b.Drained()
	b.Stop()
	box.Run(t, dir, "rederive")
	if d := difference(byMeaning(record(t, dir)), byMeaning(undisturbed(t, dir, w))); d != "" {
		t.Errorf("not as a fresh store (- here, + fresh)\n%s", d)
	}
}

// byMeaning leaves out the line of a record that holds metrics by numbers, which
// each store gives them as it first hears of them.
func byMeaning(record string) string {
	var out []string
	for line := range strings.Lines(record) {
		if !strings.Contains(line, "r.day, hex(") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func TestWhoSendsThisNightSeesTheEditTheRealDayAndAllSamples(t *testing.T) {
	t.Parallel()
	w, _ := box.Household(1, 1)
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	client := box.NewClient()
	for _, d := range versionsOfANight(w.People()[0].UserID) {
		if status, err := box.Post(client, b.Addr, d.Type, d.Body); status != http.StatusOK || err != nil {
			t.Fatal(status, err)
		}
	}
	b.Drained()
	b.Stop()
	for args, want := range map[string]int{
		"--type sleeps": 1, "--type dailies": 1, "--type hrv": 1, "--type dailies --series heart_rate": 1440,
		"--type pulseox --series spo2": 1440,
		"--type sleeps --format json":  2, "--type dailies --format json": 2,
	} {
		text := box.Run(t, dir, append([]string{"export", "--person", "all"}, strings.Fields(args)...)...)
		lines := strings.Count(text, "\n")
		if !strings.Contains(args, "json") {
			lines-- // the header
		}
		if lines != want {
			t.Errorf("export %s: %d records, want %d", args, lines, want)
		}
	}
	sleeps, daily := box.Run(t, dir, "export", "--person", "all", "--type", "sleeps"),
		box.Run(t, dir, "export", "--person", "all", "--type", "dailies")
	if !strings.Contains(sleeps, ",25200,") || !strings.Contains(daily, ",8100,") {
		t.Errorf("the shortened night of 25,200 s and the newer day of 8,100 steps must stand:\n%s\n%s", sleeps, daily)
	}
}
