package db

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"garner/db/seal"
	"garner/health"
)

// lostKey is the fault of a key that a restored backup does not contain.
const lostKey = "the restored backup does not contain the key"

func personalPlace(column string, person int64) seal.Place {
	return seal.Place{Table: "personal_key", Column: column, Row: strconv.FormatInt(person, 10)}
}

// newPersonalID is a user id for a person with a key: a random UUID.
func newPersonalID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])  // never fails
	b[6] = b[6]&0x0f | 4<<4 // version 4
	b[8] = b[8]&0x3f | 2<<6 // variant of RFC 9562
	return personalPrefix + fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// SetPersonalKey stores a person's key for the Personal API in place of an earlier one.
// The first one gives the person a user id. ends is the key's last day, 0 if unknown.
// ErrNotFound means that there is no such person, ErrNoKeys that it cannot be encrypted.
func (s *Store) SetPersonalKey(ctx context.Context, now time.Time, person int64, key string,
	ends health.Day) (PersonalKey, error) {
	err := s.w.do(ctx, func(t *tx) error {
		var exists bool
		if err := t.row(`select exists (select 1 from person where id = ? and erasing_ms = 0)`, []any{person},
			&exists); err != nil {
			return err
		}
		if !exists {
			return ErrNotFound
		}
		if err := s.firstPersonalKey(t, now, person); err != nil {
			return err
		}
		sealed, err := s.seal(t, personalPlace("value", person), []byte(key))
		if err != nil {
			return err
		}
		return cmp.Or(t.exec(`update personal_key set state = 0, value = ?, bearer = x'', key_id = ?, bearer_ends_ms = 0,
			generation = generation + 1, stored_ms = ?, ends_day = ?, refused_ms = 0, fault = '' where person_id = ?`,
			sealed.Data, sealed.KeyID, now.UnixMilli(), int64(ends), person), t.bumpPeople())
	})
	if err != nil {
		return PersonalKey{}, err
	}
	k, err := s.PersonalKeyOf(ctx, person)
	if err != nil {
		return PersonalKey{}, err
	}
	return *k, nil
}

// firstPersonalKey adds a row, and the user id, for a person who has none.
func (s *Store) firstPersonalKey(t *tx, now time.Time, person int64) error {
	var one int
	err := t.row(`select 1 from personal_key where person_id = ?`, []any{person}, &one)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	id := newPersonalID()
	return cmp.Or(t.exec(`insert into personal_key (person_id, user_id, state, value, bearer, generation, since_ms,
		stored_ms) values (?1, ?2, 0, x'', x'', 0, ?3, ?3)`, person, id, now.UnixMilli()),
		s.link(t, person, "user_id", []byte(id)))
}

// RemovePersonalKey deletes a person's key. What it brought stays. ErrNotFound means that
// the person has none.
func (s *Store) RemovePersonalKey(ctx context.Context, now time.Time, person int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return cmp.Or(t.changeOne(`update personal_key set stored_ms = ? where person_id = ? and state < 2`, now.UnixMilli(),
			person), t.removePersonalKey(person), t.bumpPeople())
	})
}

func (t *tx) removePersonalKey(person int64) error {
	return t.exec(`update personal_key set state = 2, value = x'', bearer = x'', key_id = '', bearer_ends_ms = 0
		where person_id = ?`, person)
}

// RefusePersonalKey records that Garmin refused the key of a generation, and what it
// said. It changes nothing if the key was replaced or removed in the meantime.
func (s *Store) RefusePersonalKey(ctx context.Context, now time.Time, person, generation int64, fault string) error {
	return s.w.do(ctx, func(t *tx) error {
		err := t.changeOne(`update personal_key set state = 1, refused_ms = ?, fault = ? where person_id = ?
			and generation = ? and state = 0`, now.UnixMilli(), fault, person, generation)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return cmp.Or(err, t.bumpPeople())
	})
}

// losePersonalKey empties a key that cannot be decrypted: the person needs a new one.
func (t *tx) losePersonalKey(now time.Time, id string, out *Restored) error {
	var name string
	if err := t.row(`select p.name from personal_key k join person p on p.id = k.person_id
		where cast(k.person_id as text) = ?`, []any{id}, &name); err != nil {
		return err
	}
	out.NewKey = append(out.NewKey, name)
	return t.exec(`update personal_key set state = iif(state = 0, 1, state), value = x'', bearer = x'', key_id = '',
		bearer_ends_ms = 0, refused_ms = ?, fault = ? where cast(person_id as text) = ?`, now.UnixMilli(), lostKey, id)
}

const personalKeyColumns = `select person_id, user_id, state, generation, since_ms, stored_ms, ends_day, refused_ms,
	fault, first_day, zone, bearer_ends_ms, resume_ms from personal_key k `

func scanPersonalKey(rows *sql.Rows) (k PersonalKey, err error) {
	var since, stored, refused, ends, resume int64
	err = rows.Scan(&k.Person, &k.UserID, &k.State, &k.Generation, &since, &stored, &k.Ends, &refused, &k.Fault,
		&k.FirstDay, &k.Zone, &ends, &resume)
	k.Since, k.Stored, k.Refused = instant(since), instant(stored), instant(refused)
	k.BearerEnds, k.Resume = instant(ends), instant(resume)
	return k, err
}

// PersonalKeys returns the keys of all people, removed ones included, by person.
func (s *Store) PersonalKeys(ctx context.Context) ([]PersonalKey, error) {
	rows, err := s.f.query(ctx, personalKeyColumns+`where `+notErasing+` order by person_id`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanPersonalKey)
}

// PersonalKeyOf returns the key of a person, perhaps a removed one, or ErrNotFound.
func (s *Store) PersonalKeyOf(ctx context.Context, person int64) (*PersonalKey, error) {
	rows, err := s.f.query(ctx, personalKeyColumns+`where person_id = ? and `+notErasing, person)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, scanPersonalKey)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return &list[0], nil
}

// KeySecretsOf returns a person's key and bearer. ErrNotFound means that no key is in use,
// ErrSealed that it cannot be decrypted.
func (s *Store) KeySecretsOf(ctx context.Context, person int64) (KeySecrets, error) {
	var value, bearer []byte
	var key string
	var ends int64
	err := s.f.queryRow(ctx, `select value, bearer, key_id, bearer_ends_ms from personal_key k where person_id = ?
		and state = 0 and `+notErasing, person).Scan(&value, &bearer, &key, &ends)
	if errors.Is(err, sql.ErrNoRows) {
		return KeySecrets{}, ErrNotFound
	}
	if err != nil {
		return KeySecrets{}, fault(err)
	}
	out := KeySecrets{BearerEnds: instant(ends)}
	if out.Key, err = s.unsealText(personalPlace("value", person), key, value); err == nil {
		out.Bearer, err = s.unsealText(personalPlace("bearer", person), key, bearer)
	}
	return out, err
}

// SetBearer stores the bearer that Garmin gave for the key of a generation; an empty one
// removes it. ErrNotFound means that the key is not in use any more.
func (s *Store) SetBearer(ctx context.Context, person, generation int64, bearer string, ends time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		var value []byte
		var key string
		err := t.row(`select value, key_id from personal_key where person_id = ? and generation = ? and state = 0`,
			[]any{person, generation}, &value, &key)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		// One key_id is for both, and the key that encrypts may have changed.
		plain, err := s.unsealText(personalPlace("value", person), key, value)
		if err != nil {
			return err
		}
		sealed, err := s.seal(t, personalPlace("value", person), []byte(plain))
		if err != nil {
			return err
		}
		var held []byte
		if bearer != "" {
			b, err := s.seal(t, personalPlace("bearer", person), []byte(bearer))
			if err != nil {
				return err
			}
			held = b.Data
		}
		return t.exec(`update personal_key set value = ?, bearer = ?, key_id = ?, bearer_ends_ms = ? where person_id = ?`,
			sealed.Data, append([]byte{}, held...), sealed.KeyID, millis(ends), person)
	})
}

// SetPersonalZone stores a person's time zone as Garmin has it, an IANA name.
func (s *Store) SetPersonalZone(ctx context.Context, person int64, zone string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update personal_key set zone = ? where person_id = ?`, zone, person)
	})
}

// SetFirstDay stores the first day of a person's account; 0 makes it unknown.
func (s *Store) SetFirstDay(ctx context.Context, person int64, day health.Day) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update personal_key set first_day = ? where person_id = ?`, int64(day), person)
	})
}

// SetResume records that no call is to be made before an instant, with any key.
func (s *Store) SetResume(ctx context.Context, resume time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update personal_key set resume_ms = ? where state < 2`, millis(resume))
	})
}
