package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"garner/e2e/box"
)

// zeroPage overwrites the page of inbox.db that holds a text.
func zeroPage(t *testing.T, dir, text string) {
	t.Helper()
	const size = 16 << 10
	path := filepath.Join(dir, "inbox.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte(text))
	if at < 0 {
		t.Fatalf("%q is not in inbox.db", text)
	}
	page := data[at/size*size:][:size]
	if page[0] != 0x0d {
		t.Fatalf("%q is in no leaf of a table", text)
	}
	clear(page)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOneDamagedPageOfTheInboxLosesWhatItHeldAndStopsNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	day := func(i int) []byte {
		return fmt.Appendf(nil,
			`{"dailies":[{"userId":"u1","summaryId":"day-%03d","calendarDate":"2026-%02d-%02d","startTimeInSeconds":%d,`+
				`"durationInSeconds":86400,"steps":%d,"filler":%q}]}`,
			i, 1+i/28, 1+i%28, 1_767_225_600+i/28*31*86400+i%28*86400, i, strings.Repeat(fmt.Sprint(i), 1000))
	}
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	client := box.NewClient()
	const n = 60
	for i := range n {
		if status, err := box.Post(client, b.Addr, "dailies", day(i)); status != http.StatusOK || err != nil {
			t.Fatal(status, err)
		}
	}
	b.Stop()
	zeroPage(t, dir, "day-030")

	b = box.Start(t, dir, box.Options{})
	if status, err := box.Post(client, b.Addr, "dailies", day(n)); status != http.StatusOK || err != nil {
		t.Fatal(status, err)
	}
	c := b.Drained()
	if c.Parked == 0 || c.Parked > 20 || c.Done+c.Parked != n+1 {
		t.Errorf("%+v", c)
	}
	if status := statusOf(t, b.Reader(), "http://"+b.Addr+"/"); status != http.StatusOK {
		t.Errorf("home answers %d", status)
	}
	b.Stop()
	records := strings.Count(box.Run(t, dir, "export", "--person", "Ada", "--type", "dailies"), "\n") - 1
	if int64(records) != c.Done {
		t.Errorf("%d records of %d deliveries", records, c.Done)
	}
}
