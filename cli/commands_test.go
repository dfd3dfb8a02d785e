package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ran is what a command gave.
type ran struct {
	status   int
	out, err string
}

// runHere runs a command over dir, as the program would.
func runHere(t *testing.T, dir, stdin string, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{in: strings.NewReader(stdin), out: &out, err: &errs, env: []string{"GARNER_DATA_DIR=" + dir, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"}}
	status := a.status(context.Background(), args)
	return ran{status, out.String(), errs.String()}
}

func TestWrongUsageGivesStatus2(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"", "name a command"},
		{"dance", `no command "dance"`},
		{"person", `no command "person"`},
		{"person dance", `no command "person"`},
		{"serve now", `what is "now"?`},
		{"check now", `what is "now"?`},
		{"serve --loud", "flag provided but not defined"},
		{"person add", "needs --name"},
		{"person add --name", "flag needs an argument"},
		{"inbox --json=perhaps", "invalid boolean"},
		{"types extra", `what is "extra"?`},
		{"replay", "needs one of"},
		{"replay --parked --delivery 1", "needs one of"},
		{"replay --delivery one", "no delivery id"},
		{"replay --from 2026-01-01", "--from and --to go together"},
		{"replay --from yesterday --to 2026-01-01", "is no time such as"},
		{"rederive all", `what is "all"?`},
		{"export", "needs --person"},
		{"export --person all --type socks", "socks"},
		{"export --person all --type all --table naps", "need one --type"},
		{"export --person all --type sleeps --table socks", "socks"},
		{"export --person all --type sleeps --format xml", "xml"},
		{"export --person all --type sleeps --from 2026-02-30", "--from"},
		{"export --person all --type sleeps --from 2026-02-02 --to 2026-02-01", "lies after"},
		{"demo --people 0", "demo wants"},
		{"demo --listen 0.0.0.0:0", "loopback only"},
	} {
		got := runHere(t, t.TempDir(), "", strings.Fields(c.line)...)
		if got.status != statusUsage || !strings.Contains(got.err, c.want) || !strings.Contains(got.err, "garner help") {
			t.Errorf("garner %s: status %d, %s, want status 2 and %q", c.line, got.status, got.err, c.want)
		}
	}
}

func TestFailuresGiveStatus1AndTheirReason(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got := runHere(t, dir, "", "person", "add", "--name", "Ada"); got.status != statusDone {
		t.Fatal(got.err)
	}
	for _, c := range []struct{ line, stdin, want string }{
		{"person add --name ADA", "", "has that name"},
		{"person add --name Bob --garmin-access-token-stdin", "\n", "no token"},
		{"export --person Nobody --type sleeps", "", "nobody is called"},
		{"replay --delivery 99", "", "1 deliveries are not known"},
		{"healthcheck --config testdata/nobody.toml", "", "refused"},
		{"version --config no-such-file.toml", "", "no-such-file.toml"},
		{"types --config ../config/testdata/bad/two-faults.toml", "", "two-faults.toml:6"},
	} {
		got := runHere(t, dir, c.stdin, strings.Fields(c.line)...)
		if got.status != statusFailed || !strings.Contains(got.err, c.want) {
			t.Errorf("garner %s: status %d, %s, want status 1 and %q", c.line, got.status, got.err, c.want)
		}
	}
}

func TestHelpListsEveryCommand(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"help", "-h", "--help"} {
		got := runHere(t, t.TempDir(), "", word)
		if got.status != statusDone || got.err != "" {
			t.Errorf("garner %s: status %d, %s", word, got.status, got.err)
		}
		for _, c := range commands() {
			if !strings.Contains(got.out, "garner "+c.name) || !strings.Contains(got.out, c.does) {
				t.Errorf("garner %s lacks %s", word, c.name)
			}
		}
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		if c.flags == nil {
			continue
		}
		got := runHere(t, t.TempDir(), "", append(strings.Fields(c.name), "--help")...)
		if got.status != statusDone || !strings.Contains(got.out, c.does) {
			t.Errorf("garner %s --help: status %d, %s%s", c.name, got.status, got.out, got.err)
		}
	}
}

func TestFlagsMayStandAnywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"--name", "Ada", "--garmin-user-id", "1"}, {"-garmin-user-id=2", "-name=Bob"},
	} {
		if got := runHere(t, dir, "", append([]string{"person", "add"}, args...)...); got.status != statusDone {
			t.Errorf("%v: %s", args, got.err)
		}
	}
	// Further ids may follow the flag, and flags the ids.
	got := runHere(t, dir, "", "replay", "--delivery", "1", "2", "3", "--config", "../config/testdata/good/empty.toml")
	if got.status != statusFailed || !strings.Contains(got.err, "3 deliveries are not known") {
		t.Errorf("status %d, %s", got.status, got.err)
	}
}

func TestPeopleAreListedAsAdded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"Ada Lovelace", "Bob"} {
		if got := runHere(t, dir, "secret-token-"+name+"\n", "person", "add", "--name", name, "--garmin-user-id", "id-of-"+name[:1], "--garmin-access-token-stdin"); got.status != statusDone {
			t.Fatal(got.err)
		}
	}
	if got := runHere(t, dir, "", "person", "add", "--name", "Eve", "--garmin-user-id", "two words"); got.status != statusUsage {
		t.Errorf("an id with a space: status %d, %s", got.status, got.err)
	}
	got := runHere(t, dir, "", "person", "list", "--json")
	var list []struct {
		Name, Slug string
		IDs        []string `json:"garmin_user_ids"`
	}
	if err := json.Unmarshal([]byte(got.out), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "Ada Lovelace" || list[0].Slug != "ada-lovelace" || len(list[1].IDs) != 1 || list[0].IDs[0] != "id-of-A" {
		t.Errorf("got %s", got.out)
	}
	if plain := runHere(t, dir, "", "person", "list"); !strings.Contains(plain.out, "/p/ada-lovelace") || strings.Contains(plain.out+got.out, "secret-token") {
		t.Errorf("got %s", plain.out)
	}
}

func TestSmallCommandsAnswer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	for _, c := range []struct{ line, want string }{
		{"version", "garner "},
		{"types", "sleeps"},
		{"types --json", `"type":"sleeps"`},
		{"inbox", "waiting      0"},
		{"inbox --json", `{"waiting":0,"fetching":0,"done":0,"parked":0,"quarantined":0,"orphaned":0,"oldest_waiting_s":0}`},
		{"urls", "http://127.0.0.1:8080/garmin/"},
		{"person list", "GARMIN USER ID"},
		{"replay --parked", "0 deliveries"},
		{"rederive", ""},
		{"export --person all --type sleeps", "person,calendar_date,start_time_utc,start_time_local,utc_offset_s,summary_id,device,origin"},
	} {
		got := runHere(t, dir, "", strings.Fields(c.line)...)
		if got.status != statusDone || !strings.Contains(got.out, c.want) {
			t.Errorf("garner %s: status %d, %s%s, want %q", c.line, got.status, got.out, got.err, c.want)
		}
	}
}

func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	got := runHere(t, t.TempDir(), "", "check")
	if got.status != statusFailed {
		t.Errorf("status %d without a public address", got.status)
	}
	for _, want := range []string{"ok  configuration read", "can be written", "!!  public_url is not set", "!!  garmin.client_id is not set", "to look at"} {
		if !strings.Contains(got.out+got.err, want) {
			t.Errorf("it lacks %q: %s%s", want, got.out, got.err)
		}
	}
}

func TestHelpExplainsOneCommand(t *testing.T) {
	t.Parallel()
	got := runHere(t, t.TempDir(), "", "help", "person", "add")
	if got.status != statusDone || !strings.HasPrefix(got.out, "garner person add --name NAME") {
		t.Errorf("status %d, %s%s", got.status, got.out, got.err)
	}
	if got := runHere(t, t.TempDir(), "", "help", "dance"); got.status != statusUsage {
		t.Errorf("help for no command: status %d, %s", got.status, got.out)
	}
}

func TestCheckNamesWhatHasNoEffectYet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "tls.toml")
	if err := os.WriteFile(file, []byte("[tls]\nemail = \"me@example.org\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := runHere(t, dir, "", "check", "--config", file); !strings.Contains(got.out, "!!  tls.email is set, but not in use yet") {
		t.Errorf("got:\n%s", got.out)
	}
}
