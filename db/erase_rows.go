package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"html"
	"slices"
	"strings"
	"time"
)

// eraseTables are the tables with many rows of a person, the columns that identify a
// row, and how many are deleted at a time. Rows of other tables go with these, or
// with the person.
var eraseTables = []struct {
	name, key string
	n         int
}{
	{"dirty", "family, person_id, day", 200},
	{"fetch", "id", 100},
	{"file", "id", 100},
	{"record", "id", 10}, // with all versions; bodies may be large
	{"block", "rowid", 20},
	{"reading", "person_id, type_id, day, record_id", 200},
	{"coverage", "person_id, type_id, day", 200},
	{"change", "id", 200},
	{"arrival", "person_id, type_id, uday", 200},
	{"backfill", "id", 100},
	{"pulled", "person_id, endpoint, item", 200},
	{"pull_call", "id", 100},
	{"personal_key", "person_id", 1},
	{"day_note", "person_id, day", 200},
	{"connection", "id", 1}, // one that Garmin is to be asked to end has state 0
	{"incident", "id", 20},
	{"audit", "id", 100},
	{"api_token", "id", 100},
}

// EraseRows deletes some of the rows of a person who is being erased, and reports
// whether all are gone.
func (s *Store) EraseRows(ctx context.Context, person int64) (done bool, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		began := time.Now()
		for _, table := range eraseTables {
			for {
				if time.Since(began) >= sliceTime {
					return nil
				}
				which := ` where person_id = ?`
				switch table.name {
				case "connection":
					which += ` and state = 2`
				case "change":
					which += ` and type_id >= 0` // that the person was erased stays
				}
				res, err := t.result(`delete from `+table.name+` where (`+table.key+`) in (select `+table.key+` from `+
					table.name+which+` limit ?)`, person, table.n)
				if err != nil {
					return err
				}
				n, err := res.RowsAffected()
				if err != nil {
					return err
				}
				if n < int64(table.n) {
					break
				}
			}
		}
		done = true
		return nil
	})
	return done && err == nil, err
}

// eraseAtOnce is how many rows of mentions one transaction changes.
const eraseAtOnce = 100

// EraseMentions deletes what names a person in rows of other people, or of none:
// issues of their elements, notifications and summaries, details of the audit log,
// and counts. Rows that are large in number are read before they are written.
func (s *Store) EraseMentions(ctx context.Context, e Erasure) error {
	for _, step := range []func(context.Context, Names) error{s.eraseIssues, s.eraseNotifications, s.eraseDetails} {
		if err := step(ctx, e.Names); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) eraseIssues(ctx context.Context, names Names) error {
	tokens := make([]string, 0, len(names.Tokens))
	for _, hash := range names.Tokens {
		tokens = append(tokens, tokenName(hash))
	}
	rows, err := s.f.query(ctx, `select delivery_id, element from issue where user_id in (select value from json_each(?))
		or token <> '' and token in (select value from json_each(?))`, list(names.UserIDs), list(tokens))
	if err != nil {
		return fault(err)
	}
	found, err := collect(rows, func(rows *sql.Rows) (at [2]int64, err error) { return at, rows.Scan(&at[0], &at[1]) })
	if err != nil {
		return err
	}
	return eraseInSteps(ctx, s, found, func(t *tx, at [2]int64) error {
		if err := t.exec(`delete from issue where delivery_id = ? and element = ?`, at[0], at[1]); err != nil {
			return err
		}
		return t.countIssues(at[0])
	})
}

// eraseInSteps changes rows a few at a time.
func eraseInSteps[T any](ctx context.Context, s *Store, all []T, change func(*tx, T) error) error {
	for some := range slices.Chunk(all, eraseAtOnce) {
		if err := s.w.do(ctx, func(t *tx) error {
			for _, row := range some {
				if err := change(t, row); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// eraseNotifications deletes the notifications that mention the person, such as
// summaries and digests. What a digest replaced can go into a new one.
func (s *Store) eraseNotifications(ctx context.Context, names Names) error {
	rows, err := s.f.query(ctx, `select id, subject, body, answer from notification`)
	if err != nil {
		return fault(err)
	}
	var found []int64
	if _, err := collect(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var id int64
		var subject, body, answer string
		err = rows.Scan(&id, &subject, &body, &answer)
		if names.mentioned(subject) || names.mentioned(answer) || names.mentionedIn([]byte(body)) {
			found = append(found, id)
		}
		return none, err
	}); err != nil {
		return err
	}
	return eraseInSteps(ctx, s, found, func(t *tx, id int64) error {
		if err := t.exec(`update notification set state = ?, digest_id = 0 where digest_id = ?
			and exists (select 1 from notification d where d.id = ?2 and d.state = 0)`, int(GivenUp), id); err != nil {
			return err
		}
		return t.exec(`delete from notification where id = ?`, id)
	})
}

// eraseDetails clears details of the audit log, and deletes counts.
func (s *Store) eraseDetails(ctx context.Context, names Names) error {
	rows, err := s.f.query(ctx, `select id, detail from audit where detail <> ''`)
	if err != nil {
		return fault(err)
	}
	var found []int64
	if _, err := collect(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var id int64
		var detail string
		err = rows.Scan(&id, &detail)
		if names.mentioned(detail) {
			found = append(found, id)
		}
		return none, err
	}); err != nil {
		return err
	}
	if err := eraseInSteps(ctx, s, found, func(t *tx, id int64) error {
		return t.exec(`update audit set detail = '' where id = ?`, id)
	}); err != nil {
		return err
	}
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`delete from tally where name in (select value from json_each(?))`,
			list(append(slices.Clone(names.UserIDs), names.Name)))
	})
}

// mentioned reports whether a text contains the person's name, the address of their
// pages, or what Garmin calls them, perhaps as HTML.
func (n Names) mentioned(text string) bool {
	for _, text := range []string{text, html.UnescapeString(text)} {
		if strings.Contains(text, n.Name) || strings.Contains(text, "/p/"+n.Slug) ||
			slices.ContainsFunc(n.UserIDs, func(id string) bool { return strings.Contains(text, id) }) ||
			slices.ContainsFunc(n.Tokens, func(hash []byte) bool { return strings.Contains(text, tokenName(hash)) }) {
			return true
		}
	}
	return false
}

// mentionedIn is mentioned for the texts of a JSON value.
func (n Names) mentionedIn(body []byte) bool {
	if n.mentioned(string(body)) {
		return true
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	for {
		tok, err := dec.Token()
		if err != nil {
			return false // its end, or no JSON
		}
		if text, ok := tok.(string); ok && n.mentioned(text) {
			return true
		}
	}
}
