package e2e

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
)

// The tests in files named hostile_* send bodies that are made to hurt.

// allWanted reports whether the long variants of tests are wanted.
func allWanted() bool { return os.Getenv("GARNER_TEST_ALL") != "" }

// needsAll skips what is a long variant only.
func needsAll(t testing.TB) {
	t.Helper()
	if !allWanted() {
		t.Skip("takes long; set GARNER_TEST_ALL=1")
	}
}

// mostMemory is how much the process may ever hold.
const mostMemory = 256 << 20

// shape is a body: head, then text again and again, then tail.
type shape struct{ head, text, tail string }

// plain returns a body of about size bytes.
func (s shape) plain(size int) io.Reader {
	block := strings.Repeat(s.text, 64<<10/len(s.text)+1)
	parts := []io.Reader{strings.NewReader(s.head)}
	for n := 0; n < size; n += len(block) {
		parts = append(parts, strings.NewReader(block))
	}
	return io.MultiReader(append(parts, strings.NewReader(s.tail))...)
}

// zipped returns a gzip that unpacks to about size bytes. It is of many members,
// which a reader takes for one, so that it is made at once.
func (s shape) zipped(t testing.TB, size int) []byte {
	block := strings.Repeat(s.text, 1<<20/len(s.text))
	return slices.Concat(zip(t, s.head), bytes.Repeat(zip(t, block), size/len(block)+1), zip(t, s.tail))
}

func zip(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// victim is a box whose garner.db can be asked. It knows u1 and u2.
type victim struct {
	*box.Box
	sql *sql.DB
}

func newVictim(t testing.TB) victim {
	t.Helper()
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	box.Run(t, dir, "person", "add", "--name", "Ben", "--garmin-user-id", "u2")
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	t.Cleanup(func() { conn.Close() })
	return victim{Box: box.Start(t, dir, box.Options{}), sql: conn}
}

// send posts a body and wants it kept.
func (b victim) send(typ, encoding string, body io.Reader) {
	b.T.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+b.Addr+"/garmin/"+box.Secret+"/"+typ, body)
	if err != nil {
		b.T.Fatal(err)
	}
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	client := box.NewClient()
	client.Timeout = 2 * time.Minute
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		b.T.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		b.T.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		b.T.Fatalf("answered %s\n%s", resp.Status, b.Log)
	}
}

// ask asks for one number.
func (b victim) ask(query string, args ...any) (n int64) {
	b.T.Helper()
	if err := b.sql.QueryRow(query, args...).Scan(&n); err != nil {
		b.T.Fatal(err)
	}
	return n
}

// await looks ten times a second until done says true, and returns how long that
// took.
func (b victim) await(within time.Duration, what string, done func() bool) time.Duration {
	b.T.Helper()
	began := time.Now()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		if time.Since(began) > within {
			b.T.Fatalf("%s: not within %s\n%s", what, within, b.Log)
		}
		<-tick.C
	}
	return time.Since(began).Round(time.Millisecond)
}

// processed waits until the first n deliveries are processed.
func (b victim) processed(n int, within time.Duration) time.Duration {
	b.T.Helper()
	return b.await(within, "processing", func() bool {
		return b.ask(`select count(*) from delivery where state = 2 and id <= ?`, n) == int64(n)
	})
}

// othersGoOn sends a day of u2 and wants it applied. It returns how long that
// took.
func (b victim) othersGoOn() time.Duration {
	b.T.Helper()
	b.send("dailies", "", daily("u2"))
	return b.await(time.Minute, "the other person's day", func() bool {
		return b.ask(`select count(*) from record where person_id = 2 and summary_id = 'other'`) == 1
	})
}

// daily is a good element of one person's day.
func daily(userID string) io.Reader {
	return strings.NewReader(fmt.Sprintf(`{"dailies":[{"userId":%q,"summaryId":"other","calendarDate":"2026-11-20",`+
		`"startTimeInSeconds":1795132800,"durationInSeconds":86400,"steps":1}]}`, userID))
}

// homeMeanwhile asks for Home again and again until stop is called, which
// gives the longest that an answer took.
func (b victim) homeMeanwhile() (stop func() time.Duration) {
	ended, longest := make(chan struct{}), make(chan time.Duration, 1)
	go func() {
		var most time.Duration
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			took, err := b.visit("/")
			if err != nil {
				b.T.Error(err)
			}
			most = max(most, took)
			select {
			case <-ended:
				longest <- most
				return
			case <-tick.C:
			}
		}
	}()
	return sync.OnceValue(func() time.Duration {
		close(ended)
		return (<-longest).Round(time.Millisecond)
	})
}

// visit asks for a page and returns how long the answer took.
func (b victim) visit(path string) (time.Duration, error) {
	client := *b.Reader()
	client.Timeout = time.Minute
	began := time.Now()
	resp, err := client.Get("http://" + b.Addr + path)
	if err != nil {
		return time.Since(began), err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, resp.Status)
	}
	return time.Since(began), errors.Join(err, resp.Body.Close())
}

// wantSoon bounds coarsely how long a page may take, on however slow a machine.
func (b victim) wantSoon(what string, took time.Duration) {
	b.T.Helper()
	if took > 10*time.Second {
		b.T.Errorf("%s took %s", what, took)
	}
}

func (b victim) wantLittleMemory() {
	b.T.Helper()
	peak := box.PeakMemory(b.T, b.Cmd.Process.Pid)
	if peak > mostMemory {
		b.T.Errorf("peak memory %d MiB", peak>>20)
	}
	b.T.Logf("peak memory %d MiB", peak>>20)
}
