package e2e

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator/service"
)

// isPersonal reports whether a request is one of the Personal API for data.
func isPersonal(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") && !strings.Contains(r.URL.Path, "/rest/")
}

// useKeys gives the person a key that is wrong, one that works until it is deleted, and
// one that works.
func (e *eavesdropper) useKeys(t *testing.T, g *box.Garmin, b *box.Box, name string) {
	t.Helper()
	cmd := exec.Command(box.Program(t, ""), "person", "key", "--name", name, "--key-stdin")
	cmd.Env = box.Environment(b.Dir, append(g.PersonalEnv(), "GARNER_LOG_LEVEL=debug"))
	cmd.Stdin = strings.NewReader("GCDC_AKEYTHATISFALSE\n")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Garmin refuses this key") {
		t.Errorf("a wrong key leads to %v: %s", err, out)
	}
	e.find(t, "the refusal", out)
	g.AddKey(t, b.Dir, name, 0)
	box.Until(t, "the key is used, and calls fail", time.Minute, func() bool {
		failed := 0
		for _, q := range g.Requests() {
			if q.Fault != service.NoFault && strings.Contains(q.Path, "-service/") {
				failed++
			}
		}
		return failed > 0 && len(g.PersonalCalls()) > 8
	})
	g.DeleteKey(0)
	box.Until(t, "Garmin refuses the key", time.Minute, func() bool {
		return strings.Contains(b.Log.String(), "Garmin refuses a key")
	})
	g.AddKey(t, b.Dir, name, 0)
	for _, what := range []string{"key", "bearer"} {
		if e.count(what) < 2 {
			t.Errorf("%d times a %s", e.count(what), what)
		}
	}
}

// findInFiles reports secrets in exports, and in what a backup without a recovery key has.
func (e *eavesdropper) findInFiles(t *testing.T, b *box.Box) {
	t.Helper()
	exports, restored := t.TempDir(), filepath.Join(t.TempDir(), "data")
	for _, form := range []string{"csv", "json"} {
		b.Run("export", "--person", "all", "--type", "all", "--format", form, "-o", exports)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	b.Run("backup", backup)
	box.Run(t, restored, "restore", backup)
	conn := box.ReadOnly(t, filepath.Join(restored, "garner.db"))
	var kept int
	if err := errors.Join(conn.QueryRow(`select coalesce(sum(length(value) + length(bearer)), 0) from personal_key`).Scan(&kept),
		conn.Close()); err != nil || kept > 0 {
		t.Errorf("a backup without a recovery key has %d bytes of keys, %v", kept, err)
	}
	for _, dir := range []string{exports, restored} {
		if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if strings.HasPrefix(d.Name(), "inbox.db") {
				e.find(t, path, text, "token", "credential") // pings are kept as received
			} else {
				e.find(t, path, text, "token") // of a ping that is still to be fetched
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}
