package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/klauspost/compress/zstd"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// tokens are the guest's that the simulated Garmin has given out and that still work.
func (c *connecting) tokens() (out []string) {
	c.T.Helper()
	text, err := c.garmin.Snapshot()
	if err != nil {
		c.T.Fatal(err)
	}
	type token struct {
		Token  string
		Person int
	}
	var in struct{ Access, Refresh []token }
	if err := json.Unmarshal(text, &in); err != nil {
		c.T.Fatal(err)
	}
	for _, t := range append(in.Access, in.Refresh...) {
		if t.Person == guestIndex {
			out = append(out, t.Token)
		}
	}
	if len(out) < 2 {
		c.T.Fatal("the guest has no tokens")
	}
	return out
}

// sharedDays push summaries of both people in the same bodies.
func (c *connecting) sharedDays() {
	c.T.Helper()
	client, day := box.NewClient(), time.Now().AddDate(0, 0, -3)
	together := map[string][]json.RawMessage{}
	for _, person := range []int{guestIndex, otherIndex} {
		for _, d := range c.garmin.World.Final(person, day) {
			for key, list := range partsOf(c.T, d) {
				together[key] = append(together[key], list...)
			}
		}
	}
	for _, key := range []string{"dailies", "sleeps", "userMetrics"} {
		body, err := json.Marshal(map[string][]json.RawMessage{key: together[key]})
		if err != nil {
			c.T.Fatal(err)
		}
		if status, err := box.Post(client, c.Addr, key, body); status != http.StatusOK || err != nil {
			c.T.Fatalf("%s: %d, %v", key, status, err)
		}
	}
	c.Drained()
	c.Derived()
}

func partsOf(t testing.TB, d simulator.Delivery) (body map[string][]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// traits are what elements say of what a person did, and with what: the names of
// activities and devices, and one summary id of each type.
func traits(t testing.TB, list []simulator.Delivery) map[string]bool {
	t.Helper()
	out, typed := map[string]bool{}, map[string]bool{}
	for _, d := range list {
		for key, elements := range partsOf(t, d) {
			for _, raw := range elements {
				var e struct{ ActivityName, DeviceName, SummaryID string }
				if err := json.Unmarshal(raw, &e); err != nil {
					t.Fatal(err)
				}
				out[e.ActivityName], out[e.DeviceName] = true, true
				if !typed[key] {
					out[e.SummaryID], typed[key] = true, true
				}
			}
		}
	}
	for _, word := range []string{"", "unknown"} { // the latter is a word of Garmin's, for no device
		delete(out, word)
	}
	return out
}

// marks are texts that only the guest's data have.
func (c *connecting) marks() []string {
	c.T.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	own := traits(c.T, c.sent[guestIndex])
	for both := range traits(c.T, c.sent[otherIndex]) {
		delete(own, both)
	}
	if !own["Forerunner 965"] || len(own) < 10 {
		c.T.Fatalf("there are too few marks: %v", slices.Sorted(maps.Keys(own)))
	}
	return append(slices.Sorted(maps.Keys(own)), guest, guestSlug, c.garmin.World.People()[guestIndex].UserID)
}

// kept is all that is stored of the other person.
func (c *connecting) kept() string {
	c.T.Helper()
	out := c.T.TempDir()
	c.Run("export", "--person", "Ben", "--type", "all", "-o", out)
	metrics := c.Run("export", "--person", "Ben", "--metrics")
	text := metrics
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil {
		c.T.Fatal(err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			c.T.Fatal(err)
		}
		text += filepath.Base(path) + "\n" + string(b)
	}
	if strings.Count(metrics, "\n") < 3 || len(files) < 5 {
		c.T.Fatalf("too little is stored of the other person: %d files\n%s", len(files), metrics)
	}
	return text
}

// erase has the admin stop the connection and erase everything, by the typed name. Then
// neither marks nor tokens are left.
func (c *connecting) erase(admin context.Context, marks, tokens []string) {
	c.T.Helper()
	before := c.kept()
	where := map[string]string{}
	search(c.T, c.Dir, marks, where)
	for _, mark := range marks {
		if where[mark] == "" {
			c.T.Errorf("%.60q is not found even before it is erased", mark)
		}
	}
	const form = `[data-testid=erase-form] `
	c.step(admin, "another name is refused", chromedp.Navigate("http://"+c.Addr+"/p/"+guestSlug+"/connection"),
		chromedp.SendKeys(form+`input`, "Ben"), chromedp.Click(form+`button`), chromedp.WaitVisible(form+`[aria-invalid=true]`))
	c.step(admin, "everything is erased", chromedp.SendKeys(form+`input`, guest), chromedp.Click(form+`button`),
		chromedp.WaitVisible(`form[action="/people"]`), chromedp.WaitVisible(`.notice[role=status]`))
	said, err := chromedp.Run(admin, chromedp.Text(`.notice[role=status]`))
	if want := "The data of " + guest + " is being erased. Garner asks Garmin to end the connection."; err != nil || said != want {
		c.T.Errorf("the page says %q, want %q, %v", said, want, err)
	}
	box.Until(c.T, "Garmin was asked to end the connection", time.Minute, func() bool {
		_, connected := c.garmin.Permissions(guestIndex)
		return !connected
	})
	box.Until(c.T, "the person is gone", time.Minute, func() bool { return !strings.Contains(c.Run("person", "list"), guest) })
	c.deliver()    // what Garmin says of the end
	c.sharedDays() // and what was on its way
	var found map[string]string
	defer func() {
		for mark, at := range found {
			c.T.Logf("%.60q was found: %s", mark, at)
		}
	}()
	box.Until(c.T, "the files hold nothing of them", time.Minute, func() bool {
		found = map[string]string{}
		searchFiles(c.T, c.Dir, marks, found)
		return len(found) == 0
	})
	c.Stop()
	where = map[string]string{}
	search(c.T, c.Dir, append(marks, tokens...), where)
	for mark, at := range where {
		c.T.Errorf("%.60q is still found: %s", mark, at)
	}
	if c.kept() != before {
		c.T.Error("what is stored of the other person has changed")
	}
	for _, token := range tokens {
		if strings.Contains(c.Log.String(), token) {
			c.T.Error("a token is in the log")
		}
	}
	box.Sound(c.T, c.Dir)
}

// search looks for texts in each file of a folder, as it is and unpacked, and in each
// value of the databases; where has one place of each that it found.
func search(t testing.TB, dir string, marks []string, where map[string]string) {
	t.Helper()
	searchFiles(t, dir, marks, where)
	for _, name := range []string{"garner.db", "inbox.db"} {
		searchValues(t, filepath.Join(dir, name), marks, where)
	}
}

func look(marks []string, where map[string]string, at string, b []byte) {
	for _, mark := range marks {
		if where[mark] == "" && bytes.Contains(b, []byte(mark)) {
			where[mark] = at
		}
	}
}

func searchFiles(t testing.TB, dir string, marks []string, where map[string]string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was just removed
		}
		if err != nil || entry.IsDir() {
			return err
		}
		look(marks, where, "the name of "+path, []byte(path))
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		look(marks, where, path, b)
		look(marks, where, path+", unpacked", unpacked(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// searchValues looks at each value of each table.
func searchValues(t testing.TB, path string, marks []string, where map[string]string) {
	t.Helper()
	conn := box.ReadOnly(t, path)
	defer conn.Close()
	rows, err := conn.Query(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		rows, err := conn.Query(fmt.Sprintf(`select * from %q`, table))
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		values, to := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			for i, b := range values {
				look(marks, where, table+"."+columns[i], b)
				look(marks, where, table+"."+columns[i]+", unpacked", unpacked(b))
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

var unzstd, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)) // its options are valid

// unpacked is the content of a packed value; nil if it is not packed.
func unpacked(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")) {
		return nil
	}
	out, err := unzstd.DecodeAll(b, nil)
	if err != nil {
		return nil
	}
	return out
}
