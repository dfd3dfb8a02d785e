package pages

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/health"
	"garner/ui"
)

// newestDay redirects to the requested day, or to the newest with data.
func (s *Site) newestDay(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	day, err := dateOr(r, "date", func() (health.Day, error) {
		return s.reader(r, time.Now()).NewestDay(r.Context(), person)
	})
	if err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/p/%s/day/%s", person.Slug, day))
}

// day shows one date of a person.
func (s *Site) day(r *http.Request) (answer, error) {
	return s.dayPage(r, nil, http.StatusOK)
}

// dayPage shows the page with what was typed into the form of its note, nil for nothing.
func (s *Site) dayPage(r *http.Request, typed *ui.NoteForm, status int) (answer, error) {
	date, err := dateOf(r)
	if err != nil {
		return answer{}, err
	}
	p, err := s.base(r, ui.Date(date), ui.NavDay)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	day, err := s.reader(r, p.Now).Day(r.Context(), person, date)
	if err != nil {
		return answer{}, err
	}
	p.Title = ui.ShortDate(date) + " · " + person.Name
	p.Path = fmt.Sprintf("/p/%s/day/%s", person.Slug, date) // also after the form
	v := ui.NewDayView(p, p.UnitsOf(person.Units), day, partOf(r))
	if viewer(r).Writes(person.ID) == nil && (!day.Future || typed != nil) {
		v.NoteForm = cmp.Or(typed, &ui.NoteForm{Text: day.Note})
	}
	return answer{view: ui.Day(p, v), status: status}, nil
}

// partOf is the part of a day of the address, the whole day where it has none.
func partOf(r *http.Request) ui.DayPart {
	from, err1 := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	to, err2 := strconv.ParseInt(r.URL.Query().Get("to"), 10, 64)
	if err1 != nil || err2 != nil {
		return ui.DayPart{}
	}
	return ui.DayPart{From: from, To: to}
}

// unsaved is what is said of a note that could not be written.
func unsaved(err error) string {
	if errors.Is(err, db.ErrFull) {
		return ui.NoteDiskFull
	}
	return ui.NoteUnsaved
}

// dayNote is POST /p/{slug}/day/{date}/note: it keeps what was written about the day.
func (s *Site) dayNote(r *http.Request) (answer, error) {
	date, err := dateOf(r)
	if err != nil {
		return answer{}, err
	}
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	text, ok := health.TidyNote(r.PostFormValue("note"))
	if !r.PostForm.Has("note") { // an empty one deletes it
		return answer{}, badRequest("The form has no note.")
	}
	if !ok {
		return s.dayPage(r, &ui.NoteForm{Text: text, Error: ui.NoteTooLong}, http.StatusUnprocessableEntity)
	}
	bounds, err := s.reader(r, time.Now()).Bounds(r.Context(), person.ID)
	if err != nil {
		return answer{}, err
	}
	if text != "" && !bounds.Hold(date) {
		return s.dayPage(r, &ui.NoteForm{Text: text, Error: ui.NoteOutside}, http.StatusUnprocessableEntity)
	}
	err = s.store.SetDayNote(r.Context(), time.Now(), person.ID, health.Note{Day: date, Text: text})
	if err != nil && !errors.Is(err, db.ErrNotFound) && r.Context().Err() == nil {
		s.log.Error("note", "err", err)
		return s.dayPage(r, &ui.NoteForm{Text: text, Error: unsaved(err)}, http.StatusServiceUnavailable)
	}
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionNoteChanged, person.ID, date.String())
	return redirect(fmt.Sprintf("/p/%s/day/%s", person.Slug, date))
}
