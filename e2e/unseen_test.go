package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
)

// TestBodiesWrittenFromGarminsDocumentationComeOutAsItSays pushes bodies that
// were written from what is known of Garmin, and without a look at the
// decoders. testdata/unseen/README.md says how their expectations read.
func TestBodiesWrittenFromGarminsDocumentationComeOutAsItSays(t *testing.T) {
	t.Parallel()
	box.Program(t, "") // built once, before many want it
	wants, err := filepath.Glob("testdata/unseen/*.want")
	if err != nil || len(wants) < 28 {
		t.Fatalf("%d expectations, %v", len(wants), err)
	}
	for _, path := range wants {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := readWant(string(text))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		stem := strings.TrimSuffix(path, ".want")
		t.Run(filepath.Base(stem), func(t *testing.T) {
			t.Parallel()
			want.hold(t, pushedTo(t, want, stem))
		})
	}
}

// pushedTo starts a box with the people of want, pushes the bodies of stem to
// it in their order and waits until they are applied.
func pushedTo(t *testing.T, want want, stem string) *box.Box {
	t.Helper()
	dir := t.TempDir()
	for _, p := range want.people {
		p.add(t, dir)
	}
	more, err := filepath.Glob(stem + ".?.json")
	if err != nil {
		t.Fatal(err)
	}
	b := box.Start(t, dir, box.Options{})
	client := box.NewClient()
	defer client.CloseIdleConnections()
	for _, path := range append([]string{stem + ".json"}, more...) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		typ := cmp.Or(want.to, firstList(t, body))
		if status, err := box.Post(client, b.Addr, typ, body); status != http.StatusOK || err != nil {
			t.Fatalf("%s was answered %d, %v", path, status, err)
		}
	}
	b.Drained()
	b.Derived()
	return b
}

// firstList is the first top-level key that holds a list.
func firstList(t *testing.T, body []byte) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(body))
	for key := ""; ; {
		switch token, err := dec.Token(); {
		case err != nil:
			t.Fatalf("no list in the body: %v", err)
		case token == json.Delim('['):
			return key
		default:
			key, _ = token.(string)
		}
	}
}

// add adds a person by Garmin's id or by an old access token.
func (p wantPerson) add(t *testing.T, dir string) {
	t.Helper()
	args := []string{"person", "add", "--name", p.name}
	if p.token {
		args = append(args, "--garmin-access-token-stdin")
	} else {
		args = append(args, "--garmin-user-id", p.id)
	}
	cmd := exec.Command(box.Program(t, ""), args...)
	cmd.Env, cmd.Stdin = box.Environment(dir, nil), strings.NewReader(p.id)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s could not be added: %v\n%s", p.name, err, out)
	}
}

// hold compares what b shows with what is wanted.
func (w want) hold(t *testing.T, b *box.Box) {
	t.Helper()
	var states map[string]int
	if err := json.Unmarshal([]byte(b.Run("inbox", "--json")), &states); err != nil {
		t.Fatal(err)
	}
	for state, n := range w.inbox {
		if states[state] != n {
			t.Errorf("inbox: %d %s, want %d", states[state], state, n)
		}
	}
	for _, e := range w.exports {
		args := append([]string{"export", "--person", "all", "--format", "csv"}, e.args...)
		for _, fault := range e.compare(t, b.Run(args...)) {
			t.Errorf("%s: %s", strings.Join(e.args, " "), fault)
		}
	}
	// What the watch finds is on the pages after its next look.
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	end := time.After(10 * time.Second)
	for faults := w.pageFaults(t, b); len(faults) > 0; faults = w.pageFaults(t, b) {
		select {
		case <-look.C:
			continue
		case <-end:
			t.Error(strings.Join(faults, "\n"))
			return
		}
	}
}

// pageFaults returns what the pages show otherwise.
func (w want) pageFaults(t *testing.T, b *box.Box) (faults []string) {
	t.Helper()
	pages := map[string]string{}
	for _, p := range w.pages {
		if pages[p.path] == "" {
			pages[p.path] = pageText(t, b, p.path)
		}
		if readsLike(pages[p.path], p.text) != p.has {
			faults = append(faults, fmt.Sprintf("page %s: %q is there: %t", p.path, p.text, !p.has))
		}
	}
	return faults
}

// pageText is the visible text of a page, with plain single spaces.
func pageText(t *testing.T, b *box.Box, path string) string {
	t.Helper()
	resp, err := b.Reader().Get("http://" + b.Addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("page %s: %d, %v", path, resp.StatusCode, err)
	}
	return shown(string(page))
}
