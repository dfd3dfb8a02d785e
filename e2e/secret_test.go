package e2e

import (
	"os"
	"os/exec"
	"testing"

	"garner/e2e/box"
)

// urls are the callback URLs with the secret that the folder holds, which is
// made if there is none.
func urls(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command(box.Program(t, ""), "urls")
	cmd.Env = box.Environment(dir, []string{"GARNER_GARMIN_CALLBACK_SECRET="})
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestANewSecretSurvivesAPowerCut(t *testing.T) {
	d := newDisk(t, "64M")
	if err := os.Mkdir(d.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("sync", "-f", d.mount).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	secret := urls(t, d.data())
	d.cut()
	d.boot()
	if after := urls(t, d.data()); after != secret {
		t.Errorf("%q before the power cut, %q after", secret, after)
	}
}
