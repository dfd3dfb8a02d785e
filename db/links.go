package db

import (
	"database/sql"
	"errors"
)

// linkedMeanwhile finds a person who was added after the identities were read
// and before this transaction.
func (a *applier) linkedMeanwhile(is Issue, mark int64) (bool, error) {
	if is.UserID == AnyUser {
		var now int64
		err := a.t.row(`select coalesce((select value from meta where name = 'people'), 0)`, nil, &now)
		return now != mark, err
	}
	var one int
	err := a.t.row(`select 1 from identity where kind = 'user_id' and value = ?
		union all select 1 from identity where kind = 'token' and lower(hex(substr(value, 1, 8))) = ? limit 1`,
		[]any{[]byte(is.UserID), is.Token}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// learntTokens is the maximum number of tokens of a person: Garmin gave each
// person one, and a new one with each new connection.
const learntTokens = 20

// links stores user ids and tokens, and reports whether one of them was linked
// to another person after the identities were read.
func (a *applier) links(links []Link) (contradicted bool, err error) {
	for _, l := range links {
		kind, value := "user_id", []byte(l.UserID)
		if l.Token != "" {
			kind, value = "token", []byte(l.Token)
		}
		res, err := a.t.result(`insert into identity (kind, value, person_id) select ?1, ?2, ?3
			where ?1 <> 'token' or (select count(*) from identity where kind = 'token' and person_id = ?3) < ?4
			on conflict do nothing`,
			kind, value, l.Person, learntTokens)
		if err != nil {
			return false, err
		}
		added, err := res.RowsAffected()
		if err != nil {
			return false, err
		}
		if added == 0 {
			var person int64
			err := a.t.row(`select person_id from identity where kind = ? and value = ?`, []any{kind, value}, &person)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return false, err
			}
			contradicted = contradicted || err == nil && person != l.Person
			continue
		}
		userID, token := l.UserID, ""
		if l.Token != "" {
			userID, token = "", tokenName([]byte(l.Token))
		}
		if err := errors.Join(a.s.welcome(a.t, kind, value), a.t.releaseOrphans(userID, token),
			a.t.bumpPeople()); err != nil {
			return false, err
		}
	}
	return contradicted, nil
}
