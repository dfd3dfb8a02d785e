package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/health/alert"
	"garner/ui"
)

// flash redirects to the page of a form, with a message about what was done.
func flash(r *http.Request, to, message string) (answer, error) {
	if back := r.PostFormValue("back"); back != "" {
		to = backTo(r)
	}
	path, query, _ := strings.Cut(to, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{}
	}
	q.Set("flash", message)
	return redirect(path + "?" + q.Encode())
}

// about reads which person and type a form is about: 0 and empty for all.
func (s *Site) about(r *http.Request) (person int64, typ string, err error) {
	if slug := r.PostFormValue("person"); slug != "" {
		p, err := s.reader(r, time.Now()).Person(r.Context(), slug)
		if err != nil {
			return 0, "", err
		}
		person = p.ID
	}
	typ = r.PostFormValue("type")
	if t, ok := recordType(typ); typ != "" && (!ok || t.PersonalOnly) {
		return 0, "", badRequest("There is no such type.")
	}
	return person, typ, nil
}

// alertsAcknowledge closes an alert whose end Garner cannot detect.
func (s *Site) alertsAcknowledge(r *http.Request) (answer, error) {
	sign := map[alert.Kind]string{alert.FilesReplaced: db.SignalFiles,
		alert.Damaged: db.SignDamage}[alert.Kind(r.PostFormValue("kind"))]
	if sign == "" {
		return answer{}, badRequest("There is no such alert to close.")
	}
	if err := s.store.ClearSign(r.Context(), sign); err != nil {
		return answer{}, err
	}
	return flash(r, "/alerts", "The alert is closed. It opens again if the problem is found again.")
}

// mostHours is how far back arrivals are kept for people with a limit.
const mostHours = 24 * 90

// readHours reads a limit; empty means the default.
func readHours(text string) (time.Duration, string) {
	text = strings.TrimSpace(strings.Replace(text, ",", ".", 1))
	if text == "" {
		return 0, ""
	}
	h, err := strconv.ParseFloat(text, 64)
	limit := time.Duration(h * float64(time.Hour)).Round(time.Second)
	if err != nil || !(h > 0 && h <= mostHours) || limit < time.Second {
		return 0, "Give hours, such as 36: more than 0, at most 2160 (90 days)."
	}
	return limit, ""
}

func (s *Site) alertsRule(r *http.Request) (answer, error) {
	person, typ, err := s.about(r)
	if err != nil {
		return answer{}, err
	}
	form := ui.RuleForm{Person: r.PostFormValue("person"), Type: typ, Hours: r.PostFormValue("hours")}
	limit, problem := readHours(form.Hours)
	switch {
	case problem != "":
		form.HoursError = problem
	case limit == 0:
		form.HoursError = "Give hours, such as 36."
	case person == 0 && typ == "":
		form.Error = "The general limit is person_silent_after in garner.toml. Choose a person or a type."
	}
	if form.HoursError+form.Error != "" {
		return s.alertsPage(r, alertForms{rule: form}, http.StatusUnprocessableEntity)
	}
	if err := s.store.PutRule(r.Context(), db.Rule{Person: person, Type: typ, Limit: limit}); err != nil {
		return answer{}, err
	}
	return flash(r, "/alerts", "The rule is saved: "+ui.Hours(limit)+" h.")
}

func (s *Site) alertsRuleDelete(r *http.Request) (answer, error) {
	id, err := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	if err != nil {
		return answer{}, badRequest("There is no such rule.")
	}
	if err := s.store.DeleteRule(r.Context(), id); err != nil {
		return answer{}, err
	}
	return flash(r, "/alerts", "The rule is deleted. The general limit applies again.")
}

// readPause reads the form of a pause. Its days are in the reader's time zone.
func (s *Site) readPause(r *http.Request, person int64, typ string) (db.Pause, ui.PauseForm, error) {
	prefs, err := s.preferences(r)
	p, form := pauseOf(r, person, typ, prefs.Zone)
	return p, form, err
}

func pauseOf(r *http.Request, person int64, typ string, zone *time.Location) (db.Pause, ui.PauseForm) {
	form := ui.PauseForm{Person: r.PostFormValue("person"), Type: typ, From: strings.TrimSpace(r.PostFormValue("from")),
		Until: strings.TrimSpace(r.PostFormValue("until")), Reason: strings.TrimSpace(r.PostFormValue("reason"))}
	now := time.Now()
	p := db.Pause{Person: person, Type: typ, From: now, Reason: form.Reason}
	if form.From != "" {
		from, err := time.ParseInLocation(time.DateOnly, form.From, zone)
		if err != nil {
			form.FromError = "Give a date, such as " + now.In(zone).Format(time.DateOnly) + "."
		}
		p.From = from
	}
	until, err := time.ParseInLocation(time.DateOnly, form.Until, zone)
	p.To = until.AddDate(0, 0, 1)
	switch {
	case form.Until == "":
		form.UntilError = "Give the last day of the pause."
	case err != nil:
		form.UntilError = "Give a date, such as " + now.In(zone).AddDate(0, 0, 7).Format(time.DateOnly) + "."
	case !p.To.After(now):
		form.UntilError = "This day is in the past."
	case !p.To.After(p.From):
		form.UntilError = "The pause would end before it begins."
	case p.To.After(now.AddDate(2, 0, 0)):
		form.UntilError = "A pause lasts two years at most."
	}
	if utf8.RuneCountInString(form.Reason) > 200 || !plain(form.Reason) {
		form.ReasonError = "Give a reason of one line, at most 200 characters."
	}
	return p, form
}

func badPause(f ui.PauseForm) bool {
	return f.FromError+f.UntilError+f.ReasonError+f.Error != ""
}

func pausedUntil(p db.Pause) string {
	return "Paused until " + p.To.Add(-time.Second).Format("Mon 2 Jan 2006") + ", that day included."
}

func (s *Site) alertsPause(r *http.Request) (answer, error) {
	person, typ, err := s.about(r)
	if err != nil {
		return answer{}, err
	}
	if person == 0 && !viewer(r).Operates() {
		return answer{}, errAdmin
	}
	if err := viewer(r).ChangesSubject(person); err != nil {
		return answer{}, err
	}
	pause, form, err := s.readPause(r, person, typ)
	if err != nil {
		return answer{}, err
	}
	if badPause(form) {
		return s.alertsPage(r, alertForms{pause: form}, http.StatusUnprocessableEntity)
	}
	if _, err := s.store.PutPause(r.Context(), pause); err != nil {
		return answer{}, err
	}
	return flash(r, "/alerts", pausedUntil(pause))
}

func (s *Site) alertsPauseDelete(r *http.Request) (answer, error) {
	id, err := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	if err != nil {
		return answer{}, badRequest("There is no such pause.")
	}
	if err := s.reader(r, time.Now()).ChangesPause(r.Context(), id); err != nil {
		return answer{}, err
	}
	if err := s.store.EndPause(r.Context(), time.Now(), id); err != nil {
		return answer{}, err
	}
	return flash(r, "/alerts", "The pause has ended.")
}

// testWithin is how long a test may take: less than a response may take
// altogether.
const testWithin = 45 * time.Second

// alertsTest sends a test notification and shows what the server answered.
func (s *Site) alertsTest(r *http.Request) (answer, error) {
	key := r.PostFormValue("channel")
	if !slices.ContainsFunc(s.live.Load().Channels, func(c Channel) bool { return c.Key == key && c.Configured() }) {
		return answer{}, badRequest("This channel is not set up.")
	}
	return redirect("/alerts?" + s.test(r.Context(), key).Encode())
}

// personSyncSave sets a person's own limit.
func (s *Site) personSyncSave(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	limit, problem := readHours(r.PostFormValue("hours"))
	if problem != "" {
		return s.personSyncPage(r, ui.PauseForm{}, ui.LimitForm{Hours: r.PostFormValue("hours"), Error: problem},
			http.StatusUnprocessableEntity)
	}
	if err := s.store.PutRule(r.Context(), db.Rule{Person: person.ID, Limit: limit}); err != nil {
		return answer{}, err
	}
	return flash(r, "/p/"+person.Slug+"/sync", "Saved.")
}

func (s *Site) personSyncPause(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	pause, form, err := s.readPause(r, person.ID, "")
	if err != nil {
		return answer{}, err
	}
	if badPause(form) {
		return s.personSyncPage(r, form, ui.LimitForm{}, http.StatusUnprocessableEntity)
	}
	if _, err := s.store.PutPause(r.Context(), pause); err != nil {
		return answer{}, err
	}
	return flash(r, "/p/"+person.Slug+"/sync", pausedUntil(pause))
}

// typeSyncSave sets the limit of one type of a person, or reports whether it
// applies at all.
func (s *Site) typeSyncSave(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	typ := mux.Vars(r)["type"]
	if _, ok := recordType(typ); !ok {
		return answer{}, db.ErrNotFound
	}
	rule, err := s.reader(r, time.Now()).RuleOf(r.Context(), person.ID, typ)
	if err != nil {
		return answer{}, err
	}
	if r.PostForm.Has("applies") {
		rule.Off = r.PostFormValue("applies") == "no"
	}
	if r.PostForm.Has("hours") {
		limit, problem := readHours(r.PostFormValue("hours"))
		if problem != "" {
			return s.typeSyncPage(r, ui.PauseForm{}, ui.LimitForm{Hours: r.PostFormValue("hours"), Error: problem},
				http.StatusUnprocessableEntity)
		}
		rule.Limit = limit
	}
	if err := s.store.PutRule(r.Context(), rule); err != nil {
		return answer{}, err
	}
	return flash(r, "/p/"+person.Slug+"/sync/"+typ, "Saved.")
}
