package db_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func TestADayHasOneNoteWhichAnEmptyTextRemoves(t *testing.T) {
	t.Parallel()
	s, ctx, now := openStore(t, t.TempDir()), t.Context(), time.UnixMilli(1_700_000_000_000)
	p, err := s.AddPerson(ctx, now, "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	set := func(day health.Day, text string) {
		t.Helper()
		if err := s.SetDayNote(ctx, now, p.ID, health.Note{Day: day, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(from, to health.Day, want ...health.Note) {
		t.Helper()
		if got, err := s.DayNotes(ctx, p.ID, from, to); err != nil || !slices.Equal(got, want) {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	set(102, "travel to Tokyo")
	set(100, " ill\n again\x00\u202e ")
	set(103, strings.Repeat("é", health.NoteLongest))
	want(100, 102, health.Note{Day: 100, Text: "ill again"}, health.Note{Day: 102, Text: "travel to Tokyo"})
	set(100, "well")
	set(102, " ")
	want(0, 102, health.Note{Day: 100, Text: "well"})
	if err := s.SetDayNote(ctx, now, p.ID, health.Note{Day: 100, Text: strings.Repeat("x", 201)}); err == nil {
		t.Error("a note of 201 characters is kept")
	}
	if err := s.SetDayNote(ctx, now, p.ID+1, health.Note{Day: 100, Text: "x"}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a note of no one: %v", err)
	}
	want(0, 102, health.Note{Day: 100, Text: "well"})
}
