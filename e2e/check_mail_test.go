package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCheckTriesTheMailServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inbox := newSink(t)
	host, port, _ := strings.Cut(inbox.addr, ":")
	for says, port := range map[string]string{"ok  mail: " + inbox.addr + " responds": port, "!!  mail: ": "1"} {
		file := filepath.Join(dir, "mail"+port+".toml")
		if err := os.WriteFile(file,
			[]byte("[mail]\nhost = \""+host+"\"\nport = "+port+"\nfrom = \"a@example.org\"\nto = [\"b@example.org\"]\n"),
			0o600); err != nil {
			t.Fatal(err)
		}
		if got := runWithin(t, dir, time.Minute, "check", "--config", file); !strings.Contains(got.out, says) {
			t.Errorf("port %s:\n%s", port, got.out)
		}
	}
}
