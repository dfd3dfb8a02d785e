package e2e

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"garner/e2e/box"
)

// damaged is a folder of two records and two days of epochs, of which the
// first of each has one wrong byte.
func damaged(t *testing.T) string {
	b := newVictim(t)
	for day := range 2 {
		b.send("hrv", "", strings.NewReader(fmt.Sprintf(`{"hrv":[{"userId":"u1","calendarDate":"2026-11-2%d",`+
			`"startTimeInSeconds":%d,"durationInSeconds":28800,"lastNightAvg":4%d}]}`, day, 1_795_132_800+day*86400, day)))
		b.send("epochs", "", strings.NewReader(fmt.Sprintf(`{"epochs":[`+goodEpoch+`]}`, "u1", 1_795_132_800+day*86400)))
	}
	b.Drained()
	b.Stop()
	flip(t, b.Dir, `select id, body from record order by day limit 1`, `update record set body = ? where id = ?`)
	flip(t, b.Dir, `select rowid, body from block order by uday limit 1`, `update block set body = ? where rowid = ?`)
	return b.Dir
}

// flip makes one byte of a body another.
func flip(t *testing.T, dir, query, update string) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	var body []byte
	if err := conn.QueryRow(query).Scan(&id, &body); err != nil {
		t.Fatal(err)
	}
	body = bytes.Clone(body)
	body[len(body)*2/3] ^= 0x10
	_, err = conn.Exec(update, body, id)
	if err = errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsDamagedHoldsUpNeitherRederiveNorExportOfTheRest(t *testing.T) {
	t.Parallel()
	dir := damaged(t)
	box.Run(t, dir, "rederive")
	for _, typ := range []string{"hrv", "epochs"} {
		out, stderr, status := exported(t, dir, typ)
		if n := strings.Count(out, "\n"); n != 2 || !strings.Contains(out, "2026-11-21") {
			t.Errorf("%s: the sound one is missing:\n%s", typ, out)
		}
		if status != 1 || !strings.Contains(stderr, typ) || !strings.Contains(stderr, "2026-11-20") {
			t.Errorf("%s: ends with %d and names it not:\n%s", typ, status, stderr)
		}
	}
	b := box.Start(t, dir, box.Options{})
	for _, path := range []string{"/", "/p/ada", "/p/ada/data", "/p/ada/data/hrv", "/p/ada/data/epochs"} {
		if _, err := (victim{Box: b}).visit(path); err != nil {
			t.Error(err)
		}
	}
}

// exported runs an export that may fail.
func exported(t *testing.T, dir, typ string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(box.Program(t, ""), "export", "--person", "Ada", "--type", typ)
	cmd.Env = box.Environment(dir, nil)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), complaint.String(), cmd.ProcessState.ExitCode()
}
