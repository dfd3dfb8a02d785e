package db_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
	"garner/health/alert"
)

// live fills every table that can hold something of a person.
func live(t *testing.T, in *db.Inbox, s *db.Store, name, userID string) *db.Person {
	t.Helper()
	ctx, now := t.Context(), time.UnixMilli(1_700_000_000_000)
	p, err := s.AddPerson(ctx, now, name, userID, "token of "+name)
	if err != nil {
		t.Fatal(err)
	}
	body := func(typ string, start int64) health.Version {
		v := health.Version{Person: p.ID, Type: typ, Key: fmt.Sprint(start), Start: start, End: now.Unix(), Day: 19675,
			Body: []byte(name + typ), Readings: []health.Reading{{Metric: "m", Day: 19675, At: start, Value: 1}}}
		copy(v.Sum[:], sum16(v.Body))
		return v
	}
	for _, job := range put(t, in, s, 1) {
		o := &db.Result{Job: job, State: db.Done, Notices: []db.Notice{{Person: p.ID, Type: "deregistrations", At: now}},
			Versions: []health.Version{body("keyed", now.Unix()-60), body("nights", now.Unix()-90), body("small", now.Unix()-30)}}
		for i := range o.Versions {
			o.Versions[i].Order.Arrival = health.Arrival{Delivery: job.ID, Element: int32(i)}
		}
		if err := s.Apply(ctx, now, []*db.Result{o}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutRhythms(ctx, []db.Learnt{{Person: p.ID, Type: "keyed", Gap: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutPause(ctx, db.Pause{Person: p.ID, From: now, To: now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutRule(ctx, db.Rule{Person: p.ID, Type: "keyed", Off: true}); err != nil {
		t.Fatal(err)
	}
	change := alert.Change{Incident: alert.Incident{Subject: alert.Subject{Kind: alert.PersonSilent, Person: p.ID},
		Since: now, Opened: now}, Events: []alert.Event{alert.Opened}}
	tell := func(alert.Change) ([]db.Notification, error) {
		return []db.Notification{{Key: name, Event: "opened", Channel: "mail", Destination: "d", Subject: name}}, nil
	}
	if err := s.PutIncidents(ctx, now, []alert.Change{change}, tell); err != nil {
		t.Fatal(err)
	}
	connect(t, in, s, p, userID)
	pull(t, s, p.ID)
	if err := s.SetDayNote(ctx, now, p.ID, health.Note{Day: 19675, Text: "ill"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddAPIToken(ctx, []byte("API token of "+name), db.APIToken{Name: name, Person: p.ID, Created: now}); err != nil {
		t.Fatal(err)
	}
	a := addAccount(t, s, name, db.RoleMember, p.ID)
	if err := s.Share(ctx, now, p.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.AddAudit(ctx, db.AuditEntry{At: now, Account: a.ID, Person: p.ID, Action: db.ActionExported}); err != nil {
		t.Fatal(err)
	}
	return p
}

// pull fills the tables about the Personal API.
func pull(t *testing.T, s *db.Store, person int64) {
	t.Helper()
	ctx, now := t.Context(), time.UnixMilli(1_700_000_000_000)
	if _, err := s.SetPersonalKey(ctx, now, person, "key", 0); err != nil {
		t.Fatal(err)
	}
	call := db.PullCall{Person: person, Endpoint: "daySummary", Item: 19675, Days: 1}
	var err error
	if call.ID, err = s.BeginPull(ctx, now, call); err != nil {
		t.Fatal(err)
	}
	if err := s.EndPull(ctx, now, call, []db.Pulled{{Person: person, Endpoint: call.Endpoint, Item: call.Item}},
		nil); err != nil {
		t.Fatal(err)
	}
}

// connect fills the tables about Garmin's business API.
func connect(t *testing.T, in *db.Inbox, s *db.Store, p *db.Person, userID string) {
	t.Helper()
	ctx, now := t.Context(), time.UnixMilli(1_700_000_000_000)
	invitation, state := []byte("invitation of "+p.Name), []byte("state of "+p.Name)
	if err := s.AddInvitation(ctx, now, invitation, p.ID, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.BeginAuthorization(ctx, now, state, []byte("browser"), invitation, "https://g.example/back", "verifier",
		now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	id, err := s.AddConnection(ctx, now, p.ID, userID, db.Tokens{Access: "access", Refresh: "refresh"}, []string{"P"})
	if err != nil {
		t.Fatal(err)
	}
	window := db.Window{Connection: id, Type: "keyed", From: now.Add(-time.Hour), To: now}
	if n, err := s.PlanWindows(ctx, now, []db.Window{window}); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	windows, err := s.WindowsOf(ctx, p.ID)
	if err != nil || len(windows) != 1 {
		t.Fatal(windows, err)
	}
	if err := s.EndWindow(ctx, now, windows[0].ID, db.WindowAnswer{State: db.WindowTooEarly,
		Earliest: now.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	job := put(t, in, s, 1)[0]
	o := &db.Result{Job: job, State: db.Done, Fetches: []db.Fetch{{Person: p.ID, Type: "keyed", Path: "/p", Query: "q"}},
		Files: []db.File{{Person: p.ID, Activity: "a", Kind: "FIT", SHA256: []byte(p.Name)}}}
	if err := s.Apply(ctx, now, []*db.Result{o}); err != nil {
		t.Fatal(err)
	}
}

// owned returns, for each table whose rows are of a person or of something of a
// person, the condition by which they are those of one. It asks the schema. An
// account is not of its person, it only names them.
func owned(t *testing.T, conn *sql.DB, person int64) map[string]string {
	t.Helper()
	rows, err := conn.Query(`select m.name, k."from", k."table" from sqlite_schema m
		join pragma_foreign_key_list(m.name) k where m.type = 'table' and k.on_delete <> 'SET NULL' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	refs := map[string][][2]string{}
	for rows.Next() {
		var table, column, parent string
		if err := rows.Scan(&table, &column, &parent); err != nil {
			t.Fatal(err)
		}
		refs[table] = append(refs[table], [2]string{column, parent})
	}
	out := map[string]string{"person": fmt.Sprint("id = ", person)}
	for grown := true; grown; {
		grown = false
		for table, list := range refs {
			var of []string
			for _, r := range list {
				if parent, ok := out[r[1]]; ok {
					of = append(of, fmt.Sprintf("%s in (select id from %s where %s)", r[0], r[1], parent))
				}
			}
			if where := strings.Join(of, " or "); where != out[table] && table != "person" {
				out[table], grown = where, true
			}
		}
	}
	return out
}

func ask(t *testing.T, conn *sql.DB, query string) (n int) {
	t.Helper()
	if err := conn.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestAPersonWhoseRowIsDeletedLeavesNothingInAnyTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	ada := live(t, in, s, "Ada", "u1")
	live(t, in, s, "Ben", "u2")
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?_busy_timeout=8000&_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	harm(t, filepath.Join(dir, "garner.db"), // of no version here are there samples to keep
		`insert into kept select record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s, 0, x'00', source, 0
		from version`)

	tables, want := owned(t, conn, ada.ID), map[string]int{}
	for table, mine := range tables {
		all, of := ask(t, conn, `select count(*) from `+table), ask(t, conn, `select count(*) from `+table+` where `+mine)
		if of == 0 || all == of {
			t.Errorf("%s: %d of %d rows are Ada's; the test needs some of each", table, of, all)
		}
		want[table] = all - of
	}
	if _, err := conn.Exec(`delete from person where id = ?`, ada.ID); err != nil {
		t.Fatal(err)
	}
	for table, n := range want {
		if got := ask(t, conn, `select count(*) from `+table); got != n {
			t.Errorf("%s has %d rows, want %d", table, got, n)
		}
	}
	if n := ask(t, conn, `select count(*) from pragma_foreign_key_check`); n != 0 {
		t.Errorf("%d rows belong to something that is gone", n)
	}
}

func TestEveryColumnThatNamesAPersonIsDeletedWithThem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openStore(t, dir)
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tables := owned(t, conn, 1)
	rows, err := conn.Query(`select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
		where m.type = 'table' and c.name in ('person_id', 'record_id', 'incident_id')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	free := []string{
		"reading.record_id", // perhaps a derivation's number; the row goes by person_id
		"account.person_id", // becomes null
		"change.person_id",  // a trigger leaves one row, that the person was erased
	}
	seen := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		seen++
		if !strings.Contains(tables[table], column) && !slices.Contains(free, table+"."+column) {
			t.Errorf("%s.%s references nothing, so its rows stay", table, column)
		}
	}
	if seen < 15 {
		t.Errorf("only %d columns were found", seen)
	}
}
