package pages_test

import (
	"database/sql"
	"encoding/csv"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/servertest"
	"garner/ui"
)

// noteDay is a day of the newest four weeks.
func noteDay() string { return (health.DayOf(time.Now().Unix(), 0) - 2).String() }

// noteHousehold has Ada, who shares her values with Ben and not with admins, and data of
// the day.
func noteHousehold(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	s.Add("Ben", "u2")
	s.Push("dailies", `"summaryId":"x-1","calendarDate":"`+noteDay()+`","steps":1234,"restingHeartRateInBeatsPerMinute":50`)
	ada, err := s.Store.PersonBySlug(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	s.Account("ada", db.RoleMember, ada.ID)
	ben := s.Account("ben", db.RoleMember, ada.ID+1)
	s.Account("cyd", db.RoleMember, 0)
	s.Account("boss", db.RoleAdmin, 0)
	if err := s.Store.Share(t.Context(), time.Now(), ada.ID, ben.ID); err != nil {
		t.Fatal(err)
	}
	return s
}

// write posts a note on the day as an account.
func write(s *servertest.Site, as, text string) (status int, page string) {
	s.As(as)
	w := s.Form("/p/ada/day/"+noteDay()+"/note", url.Values{"note": {text}})
	return w.Code, w.Body.String()
}

func TestOnlyThePersonAndAdminsWhoReadTheirValuesWriteNotes(t *testing.T) {
	t.Parallel()
	s := noteHousehold(t)
	for _, c := range []struct {
		as     string
		status int
	}{{"ada", http.StatusSeeOther}, {"ben", http.StatusForbidden}, {"boss", http.StatusForbidden}, {"cyd", http.StatusNotFound}} {
		if got, _ := write(s, c.as, "ill since "+c.as); got != c.status {
			t.Errorf("%s: status %d, want %d", c.as, got, c.status)
		}
	}
	s.As("ben")
	page := s.Page("/p/ada/day/" + noteDay())
	if !strings.Contains(page, "ill since ada") || strings.Contains(page, `data-testid="note-form"`) {
		t.Error("with whom she shares reads no note, or is offered to change it")
	}
	if err := s.Store.SetAdminsRead(t.Context(), 1, true); err != nil {
		t.Fatal(err)
	}
	if got, _ := write(s, "boss", "ill since boss"); got != http.StatusSeeOther {
		t.Errorf("an admin who reads her values: status %d", got)
	}
	log, err := s.Store.Audit(t.Context(), db.AuditFilter{Person: 1}, 1)
	if err != nil || len(log) != 1 || log[0].Action != db.ActionNoteChanged || log[0].Detail != noteDay() {
		t.Errorf("the audit log says %+v, %v", log, err)
	}
}

func TestANoteIsShownWhereItsDayIs(t *testing.T) {
	t.Parallel()
	s := noteHousehold(t)
	const evil, escaped = `=<script>alert("ill")</script>`, "=&lt;script&gt;alert(&#34;ill&#34;)&lt;/script&gt;"
	write(s, "ada", evil)
	day, to := noteDay(), "?range=28d&m=steps"
	for _, path := range []string{"/p/ada/day/" + day, "/p/ada/trends" + to, "/p/ada/heart" + to,
		"/p/ada/calendar/" + day[:4] + "/" + strings.TrimPrefix(day[5:7], "0"),
		"/p/ada/calendar/" + day[:4], "/p/ada/sleep/weeks"} {
		if page := s.Page(path); !strings.Contains(page, escaped) || strings.Contains(page, evil) {
			t.Errorf("%s does not show the note as text", path)
		}
	}
	if page := s.Page("/p/ada/trends" + to); !strings.Contains(page, `class="note-mark"`) {
		t.Error("the chart has no mark")
	}
	rows, err := csv.NewReader(s.Get("/p/ada/trends.csv" + to).Body).ReadAll()
	if err != nil || len(rows) != 29 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		want := map[string]string{"calendar_date": "note", day: "'" + evil}[row[1]]
		if row[len(row)-1] != want {
			t.Errorf("row %d: %q, want %q at the end", i, row, want)
		}
	}
	if status, _ := write(s, "ada", " "); status != http.StatusSeeOther {
		t.Errorf("an empty note: status %d", status)
	}
	if page := s.Page("/p/ada/day/" + day); strings.Contains(page, `data-testid="note"`) {
		t.Error("an empty note does not remove it")
	}
}

// harm changes garner.db by a connection of its own.
func harm(s *servertest.Site, query string) {
	s.T.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(s.Dir, "garner.db")+"?_busy_timeout=8000")
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Exec(query); err != nil {
		s.T.Fatal(err)
	}
}

func TestANoteThatCannotBeWrittenStaysInItsField(t *testing.T) {
	t.Parallel()
	s := noteHousehold(t)
	write(s, "ada", "ill")
	harm(s, `create trigger unwritable before update on day_note begin select raise(abort, 'no'); end`)
	status, page := write(s, "ada", "ill, <b>39</b> °C")
	if status != http.StatusServiceUnavailable || !strings.Contains(page, `value="ill, &lt;b&gt;39&lt;/b&gt; °C"`) ||
		!strings.Contains(page, ui.NoteUnsaved) {
		t.Errorf("status %d; the text or the reason is not there", status)
	}
	if !strings.Contains(page, `<bdi>ill</bdi>`) {
		t.Error("the note that is kept is not shown")
	}
	harm(s, `drop trigger unwritable`)
	if status, _ := write(s, "ada", "well"); status != http.StatusSeeOther {
		t.Errorf("once it can be written: status %d", status)
	}
}

func TestANoteThatIsTooLongIsRefusedAndStaysInItsField(t *testing.T) {
	t.Parallel()
	s := noteHousehold(t)
	write(s, "ada", "ill")
	long := strings.Repeat("é", health.NoteLongest+1)
	status, page := write(s, "ada", long)
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="`+long+`"`) ||
		!strings.Contains(page, "A note has at most 200 characters.") {
		t.Errorf("status %d; the text or the reason is not there", status)
	}
	if page := s.Page("/p/ada/day/" + noteDay()); !strings.Contains(page, `<bdi>ill</bdi>`) {
		t.Error("the note before is lost")
	}
	if status, _ := write(s, "ada", long[:2*health.NoteLongest]); status != http.StatusSeeOther {
		t.Errorf("200 characters: status %d", status)
	}
	if w := s.Form("/p/ada/day/9999-12-31/note", url.Values{"note": {"x"}}); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), ui.NoteOutside) {
		t.Errorf("a note on a day to come: status %d", w.Code)
	}
	if page := s.Page("/p/ada/day/9999-12-31"); strings.Contains(page, `data-testid="note-form"`) {
		t.Error("a note is offered where none is kept")
	}
	if w := s.Form("/p/ada/day/tomorrow/note", url.Values{"note": {"x"}}); w.Code != http.StatusNotFound {
		t.Errorf("a date that is none: status %d", w.Code)
	}
}

func TestAFormWithoutANoteDeletesNone(t *testing.T) {
	t.Parallel()
	s := noteHousehold(t)
	if status, _ := write(s, "ada", "ill"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if w := s.Form("/p/ada/day/"+noteDay()+"/note", url.Values{"text": {""}}); w.Code != http.StatusBadRequest {
		t.Errorf("status %d, want 400", w.Code)
	}
	if page := s.Page("/p/ada/day/" + noteDay()); !strings.Contains(page, ">ill<") {
		t.Error("the note is gone")
	}
}
