package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// bigBodies are bodies of long activities, each of at least size bytes, and
// the number of activities in all of them.
func bigBodies(t testing.TB, number, size int) (w *simulator.World, bodies [][]byte, elements int) {
	t.Helper()
	w = simulator.New(simulator.Config{Seed: 7, People: 1, Days: 200, Until: box.LastNoon})
	var b bytes.Buffer
	for day := 2; len(bodies) < number; day++ {
		for _, d := range w.Final(0, box.LastNoon.AddDate(0, 0, -day)) {
			if d.Type == "activityDetails" {
				elements += len(elementsOf(t, d))
				fmt.Fprintf(&b, ",%s", inner(d))
			}
		}
		if b.Len() >= size {
			bodies = append(bodies, fmt.Appendf(nil, `{"activityDetails":[%s]}`, b.Bytes()[1:]))
			b.Reset()
		}
	}
	return w, bodies, elements
}

// elementsOf returns the elements of a delivery.
func elementsOf(t testing.TB, d simulator.Delivery) []json.RawMessage {
	t.Helper()
	var all map[string][]json.RawMessage
	if err := json.Unmarshal(d.Body, &all); err != nil {
		t.Fatal(err)
	}
	return all[d.Type]
}

// inner is the text of all elements of a delivery.
func inner(d simulator.Delivery) []byte {
	return d.Body[bytes.IndexByte(d.Body, '[')+1 : bytes.LastIndexByte(d.Body, ']')]
}

// slowBody is a body on its way: the sender holds its end.
type slowBody struct {
	*io.PipeWriter
	left   []byte
	status int
	err    error
}

// sendSlowly begins to send bodies, each on a line of its own. What is written
// to them goes out; ended waits until all are answered.
func sendSlowly(addr, typ string, bodies [][]byte) (on []*slowBody, ended func()) {
	var wg sync.WaitGroup
	for _, body := range bodies {
		r, w := io.Pipe()
		s := &slowBody{PipeWriter: w, left: body}
		on = append(on, s)
		wg.Go(func() {
			client := &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{Proxy: nil}}
			defer client.CloseIdleConnections()
			resp, err := client.Post("http://"+addr+"/garmin/"+box.Secret+"/"+typ, "application/json", r)
			if s.err = err; err == nil {
				s.status, s.err = resp.StatusCode, resp.Body.Close()
			}
			r.Close() //nolint:errcheck // it lets the sender go
		})
	}
	return on, wg.Wait
}

// next sends a piece, and ends the body with the last one.
func (s *slowBody) next(size int) (more bool) {
	n := min(size, len(s.left))
	if _, err := s.Write(s.left[:n]); err != nil {
		return false // it was answered already
	}
	if s.left = s.left[n:]; len(s.left) > 0 {
		return true
	}
	s.Close() //nolint:errcheck // it never fails
	return false
}

func TestBigBodiesThatComeSlowlyArriveWholeWhileCommandsRun(t *testing.T) {
	t.Parallel()
	world, bodies, elements := bigBodies(t, 12, 2<<20)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_LIMITS_READ_TIMEOUT=2m"}})
	on, ended := sendSlowly(b.Addr, "activityDetails", bodies)
	commands := [][]string{{"inbox", "--json"}, {"person", "list"}, {"replay", "--parked"}}
	ran := 0
	for more := true; more; ran++ { // between two pieces of each body a command
		more = false
		for _, body := range on {
			more = body.next(192<<10) || more
		}
		b.Run(commands[ran%len(commands)]...)
	}
	ended()
	for i, body := range on {
		if body.err != nil || body.status != http.StatusOK {
			t.Errorf("body %d was answered %d, %v", i, body.status, body.err)
		}
	}
	if c := b.Drained(); c.Done != int64(len(bodies)) || c.Parked > 0 || c.Orphaned > 0 {
		t.Errorf("%+v\n%s", c, b.Log)
	}
	out := b.Run("export", "--person", "all", "--type", "activityDetails")
	if got := strings.Count(out, "\n") - 1; got != elements {
		t.Errorf("%d of %d activities arrived", got, elements)
	}
	t.Logf("%d commands ran while %d activities came", ran, elements)
}

// looking are commands that only look.
var looking = [][]string{
	{"inbox", "--json"}, {"inbox"}, {"person", "list", "--json"}, {"export", "--person", "all", "--type", "sleeps"},
}

// prints returns when a file was changed, and its content as a hash. A file that
// is not there has none.
func prints(t testing.TB, paths ...string) string {
	t.Helper()
	var out strings.Builder
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil {
			fmt.Fprintf(&out, "%s is not there\n", filepath.Base(path))
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %s %x\n", filepath.Base(path), st.ModTime().Format(time.RFC3339Nano), sha256.Sum256(text))
	}
	return out.String()
}

// backlog is a folder in which deliveries wait and no process runs.
func backlog(t testing.TB) (dir string, b *box.Box, waiting int64) {
	t.Helper()
	world, list := box.Household(1, 3)
	dir = t.TempDir()
	box.AddPeople(t, dir, world)
	b = box.Start(t, dir, box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}})
	b.Push(list[:40])
	return dir, b, 40
}

func TestReadingWritesNothing(t *testing.T) {
	t.Parallel()
	dir, b, waiting := backlog(t)
	look := func(files ...string) {
		t.Helper()
		before := prints(t, files...)
		for _, args := range looking {
			b.Run(args...)
			if after := prints(t, files...); after != before {
				t.Fatalf("garner %v wrote:\n%swas\n%s", args, after, before)
			}
		}
		if c := b.Counts(); c.Waiting != waiting || c.Done > 0 {
			t.Errorf("%+v, want %d waiting", c, waiting)
		}
	}
	// The appliance itself moves what is in the log to the file, but nothing
	// into the log.
	look(filepath.Join(dir, "inbox.db-wal"))
	b.Stop()
	look(filepath.Join(dir, "inbox.db"), filepath.Join(dir, "garner.db"))
}

// holdWriting takes the right to write to a database and keeps it until the
// test ends.
func holdWriting(t testing.TB, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=rw&_busy_timeout=8000")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(context.Background(), `begin immediate`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close() //nolint:errcheck // the test is over
		db.Close()   //nolint:errcheck // the test is over
	})
}

func TestReadingNeverWaitsForWriters(t *testing.T) {
	t.Parallel()
	dir, b, waiting := backlog(t)
	b.Stop()
	for _, name := range []string{"inbox.db", "garner.db"} {
		holdWriting(t, filepath.Join(dir, name))
		for _, args := range looking {
			if got := runWithin(t, dir, 5*time.Second, args...); got.status != statusDone {
				t.Errorf("garner %v beside a writer of %s: status %d, %s", args, name, got.status, got.err)
			}
		}
	}
	if c := b.Counts(); c.Waiting != waiting {
		t.Errorf("%+v, want %d waiting", c, waiting)
	}
}
