// Package mutants breaks the code in ways that a reviewer would call a bug, one
// at a time, and demands that a test notices.
package mutants

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var run = flag.Bool("mutants", false, "break the code, one mutant at a time: takes minutes")

//go:embed mutants.txt
var list string

// mutant is one change of a line or a few.
type mutant struct {
	claim    string // what is no longer so
	file     string
	packages []string // whose tests should notice
	old, new string
}

// parse reads mutants.txt: of each mutant a line "# claim", a line with the file
// and the packages whose tests are run, the lines to replace after "- ", and
// what to put there after "+ ".
func parse(t *testing.T, text string) (out []mutant) {
	t.Helper()
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		var m mutant
		var old, broken []string
		for line := range strings.SplitSeq(block, "\n") {
			kind, rest, _ := strings.Cut(line, " ")
			switch kind {
			case "#":
				m.claim = rest
			case "-":
				old = append(old, rest)
			case "+":
				broken = append(broken, rest)
			default:
				m.file, m.packages = kind, strings.Fields(rest)
			}
		}
		m.old, m.new = strings.Join(old, "\n"), strings.Join(broken, "\n")
		if m.claim == "" || m.file == "" || len(m.packages) == 0 || m.old == "" || m.old == m.new {
			t.Fatalf("not a mutant: %q", block)
		}
		out = append(out, m)
	}
	return out
}

// TestEachMutantIsOfCodeThatStands keeps the list true without running it.
func TestEachMutantIsOfCodeThatStands(t *testing.T) {
	t.Parallel()
	for _, m := range parse(t, list) {
		if _, ok := m.apply(t); !ok {
			t.Errorf("%s: %s does not hold the lines once that %q replaces", m.claim, m.file, m.old)
		}
	}
}

func TestEveryMutantIsNoticedByATest(t *testing.T) {
	if !*run {
		t.Skip("takes minutes; run by make mutants")
	}
	noticed := 0
	mutants := parse(t, list)
	for _, m := range mutants {
		t.Run(m.claim, func(t *testing.T) {
			text, _ := m.apply(t)
			if out, survived := m.test(t, text); survived {
				t.Errorf("%s: survived\n%s", m.file, out)
				return
			}
			noticed++
		})
	}
	t.Logf("%d of %d mutants were noticed", noticed, len(mutants))
}

// apply returns the file with the change, and whether there is just one place for
// it.
func (m *mutant) apply(t *testing.T) (text string, ok bool) {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join("../..", m.file))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(whole), m.old, m.new, 1), strings.Count(string(whole), m.old) == 1
}

// test runs the tests against the changed file, which never lies in the tree. A
// mutant that does not compile proves nothing.
func (m *mutant) test(t *testing.T, text string) (out string, survived bool) {
	t.Helper()
	dir := t.TempDir()
	broken, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.file): broken}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{broken: []byte(text), overlay: replace} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, pkg := range m.packages {
		text, passed := runTests(t, root, overlay, pkg)
		if out += text; !passed {
			return out, false
		}
	}
	return out, true
}

// runTests runs one package's tests.
func runTests(t *testing.T, root, overlay, pkg string) (out string, passed bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-overlay", overlay, "-short", "-failfast", pkg)
	cmd.Dir = root
	var all bytes.Buffer
	cmd.Stdout, cmd.Stderr = &all, &all
	err := cmd.Run()
	if strings.Contains(all.String(), "[build failed]") {
		t.Fatalf("does not compile:\n%s", all.String())
	}
	return all.String(), err == nil
}
