package db

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"garner/db/seal"
)

// A person is erased in steps, since no transaction may take long: Erase begins it,
// EraseRows and EraseMentions delete rows, MarkBodies and Erasable find bodies, and
// EndErasure is the last. Each can be repeated, and after a stop at any point the
// rows of erasure tell what is left.

// notErasing is the condition that a row's person_id is of no person who is being
// erased.
const notErasing = `not exists (select 1 from person e where e.id = person_id and e.erasing_ms > 0)`

// Erasure is the erasure of a person that is not complete.
type Erasure struct {
	Person  int64
	Names   Names
	Files   string // the folder of their activity files, below the data directory
	Through int64  // the deliveries up to it were searched
	Last    int64  // the deliveries after it came later, and are recognized when they are processed
}

// Names are what others call a person who is being erased.
type Names struct {
	Name    string   `json:"name"`
	Slug    string   `json:"slug"`
	UserIDs []string `json:"user_ids"`
	Tokens  [][]byte `json:"tokens"` // by TokenHash
}

func namesPlace(person int64) seal.Place {
	return seal.Place{Table: "erasure", Column: "names", Row: strconv.FormatInt(person, 10)}
}

// Erase begins the erasure of a person. From then on the person is in no list, their
// name is free, and what arrives of them is dropped. Of their connection only the tokens are
// left, until Garmin was asked to end it.
// Erasing again changes nothing. ErrNotFound means that there is no such person,
// ErrNoKeys that what is left to be found cannot be encrypted.
func (s *Store) Erase(ctx context.Context, now time.Time, person int64) error {
	return s.w.do(ctx, func(t *tx) error {
		var names Names
		var erasing int64
		err := t.row(`select name, slug, erasing_ms from person where id = ?`, []any{person}, &names.Name, &names.Slug,
			&erasing)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil || erasing != 0 {
			return err
		}
		if err := t.identitiesOf(person, &names); err != nil {
			return err
		}
		if err := s.putErasure(t, now, person, names); err != nil {
			return err
		}
		if err := t.changed(person, changedPerson, 0); err != nil { // mirrors do not wait until all is gone
			return err
		}
		return s.hide(t, now, person)
	})
}

// identitiesOf adds what Garmin calls a person, or called them in an earlier
// connection.
func (t *tx) identitiesOf(person int64, names *Names) error {
	rows, err := t.query(`select kind, value from identity where person_id = ?1
		union select 'user_id', cast(user_id as blob) from connection where person_id = ?1 and not exists (select 1
		from identity where kind = 'user_id' and value = cast(user_id as blob) and person_id <> ?1)`, person)
	if err != nil {
		return err
	}
	_, err = collect(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var kind string
		var value []byte
		err = rows.Scan(&kind, &value)
		if kind == "token" {
			names.Tokens = append(names.Tokens, value)
		} else {
			names.UserIDs = append(names.UserIDs, string(value))
		}
		return none, err
	})
	return err
}

// putErasure records what is left to be found.
func (s *Store) putErasure(t *tx, now time.Time, person int64, names Names) error {
	if err := s.remember(t, now, names); err != nil {
		return err
	}
	text, err := json.Marshal(names)
	if err != nil {
		return err
	}
	sealed, err := s.seal(t, namesPlace(person), text)
	if err != nil {
		return err
	}
	return t.exec(`insert into erasure (id, names, key_id, files, last, created_ms) values (?, ?, ?, ?,
		coalesce((select value from meta where name = 'high_water'), 0), ?)`, person, sealed.Data, sealed.KeyID,
		fmt.Sprintf("files/%d", person), now.UnixMilli())
}

// hide takes a person out of all lists. It deletes the rows that others would read
// together with those of other people; there are few.
func (s *Store) hide(t *tx, now time.Time, person int64) error {
	if err := cmp.Or(s.leave(t, now, person), t.removePersonalKey(person)); err != nil {
		return err
	}
	for _, table := range []string{"identity", "share", "invitation", "authorization", "rule", "pause", "rhythm",
		"freshness", "notice"} {
		if err := t.exec(`delete from `+table+` where person_id = ?`, person); err != nil {
			return err
		}
	}
	// A name that begins with a space, and a slug that begins with a hyphen, are of
	// no one else.
	return cmp.Or(t.exec(`update account set person_id = null where person_id = ?`, person),
		t.exec(`delete from notification where state = 0 and (person_id = ?1 or incident_id in (select id from incident
			where person_id = ?1))`, person),
		t.exec(`update person set name = ' ' || id, name_fold = ' ' || id, slug = '-' || id, erasing_ms = ? where id = ?`,
			now.UnixMilli(), person),
		t.bumpPeople(),
		t.exec(`insert into meta (name, value) select 'erased', value from meta where name = 'people'
			on conflict (name) do update set value = excluded.value`))
}

// living reports whether a person is there and is not being erased; of no person it
// does.
func (t *tx) living(person int64) (living bool, err error) {
	if person == 0 {
		return true, nil
	}
	err = t.row(`select exists (select 1 from person where id = ? and erasing_ms = 0)`, []any{person}, &living)
	return living, err
}

// outdated reports whether a result was made of identities that were read before a
// person was erased.
func (a *applier) outdated(o *Result) (bool, error) {
	if a.erased < 0 {
		if err := a.t.row(`select coalesce((select value from meta where name = 'erased'), 0)`, nil, &a.erased); err != nil {
			return false, err
		}
	}
	return o.PeopleMark < a.erased, nil
}

// Erasures returns those that are not complete. Its error wraps ErrSealed if the
// names of one cannot be decrypted.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) {
	type row struct {
		Erasure
		sealed seal.Sealed
	}
	rows, err := s.f.query(ctx, `select id, names, key_id, files, through, last from erasure order by id`)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.Person, &r.sealed.Data, &r.sealed.KeyID, &r.Files, &r.Through, &r.Last)
	})
	if err != nil {
		return nil, err
	}
	out := make([]Erasure, 0, len(list))
	for _, r := range list {
		text, err := s.unseal(namesPlace(r.Person), r.sealed)
		if err != nil {
			return nil, fmt.Errorf("erasure of person %d: %w", r.Person, err)
		}
		if err := json.Unmarshal(text, &r.Names); err != nil {
			return nil, err
		}
		out = append(out, r.Erasure)
	}
	return out, nil
}

// EndErasure deletes the record of the erasure, and the person, unless they left a
// connection.
func (s *Store) EndErasure(ctx context.Context, person int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return cmp.Or(t.exec(`delete from erasure where id = ?`, person), t.deleteErased(person), t.bumpPeople())
	})
}
