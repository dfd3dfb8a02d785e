package service

import (
	"net/http"
	"strconv"
	"time"

	"garner/garmin/simulator"
)

// personalGet is one GET of the Personal API.
type personalGet struct {
	path string
	// from and to are the names of the parameters of a range, in the path or in the
	// query; to is empty where one date is asked for, both where none is.
	from, to string
	// most is the longest range in days, 0 for any.
	most int
	// none is the status if there is nothing.
	none int
	get  func(personalAsk) any
}

// personalAsk is what a call asks of whose account.
type personalAsk struct {
	*simulator.Account
	r        *http.Request
	from, to time.Time
}

func (q personalAsk) id() int64 {
	id, err := strconv.ParseInt(q.r.PathValue("id"), 10, 64)
	if err != nil {
		return 0 // no activity has it
	}
	return id
}

func (q personalAsk) chunks() int {
	n, err := strconv.Atoi(q.r.URL.Query().Get("chunks"))
	if err != nil {
		return 0
	}
	return max(0, min(n, 96))
}

// Of dailysummaries only the end of the path is known: any segment is right before it.
// Limits of ranges are those that were measured, or documented.
var personalGets = []personalGet{
	{"/activity-service/activity/{id}", "", "", 0, http.StatusNotFound,
		func(q personalAsk) any { return q.Activity(q.id()) }},
	{"/activity-service/activity/{id}/workouts", "", "", 0, http.StatusNotFound,
		func(q personalAsk) any { return q.Workouts(q.id()) }},
	{"/usersummary-service/usersummary/daily", "calendarDate", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.DaySummary(q.from) }},
	{"/usersummary-service/{any}/v2/dailysummaries", "startDate", "endDate", 35, http.StatusNoContent,
		func(q personalAsk) any { return q.DaySummaries(q.from, q.to) }},
	{"/usersummary-service/stats/steps/daily/{from}/{to}", "from", "to", 28, http.StatusNoContent,
		func(q personalAsk) any { return q.Steps(q.from, q.to) }},
	{"/usersummary-service/stats/stress/daily/{from}/{to}", "from", "to", 28, http.StatusNoContent,
		func(q personalAsk) any { return q.Stress(q.from, q.to) }},
	{"/usersummary-service/stats/hydration/daily/{from}/{to}", "from", "to", 31, http.StatusNoContent,
		func(q personalAsk) any { return q.Hydration(q.from, q.to) }},
	{"/wellness-service/wellness/dailyHeartRate", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.HeartRate(q.from) }},
	{"/wellness-service/wellness/bodyBattery/reports/daily", "startDate", "endDate", 31, http.StatusNoContent,
		func(q personalAsk) any { return q.BodyBattery(q.from, q.to, q.chunks()) }},
	{"/wellness-service/wellness/daily/spo2acclimation/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.SpO2(q.from) }},
	{"/sleep-service/sleep/dailySleepData", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.Sleep(q.from) }},
	{"/sleep-service/sleep/dailySleepSummariesByDate", "startDate", "endDate", 31, http.StatusNoContent,
		func(q personalAsk) any { return q.Sleeps(q.from, q.to) }},
	{"/hrv-service/hrv/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.HRV(q.from) }},
	{"/hrv-service/hrv/daily/{from}/{to}", "from", "to", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.HRVs(q.from, q.to) }},
	{"/fitnessage-service/fitnessage/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.FitnessAge(q.from) }},
	{"/weight-service/weight/range/{from}/{to}", "from", "to", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.Weights(q.from, q.to, q.r.URL.Query().Get("includeAll") == "true") }},
	{"/weight-service/weight/all/{from}/{to}", "from", "to", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.WeightEntries(q.from, q.to) }},
	{"/goal-service/goal/user/effective/weightgoal/{from}/{to}", "from", "to", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.WeightGoals(q.from, q.to) }},
	{"/biometric-service/heartRateZones", "", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.HeartRateZones() }},
	{"/userprofile-service/userprofile/settings", "", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.Settings() }},
	{"/nutrition-service/food/logs/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.FoodLog(q.from) }},
	{"/periodichealth-service/menstrualcycle/summary/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.Cycle(q.from) }},
	{"/periodichealth-service/menstrualcycle/dayview/{date}", "date", "", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.CycleDay(q.from) }},
	{"/wellnessactivity-service/activity/summary/list", "fromDate", "untilDate", 0, http.StatusNoContent,
		func(q personalAsk) any { return q.WellnessActivities(q.from, q.to) }},
}

// routePersonal adds the Personal API. Paths that are not on the list are not found.
func (s *Service) routePersonal() {
	s.handle("POST "+PersonalTokenPath, s.personal(s.exchangeKey))
	for i := range personalGets {
		get := &personalGets[i]
		s.handle("GET "+get.path, s.personal(s.borne(func(a *answer, q personalAsk) { get.answer(a, q) })))
	}
	s.handle("GET /activitylist-service/activities/search/activities", s.personal(s.borne(searchActivities)))
	s.handle("GET /download-service/files/activity/{id}", s.personal(s.borne(sendFile)))
}

// borne lets a handler run with the account of the bearer.
func (s *Service) borne(h func(*answer, personalAsk)) func(*answer, *http.Request) {
	return func(a *answer, r *http.Request) {
		person, ok := s.bearing(r)
		if !ok {
			a.fail(http.StatusUnauthorized, "the token is unknown or expired")
			return
		}
		a.person = person
		h(a, personalAsk{Account: s.world.Account(person, s.cfg.Now()), r: r})
	}
}

func (g *personalGet) answer(a *answer, q personalAsk) {
	var ok bool
	if q.from, q.to, ok = g.dates(q.r); !ok {
		a.fail(http.StatusBadRequest, "the dates must be YYYY-MM-DD and form a range")
		return
	}
	if g.most > 0 && q.to.Sub(q.from) > time.Duration(g.most-1)*day {
		a.fail(http.StatusBadRequest, "the range exceeds %d days", g.most)
		return
	}
	v := g.get(q)
	if v == nil {
		a.status = g.none
		return
	}
	a.json(http.StatusOK, v)
}

// dates reads what range is asked for.
func (g *personalGet) dates(r *http.Request) (from, to time.Time, ok bool) {
	if g.from == "" {
		return from, to, true
	}
	from, ok = dateIn(r, g.from)
	if g.to == "" || !ok {
		return from, from, ok
	}
	to, ok = dateIn(r, g.to)
	return from, to, ok && !to.Before(from)
}

// dateIn is a date in the path or in the query.
func dateIn(r *http.Request, name string) (time.Time, bool) {
	text := r.PathValue(name)
	if text == "" {
		text = r.URL.Query().Get(name)
	}
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

// mostListed is how many activities a page has at most, usualListed how many without a
// limit.
const (
	usualListed = 20
	mostListed  = 100
)

func searchActivities(a *answer, q personalAsk) {
	query := q.r.URL.Query()
	search := simulator.Search{Limit: usualListed, Type: query.Get("activityType"),
		ExcludeChildren: query.Get("excludeChildren") == "true"}
	ok := true
	number := func(name string, to *int, low, high int) {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			ok = ok && err == nil && n >= low && n <= high
			*to = n
		}
	}
	number("start", &search.Start, 0, 1_000_000)
	number("limit", &search.Limit, 1, mostListed)
	for name, to := range map[string]*time.Time{"startDate": &search.From, "endDate": &search.To} {
		if query.Get(name) != "" {
			t, parsed := dateIn(q.r, name)
			ok = ok && parsed
			*to = t
		}
	}
	if !ok {
		a.fail(http.StatusBadRequest, "start, limit (at most %d), startDate or endDate is wrong", mostListed)
		return
	}
	a.json(http.StatusOK, q.Activities(search))
}

// sendFile answers with the ZIP of an activity's file.
func sendFile(a *answer, q personalAsk) {
	zipped, ready, err := q.File(q.id())
	switch {
	case err != nil:
		a.fail(http.StatusInternalServerError, "%v", err)
	case !ready:
		a.fail(http.StatusServiceUnavailable, "the file is not ready")
	case zipped == nil:
		a.fail(http.StatusNotFound, "the activity has no file")
	default:
		a.header.Set("Content-Type", "application/zip")
		a.body.Write(zipped)
	}
}
