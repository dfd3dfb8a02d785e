package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"garner/e2e/box"
)

// mirrorFolder is the variable of the environment that makes this test program a mirror:
// a program that knows the API and nothing else of Garner. Its folder has the address of
// Garner, which changes, and the token, each in a file.
const mirrorFolder = "GARNER_TEST_MIRROR"

// mirrorOnce is the variable that ends a mirror once it is up to date.
const mirrorOnce = "GARNER_TEST_MIRROR_ONCE"

// change is an item of the changes.
type change struct {
	Person  int64           `json:"person_id"`
	Erased  bool            `json:"erased"`
	Type    string          `json:"type"`
	Date    string          `json:"date"`
	Metrics json.RawMessage `json:"metrics"`
	Records []struct {
		Summary string          `json:"summary_id"`
		Device  string          `json:"device"`
		Origin  string          `json:"origin"`
		Blended bool            `json:"blended"`
		Sent    json.RawMessage `json:"sent"`
	} `json:"records"`
}

// mirror is a copy of all that the API gives, in an SQLite file.
type mirror struct {
	dir    string
	db     *sql.DB
	client *http.Client
	pages  int
}

const mirrorSchema = `create table if not exists record (person int, type text, date text, line text);
	create index if not exists record_day on record (person, type, date);
	create table if not exists metrics (person int, date text, metrics text, primary key (person, date));
	create table if not exists place (one int primary key, cursor text)`

// runMirror follows the changes until it is killed. Before and after each commit it says so.
func runMirror(dir string) (err error) {
	m := &mirror{dir: dir, client: box.NewClient()}
	if m.db, err = sql.Open("sqlite", "file:"+filepath.Join(dir, "mirror.db")); err != nil {
		return err
	}
	defer m.db.Close()
	if _, err := m.db.Exec(mirrorSchema); err != nil {
		return err
	}
	for {
		n, err := m.follow()
		switch {
		case errors.Is(err, errAway):
		case err != nil:
			return err
		case n == 0 && os.Getenv(mirrorOnce) != "":
			return nil
		case n > 0:
			continue
		}
		time.Sleep(100 * time.Millisecond) // as a mirror that polls
	}
}

// errAway means that there is no answer at the moment.
var errAway = errors.New("no answer")

// follow stores one page and returns how many items it had.
func (m *mirror) follow() (n int, err error) {
	var cursor string
	err = m.db.QueryRow(`select cursor from place`).Scan(&cursor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	m.pages++
	query := url.Values{"limit": {fmt.Sprint(1 + m.pages*37%150)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var page struct {
		Data []change
		Next string
	}
	status, err := m.get("changes?"+query.Encode(), &page)
	if err != nil {
		return 0, err
	}
	if status != http.StatusOK {
		return 0, fmt.Errorf("changes: status %d", status)
	}
	tx, err := m.db.Begin()
	if err != nil {
		return 0, err
	}
	for _, c := range page.Data {
		if err := c.store(tx); err != nil {
			return 0, err
		}
	}
	if len(page.Data) > 0 {
		fmt.Println("stored", len(page.Data))
	}
	if _, err := tx.Exec(`insert or replace into place values (1, ?)`, page.Next); err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	if len(page.Data) > 0 {
		fmt.Println("committed")
	}
	return len(page.Data), nil
}

// get asks the API. What is refused for being too much, and what is not answered, is
// errAway.
func (m *mirror) get(path string, into any) (status int, err error) {
	addr, err := os.ReadFile(filepath.Join(m.dir, "address"))
	if err != nil {
		return 0, errAway
	}
	token, err := os.ReadFile(filepath.Join(m.dir, "token"))
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+string(addr)+"/api/v1/"+path, nil)
	if err != nil {
		return 0, errAway // the address is being written
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	resp, err := m.client.Do(req)
	if err != nil {
		return 0, errAway
	}
	body, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil ||
		resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		return 0, errAway
	}
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.Unmarshal(body, into)
}

// store replaces what the mirror has by what the change has.
func (c *change) store(tx *sql.Tx) (err error) {
	do := func(query string, args ...any) {
		if err == nil {
			_, err = tx.Exec(query, args...)
		}
	}
	switch {
	case c.Erased:
		do(`delete from record where person = ?`, c.Person)
		do(`delete from metrics where person = ?`, c.Person)
	case c.Type == "":
		do(`insert or replace into metrics values (?, ?, ?)`, c.Person, c.Date, string(c.Metrics))
	default:
		do(`delete from record where person = ? and type = ? and date = ?`, c.Person, c.Type, c.Date)
		for _, r := range c.Records {
			do(`insert into record values (?, ?, ?, ?)`, c.Person, c.Type, c.Date,
				mirrorLine(r.Summary, r.Device, r.Origin, r.Blended, r.Sent))
		}
	}
	return err
}

// mirrorLine is what a mirror keeps of a record.
func mirrorLine(summary, device, origin string, blended bool, sent []byte) string {
	return fmt.Sprintf("%s %q %s %v %s", summary, device, origin, blended, sent)
}
