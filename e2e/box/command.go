package box

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// Run runs another garner command over the same folder.
func (b *Box) Run(args ...string) string {
	b.T.Helper()
	return Run(b.T, b.Dir, args...)
}

// Run runs a garner command over dir and returns its output.
func Run(t testing.TB, dir string, args ...string) string {
	t.Helper()
	return RunProgram(t, Program(t, ""), dir, args...)
}

// RunProgram is Run with another program, by its path.
func RunProgram(t testing.TB, program, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = Environment(dir, nil)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("garner %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}
