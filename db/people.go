package db

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"garner/health"

	"golang.org/x/text/unicode/norm"
)

// Person is someone whose data are kept.
type Person struct {
	ID   int64
	Name string
	// Slug identifies the person in URLs; it never changes.
	Slug    string
	Units   health.Units // with a system
	Created time.Time
	// WomensHealth means that the person has switched on the page about their cycle.
	WomensHealth bool
	// UserIDs are Garmin's, without the one that Garner gives with a key.
	UserIDs []string
}

// AddPerson adds a person and, where given, the identities that Garmin knows
// them by. Deliveries that waited for these identities are requeued.
// ErrTaken means that another person has the name, ErrLinked that one has an
// identity.
func (s *Store) AddPerson(ctx context.Context, now time.Time, name, userID, token string) (*Person, error) {
	if name = tidy(name); name == "" {
		return nil, errors.New("a person needs a name")
	}
	p := &Person{Name: name, Units: health.Units{System: health.SystemMetric}, Created: now}
	err := s.w.do(ctx, func(t *tx) (err error) {
		if p.Slug, err = t.freeSlug(name); err != nil {
			return err
		}
		// Ids of erased people do not recur, so that mirrors can tell the two apart.
		res, err := t.result(`insert into person (id, name, name_fold, slug, created_ms) values (1 + max(
			coalesce((select max(id) from person), 0), coalesce((select max(person_id) from change), 0)), ?, ?, ?, ?)`,
			name, fold(name), p.Slug, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("name %q: %w", name, inUse(err, ErrTaken))
		}
		if p.ID, err = res.LastInsertId(); err != nil {
			return err
		}
		if err := t.bumpPeople(); err != nil {
			return err
		}
		if userID != "" {
			if err := s.link(t, p.ID, "user_id", []byte(userID)); err != nil {
				return fmt.Errorf("link Garmin user id %q: %w", userID, inUse(err, ErrLinked))
			}
			if err := t.releaseOrphans(userID, ""); err != nil {
				return err
			}
		}
		if token != "" {
			if err := s.link(t, p.ID, "token", TokenHash(token)); err != nil {
				return fmt.Errorf("link Garmin access token: %w", inUse(err, ErrLinked))
			}
			return t.releaseOrphans("", TokenName(token))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if userID != "" {
		p.UserIDs = []string{userID}
	}
	return p, nil
}

// inUse returns taken in place of the driver's error where a unique index refused
// a value, and the error as it was otherwise.
func inUse(err, taken error) error {
	if errors.Is(fault(err), ErrTaken) {
		return taken
	}
	return err
}

// TokenHash is what is kept of a userAccessToken.
func TokenHash(token string) []byte {
	sum := sha256.Sum256([]byte("userAccessToken\x00" + token))
	return sum[:]
}

// bumpPeople increments the mark that shows others that people changed.
func (t *tx) bumpPeople() error {
	return t.exec(`insert into meta (name, value) values ('people', 1) on conflict (name) do update set value =
		value + 1`)
}

// TokenName is what an orphan shows of the token that it carries: the first
// hexadecimal digits of its hash.
func TokenName(token string) string { return tokenName(TokenHash(token)) }

func tokenName(hash []byte) string { return hex.EncodeToString(hash[:8]) }

func (s *Store) link(t *tx, person int64, kind string, value []byte) error {
	return cmp.Or(t.exec(`insert into identity (kind, value, person_id) values (?, ?, ?)`, kind, value, person),
		s.welcome(t, kind, value))
}

// releaseOrphans sets the deliveries with elements of an unknown person, named
// by a user id or by TokenName, to waiting; applying them again is harmless for
// everything else in them.
func (t *tx) releaseOrphans(userID, token string) error {
	return t.exec(`update delivery set state = 0, due_ms = 0, attempts = 0 where state = 2
		and id in (select delivery_id from issue where kind = 2 and user_id in (?1, ?2)
			union select delivery_id from issue where kind = 2 and token <> '' and token = ?3)`,
		cmp.Or(userID, AnyUser), AnyUser, token)
}

// tidy is a name as it is stored and shown.
func tidy(name string) string { return strings.Join(strings.Fields(norm.NFC.String(name)), " ") }

func fold(name string) string { return strings.ToLower(norm.NFKC.String(name)) }

// freeSlug makes a URL part from a name: ada-lindqvist, then ada-lindqvist-2.
func (t *tx) freeSlug(name string) (string, error) {
	base := slugOf(name)
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		var one int
		err := t.row(`select 1 from person where slug = ?`, []any{slug}, &one)
		if errors.Is(err, sql.ErrNoRows) {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
	}
}

func slugOf(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent that NFKD split off
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if slug := strings.Trim(b.String(), "-"); slug != "" {
		return slug
	}
	return "person"
}

const personColumns = `select p.id, p.name, p.slug, p.units, p.weight_unit, p.temperature_unit, p.energy_unit,
	p.created_ms, p.womens_health,
	coalesce((select group_concat(cast(value as text), ' ') from identity i where i.person_id = p.id
	and i.kind = 'user_id' and cast(value as text) not glob '` + personalPrefix + `*'), '') from person p `

func scanPerson(rows *sql.Rows) (*Person, error) {
	var p Person
	var created int64
	var ids string
	if err := rows.Scan(&p.ID, &p.Name, &p.Slug, &p.Units.System, &p.Units.Weight, &p.Units.Temperature,
		&p.Units.Energy, &created, &p.WomensHealth, &ids); err != nil {
		return nil, err
	}
	p.Created, p.UserIDs = time.UnixMilli(created), strings.Fields(ids)
	return &p, nil
}

// People returns all people by name.
func (s *Store) People(ctx context.Context) ([]*Person, error) {
	rows, err := s.f.query(ctx, personColumns+`where p.erasing_ms = 0 order by p.name_fold`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanPerson)
}

// PersonBySlug returns one person, or ErrNotFound.
func (s *Store) PersonBySlug(ctx context.Context, slug string) (*Person, error) {
	return s.person(ctx, `where p.slug = ?`, slug)
}

// PersonByName returns one person by name or slug, ignoring case, or
// ErrNotFound.
func (s *Store) PersonByName(ctx context.Context, name string) (*Person, error) {
	p, err := s.person(ctx, `where p.name_fold = ?`, fold(strings.Join(strings.Fields(name), " ")))
	if errors.Is(err, ErrNotFound) {
		return s.PersonBySlug(ctx, name)
	}
	return p, err
}

func (s *Store) person(ctx context.Context, where string, arg any) (*Person, error) {
	rows, err := s.f.query(ctx, personColumns+where+` and p.erasing_ms = 0`, arg)
	if err != nil {
		return nil, fault(err)
	}
	people, err := collect(rows, scanPerson)
	if err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return nil, ErrNotFound
	}
	return people[0], nil
}

// SetUnits sets how a person's values are shown: metric or imperial.
func (s *Store) SetUnits(ctx context.Context, person int64, u health.Units) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update person set units = ?, weight_unit = ?, temperature_unit = ?, energy_unit = ? where id = ?`,
			u.System, u.Weight, u.Temperature, u.Energy, person); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// SetWomensHealth switches a person's page about their cycle on or off.
func (s *Store) SetWomensHealth(ctx context.Context, person int64, on bool) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update person set womens_health = ? where id = ?`, on, person); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// HomeZone is the time zone of a person's account, or else the one that Garmin's Personal
// API names: an IANA name, empty if neither is known.
func (s *Store) HomeZone(ctx context.Context, person int64) (zone string, err error) {
	err = s.f.queryRow(ctx, `select coalesce((select nullif(zone, '') from account where person_id = ?1),
		(select zone from personal_key where person_id = ?1), '')`, person).Scan(&zone)
	return zone, fault(err)
}

// PeopleMark changes whenever a person or an identity was added or changed, by
// any process.
func (s *Store) PeopleMark(ctx context.Context) (mark int64, err error) {
	err = s.f.queryRow(ctx, `select coalesce((select value from meta where name = 'people'), 0)`).Scan(&mark)
	return mark, fault(err)
}

// Identities maps what Garmin calls people to their ids.
type Identities struct {
	UserIDs map[string]int64
	Tokens  map[string]int64 // by string(TokenHash)
	// Mark is PeopleMark just before the identities were read.
	Mark int64

	erased erased
}

// Identities returns all links, and what erased people were called. An error that
// wraps ErrSealed comes with the links: only the latter cannot be decrypted.
func (s *Store) Identities(ctx context.Context) (*Identities, error) {
	ids, err := s.links(ctx)
	if err == nil {
		ids.erased, err = s.erasedPeople(ctx)
	}
	return ids, err
}

// links are the Identities without what erased people were called. They need no key.
func (s *Store) links(ctx context.Context) (*Identities, error) {
	ids := &Identities{UserIDs: map[string]int64{}, Tokens: map[string]int64{}}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var kind string
		var value []byte
		var person int64
		err := rows.Scan(&kind, &value, &person)
		if kind == "token" {
			ids.Tokens[string(value)] = person
		} else {
			ids.UserIDs[string(value)] = person
		}
		return err
	}, `select kind, value, person_id from identity`)
	return ids, err
}
