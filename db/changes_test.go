package db_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
)

func openBoth(t *testing.T) (*db.Inbox, *db.Store) {
	t.Helper()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	return in, s
}

// erase erases a person completely.
func erase(t *testing.T, s *db.Store, person int64) {
	t.Helper()
	begin(t, s, person)
	eraseRows(t, s, person)
	if err := s.EndErasure(t.Context(), person); err != nil {
		t.Fatal(err)
	}
}

// putRecord stores a record of a person and day, with a value.
func putRecord(t *testing.T, in *db.Inbox, s *db.Store, person int64, typ string, day health.Day, value string) {
	t.Helper()
	for _, job := range put(t, in, s, 1) {
		v := health.Version{Person: person, Type: typ, Key: fmt.Sprint(day), Start: int64(day)*86400 + 60,
			End: int64(day)*86400 + 120, Day: day, Body: []byte(value)}
		v.Order.Arrival = health.Arrival{Delivery: job.ID}
		copy(v.Sum[:], sum16(v.Body))
		if err := s.Apply(t.Context(), time.Now(), []*db.Result{{Job: job, State: db.Done,
			Versions: []health.Version{v}}}); err != nil {
			t.Fatal(err)
		}
	}
}

// read returns the changes after a place as words, and the place after them.
func read(t *testing.T, s *db.Store, after db.ChangeCursor, people []int64) ([]string, db.ChangeCursor) {
	t.Helper()
	list, next, err := s.Changes(t.Context(), after, people, people == nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		word := fmt.Sprintf("%d %s %d", c.Person, c.Type, c.Day)
		if c.Erased {
			word += " erased"
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return out, next
}

func sameWords(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAChangeIsReadOnceAndAgainOnlyWhenTheDayChangesAgain(t *testing.T) {
	t.Parallel()
	in, s := openBoth(t)
	ada, ben := addPerson(t, s, "Ada").ID, addPerson(t, s, "Ben").ID
	putRecord(t, in, s, ada, "keyed", 20000, "one")
	putRecord(t, in, s, ben, "small", 20001, "two")
	got, at := read(t, s, db.ChangeCursor{}, nil)
	sameWords(t, got, "1  20000", "1 keyed 20000", "2  20001", "2 small 20001")
	got, at = read(t, s, at, nil)
	sameWords(t, got)
	putRecord(t, in, s, ada, "keyed", 20000, "more than one")
	putRecord(t, in, s, ada, "keyed", 20000, "even more")
	got, at = read(t, s, at, nil)
	sameWords(t, got, "1  20000", "1 keyed 20000")
	putRecord(t, in, s, ada, "keyed", 20002, "x")
	got, next := read(t, s, at, []int64{ben})
	sameWords(t, got)
	if got, _ = read(t, s, next, nil); len(got) != 0 {
		t.Error("what is of others is passed again:", got)
	}
}

func TestAnErasedPersonIsAChangeAndTheirIdNeverRecurs(t *testing.T) {
	t.Parallel()
	in, s := openBoth(t)
	ada := addPerson(t, s, "Ada").ID
	putRecord(t, in, s, ada, "keyed", 20000, "one")
	_, at := read(t, s, db.ChangeCursor{}, nil)
	begin(t, s, ada)
	got, _ := read(t, s, at, nil)
	sameWords(t, got, "1  0 erased")
	erase(t, s, ada)
	got, _ = read(t, s, at, nil)
	sameWords(t, got, "1  0 erased")
	if got, _ = read(t, s, at, []int64{ada}); len(got) > 0 {
		t.Error("who reads one person learns of another who was erased:", got)
	}
	if again := addPerson(t, s, "Ada").ID; again == ada {
		t.Error("the id recurs")
	}
}

func TestACursorOfAnotherDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	in, s := openBoth(t)
	putRecord(t, in, s, addPerson(t, s, "Ada").ID, "keyed", 20000, "one")
	_, at := read(t, s, db.ChangeCursor{}, nil)
	for _, wrong := range []db.ChangeCursor{{Epoch: at.Epoch, After: at.After + 1}, {Epoch: at.Epoch + 1, After: at.After},
		{After: 1}} {
		if _, _, err := s.Changes(t.Context(), wrong, nil, true, 1); !errors.Is(err, db.ErrLostCursor) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

func TestRederivingARecordIntoAnotherDayChangesBothDays(t *testing.T) {
	t.Parallel()
	for _, typ := range []string{"keyed", "small"} {
		in, s := openBoth(t)
		putRecord(t, in, s, addPerson(t, s, "Ada").ID, typ, 20000, "one")
		_, at := read(t, s, db.ChangeCursor{}, nil)
		redecode := func(rec *health.Record) (*health.Version, error) {
			v := rec.Version
			v.Day = 20001
			return &v, nil
		}
		for spot := (db.Checkpoint{}); !spot.Done; {
			var err error
			if spot, _, err = s.Rederive(t.Context(), time.Now(), spot, 10, redecode); err != nil {
				t.Fatal(err)
			}
		}
		got, _ := read(t, s, at, nil)
		sameWords(t, got, "1  20000", "1  20001", "1 "+typ+" 20000", "1 "+typ+" 20001")
	}
}

func TestATokenWorksAsLongAsItsAccountAndPersonDo(t *testing.T) {
	t.Parallel()
	_, s := openBoth(t)
	now, ada := time.Now(), addPerson(t, s, "Ada").ID
	account := addAccount(t, s, "Ada", db.RoleMember, ada)
	add := func(name string, k db.APIToken) {
		k.Name, k.Created, k.Scopes = name, now, []string{"read"}
		if _, err := s.AddAPIToken(t.Context(), []byte(name), k); err != nil {
			t.Fatal(err)
		}
	}
	works := func(want bool, names ...string) {
		t.Helper()
		for _, name := range names {
			k, err := s.APITokenByHash(t.Context(), now, []byte(name))
			if want != (err == nil) || err != nil && !errors.Is(err, db.ErrNotFound) || want && k.Name != name {
				t.Errorf("%s: %+v, %v", name, k, err)
			}
		}
	}
	add("of the operator", db.APIToken{})
	add("of an account", db.APIToken{Account: account.ID})
	add("of a person", db.APIToken{Person: ada})
	add("for a minute", db.APIToken{Expires: now.Add(time.Minute)})
	works(true, "of the operator", "of an account", "of a person", "for a minute")
	works(false, "unknown")
	now = now.Add(time.Minute)
	works(false, "for a minute")
	if _, err := s.AddAPIToken(t.Context(), []byte("again"), db.APIToken{Name: "of the operator"}); !errors.Is(err, db.ErrTaken) {
		t.Error("a name twice:", err)
	}
	addAccount(t, s, "Root", db.RoleAdmin, 0)
	if err := s.SetDisabled(t.Context(), account.ID, true); err != nil {
		t.Fatal(err)
	}
	works(false, "of an account")
	erase(t, s, ada)
	works(false, "of a person")
	works(true, "of the operator")
}
