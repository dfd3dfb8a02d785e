package pages_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/servertest"
)

const aCycle = `"summaryId":"x-c","periodStartDate":"2026-11-02","dayInCycle":5,"periodLength":4,"cycleLength":27,` +
	`"currentPhaseType":"FOLLICULAR","fertileWindowStart":12,"lengthOfFertileWindow":6`

// cycleHousehold has Ada, who shares her values with Ben.
func cycleHousehold(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	s.Add("Ben", "u2")
	s.Push("mct", aCycle)
	s.Push("dailies", `"summaryId":"x-d","calendarDate":"2026-11-02","startTimeInSeconds":1793577600,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":4000`)
	ada, err := s.Store.PersonBySlug(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	s.Account("ada", db.RoleMember, ada.ID)
	ben := s.Account("ben", db.RoleMember, ada.ID+1)
	if err := s.Store.Share(t.Context(), time.Now(), ada.ID, ben.ID); err != nil {
		t.Fatal(err)
	}
	return s
}

// cyclePages are pages of values and what they show of a cycle while the person has it on.
var cyclePages = map[string]string{"/p/ada/womens-health": "<span>Follicular</span>",
	"/p/ada/day/2026-11-02": "metric-cycle_length", "/p/ada/calendar/2026": "cycle_length",
	"/p/ada/trends?m=cycle_length&range=all": "metric-cycle_length"}

func TestWomensHealthIsOffUntilThePersonSwitchesItOnAndIsNeverShared(t *testing.T) {
	t.Parallel()
	s := cycleHousehold(t)
	s.As("ben") // with whom Ada shares her values
	if w := s.Get("/p/ada/womens-health"); w.Code != http.StatusNotFound {
		t.Errorf("Ben gets %d", w.Code)
	}
	for path, secret := range map[string]string{"/p/ada/data": "/data/mct", "/p/ada/export/mct": "FOLLICULAR",
		"/p/ada/export/metrics": ",27", "/p/ada/day/2026-11-02": "metric-cycle_length", "/p/ada/calendar/2026": "cycle_length",
		"/inbox/1": "FOLLICULAR"} {
		if strings.Contains(s.Get(path).Body.String(), secret) {
			t.Errorf("%s shows Ben %s", path, secret)
		}
	}
	for path, want := range map[string]int{"/p/ada/data/mct": http.StatusNotFound,
		"/p/ada/calendar/2026?m=cycle_length": http.StatusNotFound, "/inbox/1/body": http.StatusForbidden} {
		if w := s.Get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if w := s.Form("/p/ada/womens-health", url.Values{"on": {"1"}}); w.Code != http.StatusNotFound {
		t.Errorf("Ben switches it: %d", w.Code)
	}

	s.As("ada")
	for path, secret := range cyclePages {
		if strings.Contains(s.Page(path), secret) {
			t.Errorf("%s shows Ada %s although it is off", path, secret)
		}
	}
	if w := s.Form("/p/ada/womens-health", url.Values{"on": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("she cannot switch it on: %d", w.Code)
	}
	const entry = `class="nav-womens-health`
	page := s.Page("/p/ada/womens-health")
	if strings.Count(page, entry) != 1 || !strings.Contains(s.Page("/settings"), entry) {
		t.Error("the navigation does not lead to it")
	}
	s.As("ben")
	if strings.Contains(s.Page("/p/ada/heart"), entry) {
		t.Error("Ben's navigation leads to it")
	}
	s.As("ada")
	for path, secret := range cyclePages {
		if !strings.Contains(s.Page(path), secret) {
			t.Errorf("%s does not show Ada %s although it is on", path, secret)
		}
	}
	if !strings.Contains(page, "Follicular") || strings.Count(page, `<li class="period`) != 4 ||
		strings.Count(page, `<li class="fertile`) != 6 {
		t.Error("the cycle is not shown")
	}
	if s.Get("/p/ada/data/mct").Code != http.StatusOK {
		t.Error("she cannot read her own records")
	}
	s.Form("/p/ada/womens-health", url.Values{"on": {"0"}})
	if strings.Contains(s.Page("/p/ada/heart"), entry) {
		t.Error("the navigation leads to it although it is off")
	}
	if strings.Contains(s.Page("/p/ada/womens-health"), "FOLLICULAR") {
		t.Error("it cannot be switched off")
	}
}

// TestABodyOfATypeThatIsNotKnownIsNotShared: it may be about women's health.
func TestABodyOfATypeThatIsNotKnownIsNotShared(t *testing.T) {
	t.Parallel()
	s := cycleHousehold(t)
	s.Push("newType", `"phase":"FOLLICULAR"`)
	for as, want := range map[string]int{"ada": http.StatusOK, "ben": http.StatusForbidden} {
		s.As(as)
		w := s.Get("/inbox/3/body")
		if w.Code != want {
			t.Errorf("%s gets %d, want %d", as, w.Code, want)
		}
		if as == "ben" && strings.Contains(w.Body.String()+s.Get("/inbox/3").Body.String(), "FOLLICULAR") {
			t.Error("Ben reads it")
		}
	}
}

// TestABodyThatIsCutOffIsClosedToAdminsWhereItMayBeAboutWomensHealth: they read all other
// values of everyone.
func TestABodyThatIsCutOffIsClosedToAdminsWhereItMayBeAboutWomensHealth(t *testing.T) {
	t.Parallel()
	s := cycleHousehold(t)
	for _, person := range []int64{1, 2} {
		if err := s.Store.SetAdminsRead(t.Context(), person, true); err != nil {
			t.Fatal(err)
		}
	}
	s.Account("boss", db.RoleAdmin, 0)
	s.As("boss")
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"mct", `{"mct":[{"userId":"u1","currentPhaseType":"FOLLICULAR"`, http.StatusForbidden},
		{"", `{"dailies":[{"userId":"u1","steps":1,}],"mct":[{"currentPhaseType":"FOLLICULAR"}]}`, http.StatusForbidden},
		{"dailies", `{"dailies":[{"userId":"u1","steps":`, http.StatusOK},
	} {
		id, err := s.Inbox.Put(t.Context(), db.Arrival{Received: time.Now(), Path: c.path}, []byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		s.Run()
		page, body := s.Page(fmt.Sprintf("/inbox/%d", id)), s.Get(fmt.Sprintf("/inbox/%d/body", id))
		if body.Code != c.want || strings.Contains(page+body.Body.String(), "FOLLICULAR") {
			t.Errorf("%s: %d, want %d", c.body, body.Code, c.want)
		}
	}
}

// TestAGoalOfWeightIsNotShared: its kind may be a pregnancy.
func TestAGoalOfWeightIsNotShared(t *testing.T) {
	t.Parallel()
	s := cycleHousehold(t)
	s.Push("weightGoals", `"startDate":"2026-11-02","category":"PREGNANCY","goalValueInGrams":70000`)
	for as, reads := range map[string]bool{"ada": true, "ben": false} {
		s.As(as)
		for _, path := range []string{"/p/ada/data/weightGoals", "/p/ada/export/weightGoals"} {
			if got := strings.Contains(s.Get(path).Body.String(), "PREGNANCY"); got != reads {
				t.Errorf("%s reads it in %s: %v", as, path, got)
			}
		}
	}
	now := time.Now().AddDate(0, 0, -3)
	s.Push("bodyComps", fmt.Sprintf(`"summaryId":"x-w","measurementTimeInSeconds":%d,"measurementTimeOffsetInSeconds":0,`+
		`"weightInGrams":70500`, now.Unix()))
	s.Push("weightGoals", `"startDate":"`+now.UTC().Format(time.DateOnly)+`","category":"LOSS","goalValueInGrams":68000`)
	for as, reads := range map[string]bool{"ada": true, "ben": false} {
		s.As(as)
		if page := s.Page("/p/ada/body"); strings.Contains(page, ">goal 68.0") != reads || !strings.Contains(page, "70.5") {
			t.Errorf("%s reads it beside her weight: %v", as, !reads)
		}
	}
}

func TestBodyListsReadingsOfBloodPressureNewestFirst(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("bloodPressures",
		`"summaryId":"x-1","measurementTimeInSeconds":1795169400,"measurementTimeOffsetInSeconds":50400,"systolic":121,`+
			`"diastolic":79,"pulse":61,"sourceType":"MANUAL"`,
		`"summaryId":"x-2","measurementTimeInSeconds":1795169900,"measurementTimeOffsetInSeconds":50400,"systolic":131,`+
			`"diastolic":82,"pulse":62,"sourceType":"DEVICE"`)
	page := s.Page("/p/ada/body?range=all")
	_, list, _ := strings.Cut(page, `data-testid="pressures"`)
	if at := strings.Index(list, ">131<"); at < 0 || at > strings.Index(list, ">121<") {
		t.Error("the newest reading is not first")
	}
	if strings.Count(list, "entered by hand") != 1 || !strings.Contains(list, "00:10") {
		t.Error("the source or the record's clock is not named")
	}
	if strings.Contains(page, "/womens-health") {
		t.Error("an admin is led to what is not theirs")
	}
}

func TestTheWeightChartHasTheGoalInForceAndTheBarsOfBloodPressureThePulse(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Account("ada", db.RoleMember, 1)
	s.As("ada")
	now := time.Now()
	day := func(back int) string { return now.AddDate(0, 0, -back).UTC().Format(time.DateOnly) }
	s.Push("bodyComps", fmt.Sprintf(`"summaryId":"x-w","measurementTimeInSeconds":%d,"measurementTimeOffsetInSeconds":0,`+
		`"weightInGrams":70500`, now.AddDate(0, 0, -3).Unix()))
	s.Push("bloodPressures", fmt.Sprintf(`"summaryId":"x-p","measurementTimeInSeconds":%d,"measurementTimeOffsetInSeconds":0,`+
		`"systolic":121,"diastolic":79,"pulse":61`, now.AddDate(0, 0, -3).Unix()))
	if page := s.Page("/p/ada/body"); strings.Contains(page, ">goal ") {
		t.Error("there is a goal without any")
	}
	s.Push("weightGoals",
		`"startDate":"`+day(20)+`","category":"OLD","goalValueInGrams":66000,"endDate":"`+day(9)+`"`,
		`"startDate":"`+day(19)+`","category":"MANUAL","goalValueInGrams":68000`)
	page := s.Page("/p/ada/body")
	for _, want := range []string{">goal 68.0", "The dot in each bar is the pulse when measured, in bpm.",
		"pulse when measured 61", `class="dots within"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
