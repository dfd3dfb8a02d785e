package db_test

import (
	"errors"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func TestNamesAreUniqueWhateverTheirCaseAndSpaces(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	add := func(name, userID, token string) error {
		_, err := s.AddPerson(t.Context(), time.Now(), name, userID, token)
		return err
	}
	if err := add("Zoë Öst", "u1", "t1"); err != nil {
		t.Fatal(err)
	}
	mark, err := s.PeopleMark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Zoë Öst", "zoë öst", "ZOË ÖST", "  Zoë   Öst ", "Zoe\u0308 O\u0308st", "Ｚoë Öst"} {
		if err := add(name, "", ""); !errors.Is(err, db.ErrTaken) {
			t.Errorf("%q: %v, want ErrTaken", name, err)
		}
	}
	for name, err := range map[string]error{"a user id": add("Ben", "u1", ""), "a token": add("Ben", "", "t1")} {
		if !errors.Is(err, db.ErrTaken) {
			t.Errorf("%s of someone else: %v, want ErrTaken", name, err)
		}
	}
	if err := add(" \t", "", ""); err == nil {
		t.Error("a person without a name was added")
	}
	people, err := s.People(t.Context())
	if now, markErr := s.PeopleMark(t.Context()); len(people) != 1 || now != mark || errors.Join(err, markErr) != nil {
		t.Errorf("%d people, mark %d then %d: a refused person leaves something", len(people), mark, now)
	}
}

func TestSlugsNameOnePersonAndDoNotChange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	units := health.Units{System: health.SystemImperial, Weight: health.InStones, Temperature: health.InCelsius,
		Energy: health.InKilojoules}
	want := map[string]string{"Zoë Öst": "zoe-ost", "Zoe Ost": "zoe-ost-2", "zoe.ost!": "zoe-ost-3", "李": "person",
		"林": "person-2", "A--b  C3": "a-b-c3"}
	for _, name := range []string{"Zoë Öst", "Zoe Ost", "zoe.ost!", "李", "林", "A--b  C3"} {
		p, err := s.AddPerson(t.Context(), time.Now(), name, "", "")
		if err != nil || p.Slug != want[name] {
			t.Fatalf("%q: %+v, %v", name, p, err)
		}
		if err := s.SetUnits(t.Context(), p.ID, units); err != nil {
			t.Fatal(err)
		}
	}
	people, err := s.People(t.Context())
	if err != nil || len(people) != len(want) {
		t.Fatal(len(people), err)
	}
	for _, p := range people {
		got, err := s.PersonBySlug(t.Context(), p.Slug)
		if err != nil || got.ID != p.ID || p.Units != units {
			t.Errorf("%s: %+v, %v", p.Slug, got, err)
		}
		if got, err := s.PersonByName(t.Context(), p.Name); err != nil || got.ID != p.ID {
			t.Errorf("%s: %+v, %v", p.Name, got, err)
		}
	}
	for _, slug := range []string{"", "unknown", "Zoe-Ost"} {
		if _, err := s.PersonBySlug(t.Context(), slug); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%q: %v", slug, err)
		}
	}
}

func TestAPersonIsLinkedByUserIDAndByTheHashOfATokenOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	ada, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", "secret-token")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := s.Identities(t.Context())
	if err != nil || ids.UserIDs["u1"] != ada.ID || ids.Tokens[string(db.TokenHash("secret-token"))] != ada.ID ||
		len(ids.UserIDs)+len(ids.Tokens) != 2 {
		t.Errorf("%+v, %v", ids, err)
	}
}
