package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"garner/health"
)

// errLongNote is a mistake of the program: the length is checked before.
var errLongNote = errors.New("the note is too long")

// SetDayNote keeps a person's note of a day in place of an earlier one; an empty text
// removes it. ErrNotFound means that there is no such person.
func (s *Store) SetDayNote(ctx context.Context, now time.Time, person int64, note health.Note) error {
	text, ok := health.TidyNote(note.Text)
	if !ok {
		return errLongNote
	}
	return s.w.do(ctx, func(t *tx) error {
		if text == "" {
			return t.exec(`delete from day_note where person_id = ? and day = ?`, person, int64(note.Day))
		}
		return t.changeOne(`insert into day_note (person_id, day, note, changed_ms)
			select id, ?, ?, ? from person where id = ? and erasing_ms = 0
			on conflict (person_id, day) do update set note = excluded.note, changed_ms = excluded.changed_ms`,
			int64(note.Day), text, now.UnixMilli(), person)
	})
}

// DayNotes are a person's notes of the days from from to to, both included, by day.
func (s *Store) DayNotes(ctx context.Context, person int64, from, to health.Day) ([]health.Note, error) {
	rows, err := s.f.query(ctx, `select day, note from day_note where person_id = ? and day between ? and ? order by day`,
		person, int64(from), int64(to))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (n health.Note, err error) { return n, rows.Scan(&n.Day, &n.Text) })
}
