package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
)

// pair is a store with Ada, who has id 1 and something in every table, and Ben.
func pair(t *testing.T) (dir string, s *db.Store, ada *db.Person, conn *sql.DB) {
	t.Helper()
	dir = t.TempDir()
	in := openInbox(t, dir, roomy)
	s = openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	ada = live(t, in, s, "Ada", "u1")
	live(t, in, s, "Ben", "u2")
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?_busy_timeout=8000&_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return dir, s, ada, conn
}

func begin(t *testing.T, s *db.Store, person int64) {
	t.Helper()
	if err := s.Erase(t.Context(), time.UnixMilli(1_700_000_000_000), person); err != nil {
		t.Fatal(err)
	}
}

func TestAPersonBeingErasedIsInNoList(t *testing.T) {
	t.Parallel()
	_, s, ada, _ := pair(t)
	lists := map[string]func(context.Context) (any, error){
		"people":      func(ctx context.Context) (any, error) { return s.People(ctx) },
		"freshness":   func(ctx context.Context) (any, error) { return s.Freshness(ctx) },
		"last seen":   func(ctx context.Context) (any, error) { return s.LastSeen(ctx) },
		"rhythms":     func(ctx context.Context) (any, error) { return s.Rhythms(ctx) },
		"notices":     func(ctx context.Context) (any, error) { return s.Notices(ctx) },
		"connections": func(ctx context.Context) (any, error) { return s.Connections(ctx) },
		"fetches": func(ctx context.Context) (any, error) {
			list, err := s.DueFetches(ctx, time.Now(), 100, 10)
			return fmt.Sprintf("%d, %v", len(list), list), err
		},
		"rules":    func(ctx context.Context) (any, error) { return s.AlertRules(ctx) },
		"pauses":   func(ctx context.Context) (any, error) { return s.Pauses(ctx, time.Time{}) },
		"book":     func(ctx context.Context) (any, error) { return s.Book(ctx, time.Now()) },
		"open":     func(ctx context.Context) (any, error) { return s.OpenIncidents(ctx) },
		"since":    func(ctx context.Context) (any, error) { return s.IncidentsSince(ctx, time.Time{}) },
		"count":    func(ctx context.Context) (any, error) { return s.CountOpenIncidents(ctx) },
		"unsent":   func(ctx context.Context) (any, error) { return s.UnsentNotifications(ctx) },
		"recent":   func(ctx context.Context) (any, error) { return s.RecentNotifications(ctx, 10) },
		"audit":    func(ctx context.Context) (any, error) { return s.Audit(ctx, db.AuditFilter{}, 10) },
		"identity": func(ctx context.Context) (any, error) { ids, err := s.Identities(ctx); return len(ids.UserIDs), err },
		"dirty":    func(ctx context.Context) (any, error) { return s.Dirty(ctx, 10) },
		"sight":    func(ctx context.Context) (any, error) { return s.Sight(ctx, 1) },
	}
	show := func(name string) string {
		got, err := lists[name](t.Context())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return fmt.Sprintf("%+v", got)
	}
	before := map[string]string{}
	for name := range lists {
		before[name] = show(name)
	}
	begin(t, s, ada.ID)
	for name := range lists {
		if name != "dirty" && show(name) == before[name] {
			t.Errorf("%s is as before: %s", name, before[name])
		}
		if strings.Contains(show(name), "Person:1 ") {
			t.Errorf("%s has the person: %s", name, show(name))
		}
	}
	for _, name := range []string{"Ada", "ada", " 1", "-1", "1"} {
		if p, err := s.PersonByName(t.Context(), name); err == nil {
			t.Errorf("%q finds %+v", name, p)
		}
	}
	if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "", ""); err != nil {
		t.Error("the name is not free:", err)
	}
}

func TestErasingInStepsLeavesNoRow(t *testing.T) {
	t.Parallel()
	_, s, ada, conn := pair(t)
	if err := s.AddAudit(t.Context(), db.AuditEntry{Action: db.ActionPersonAdded, Detail: "Ada"}); err != nil {
		t.Fatal(err)
	}
	for key, body := range map[string]string{"summary": `{"html":"\u003cp\u003eAda\u003c/p\u003e"}`, "other": `{"html":"Ben"}`} {
		if err := s.PutNotifications(t.Context(), []db.Notification{{Key: key, Event: "summary", Channel: "mail",
			Destination: "d", Body: []byte(body)}}); err != nil {
			t.Fatal(err)
		}
	}
	tables, want := owned(t, conn, ada.ID), map[string]int{}
	for table, mine := range tables {
		want[table] = ask(t, conn, `select count(*) from `+table+` where not coalesce(`+mine+`, 0)`)
	}
	want["notification"]-- // the summary, which names Ada
	begin(t, s, ada.ID)
	begin(t, s, ada.ID)
	for done := false; !done; {
		var err error
		if done, err = s.EraseRows(t.Context(), ada.ID); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Erasures(t.Context())
	if err != nil || len(list) != 1 || list[0].Names.Name != "Ada" || len(list[0].Names.UserIDs) != 2 { // Garmin's and Garner's
		t.Fatalf("%+v, %v", list, err)
	}
	if err := s.EraseMentions(t.Context(), list[0]); err != nil {
		t.Fatal(err)
	}
	want["person"]++
	want["connection"]++ // Garmin is still to be asked to end it
	for table, n := range want {
		if got := ask(t, conn, `select count(*) from `+table); got != n {
			t.Errorf("%s has %d rows, want %d", table, got, n)
		}
	}
	if err := s.EndErasure(t.Context(), ada.ID); err != nil {
		t.Fatal(err)
	}
	left, err := s.Left(t.Context())
	if err != nil || len(left) != 1 || left[0].UserID == "u1" || left[0].Stopping.IsZero() {
		t.Fatalf("%+v, %v", left, err)
	}
	if _, tokens, err := s.TokensOf(t.Context(), left[0].ID); err != nil || tokens.Access == "" {
		t.Errorf("Garmin cannot be asked to end the connection: %v", err)
	}
	if err := s.EndConnection(t.Context(), time.Now(), left[0].ID, health.CauseEndedHere); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{`select count(*) from person where id = 1`, `select count(*) from erasure`,
		`select count(*) from connection where person_id = 1`,
		`select count(*) from audit where detail like '%Ada%'`, `select count(*) from pragma_foreign_key_check`} {
		if n := ask(t, conn, query); n != 0 {
			t.Errorf("%s: %d", query, n)
		}
	}
}

func TestAResultFromBeforeAnErasureIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	p, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := s.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mark, err := s.PeopleMark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	job := put(t, in, s, 1)[0]
	begin(t, s, p.ID)
	o := &db.Result{Job: job, State: db.Done, PeopleMark: mark, Notices: []db.Notice{{Person: p.ID, Type: "x"}},
		Issues: []db.Issue{{Kind: db.Parked, UserID: "u1"}}}
	if err := s.Apply(t.Context(), time.Now(), []*db.Result{o}); err != nil {
		t.Fatal(err)
	}
	st, err := s.Status(t.Context(), job.ID)
	if err != nil || st.State != db.Waiting || st.Issues != 0 {
		t.Errorf("%+v, %v; want it to wait", st, err)
	}
	if ids.Erased("u1", nil) {
		t.Error("u1 was erased before it was")
	}
	if ids, err = s.Identities(t.Context()); err != nil || !ids.Erased("u1", nil) || ids.Erased("u2", nil) {
		t.Errorf("the erased user id is not recognized: %v", err)
	}
}

func TestScrubLeavesNoDeletedTextInTheFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openInbox(t, dir, roomy)
	s := openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	const mark = "text that fills pages of its own "
	for id, name := range []string{"Ada", "Ben"} {
		if _, err := s.AddPerson(t.Context(), time.Now(), name, "", ""); err != nil {
			t.Fatal(err)
		}
		detail := strings.Repeat([]string{mark, "of Ben "}[id], 4000)
		if err := s.AddAudit(t.Context(), db.AuditEntry{Person: int64(id + 1), Detail: detail}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context()); err != nil { // all is in garner.db now
		t.Fatal(err)
	}
	begin(t, s, 1)
	eraseRows(t, s, 1)
	held := func() (n int) {
		for _, name := range []string{"garner.db", "garner.db-wal"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(b, []byte(mark))
		}
		return n
	}
	if held() == 0 {
		t.Fatal("the test shows nothing: the text is gone already")
	}
	reader, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(t.Context()); !errors.Is(err, db.ErrBusy) {
		t.Errorf("with a reader: %v, want ErrBusy", err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := held(); n != 0 {
		t.Errorf("the text is there %d times", n)
	}
	if _, err := s.AddPerson(t.Context(), time.Now(), "Cy", "", ""); err != nil {
		t.Error("the store does not write after its log was emptied:", err)
	}
}

// eraseRows erases the rows of a person, in as many slices as it takes.
func eraseRows(t *testing.T, s *db.Store, person int64) {
	t.Helper()
	for done := false; !done; {
		var err error
		if done, err = s.EraseRows(t.Context(), person); err != nil {
			t.Fatal(err)
		}
	}
}
