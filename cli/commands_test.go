package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
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
	a := &app{in: strings.NewReader(stdin), out: &out, err: &errs, env: []string{"GARNER_DATA_DIR=" + dir,
		"GARNER_LIMITS_MIN_FREE_BYTES=1MiB"}}
	status := a.status(context.Background(), args)
	return ran{status, out.String(), errs.String()}
}

func TestWrongUsageGivesStatus2(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"", "name a command"},
		{"dance", `no command "dance"`},
		{"person", `no command "person"`},
		{"person dance", `no command "person dance"`},
		{"dance serve", `no command "dance"`},
		{"chekc", `did you mean "check"?`},
		{"serve now", "unexpected argument now"},
		{"serve -- --now", "unexpected argument --now"},
		{"check now", "unexpected argument now"},
		{"serve --loud", "unknown flag --loud"},
		{"serve -loud", "unknown flag --loud"},
		{"serve --name Ada", "unknown flag --name"},
		{"--loud", "unknown flag --loud"},
		{"export --persn all", `unknown flag --persn, did you mean "--person"?`},
		{"person add", "needs --name"},
		{"person add --name", "flag needs an argument: --name"},
		{"person add --name --config x", `--name: expected string value but got "--config"`},
		{"person add --name -- Ada", `--name: expected string value but got "--"`},
		{"--config", "flag needs an argument: --config"},
		{"inbox --json=perhaps", `--json: bool value must be true, 1, yes, false, 0 or no but got "perhaps"`},
		{"types extra", "unexpected argument extra"},
		{"replay", "needs one of"},
		{"replay --parked --delivery 1", "needs one of"},
		{"replay --delivery one", "not a delivery id"},
		{"replay --from 2026-01-01", "--from and --to need each other"},
		{"replay --from 2026-02-02 --to 2026-02-01", "--from 2026-02-02T00:00:00Z is not before"},
		{"replay --from 2026-02-01 --to 2026-02-01", "is not before"},
		{"replay --from yesterday --to 2026-01-01", "is not a time such as"},
		{"replay 1", "ids need --delivery"},
		{"replay --parked 1", "ids need --delivery"},
		{"replay --delivery 1 two", `"two" is not a delivery id`},
		{"rederive all", "unexpected argument all"},
		{"export", "needs --person"},
		{"export --person all --type socks", "socks"},
		{"export --person all --type all --table naps", "need one --type"},
		{"export --person all --type sleeps --table socks", "socks"},
		{"export --person all --type sleeps --table naps --series heart_rate", "can't be used together"},
		{"export --person all --type sleeps --format xml", "xml"},
		{"export --person all --type sleeps --from 2026-02-30", "--from"},
		{"export --person all --type sleeps --from 2026-02-02 --to 2026-02-01", "is after"},
		{"token add", "needs --name"},
		{"token add --name x --scope write", "write"},
		{"token add --name x --scope metrics --person Ada", "without --person"},
		{"token add --name x --expires soon", "not a date such as"},
		{"token add --name x --expires 2020-02-29", "is over"},
		{"token remove", "missing flags: --name"},
		{"demo --people 0", "demo needs"},
		{"demo --people few", "--people: "},
		{"demo --listen nowhere", "must be host:port"},
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
	if got := runHere(t, dir, "", "person", "add", "--name", "Ada", "--garmin-user-id", "u1"); got.status != statusDone {
		t.Fatal(got.err)
	}
	for _, c := range []struct{ line, stdin, want string }{
		{"person add --name ADA", "", `the name "ADA" is already taken`},
		{"person add --name Bob --garmin-user-id u1", "", "Garmin account is already linked"},
		{"person add --name Bob --garmin-access-token-stdin", "\n", "no token"},
		{"export --person Unknown --type sleeps", "", "no person is called"},
		{"replay --delivery 99", "", "1 deliveries are unknown"},
		{"healthcheck --config testdata/unreachable.toml", "", "refused"},
		{"version --config no-such-file.toml", "", "no-such-file.toml"},
		{"types --config ../config/testdata/bad/two-faults.toml", "", "two-faults.toml:6"},
	} {
		got := runHere(t, dir, c.stdin, strings.Fields(c.line)...)
		if got.status != statusFailed || !strings.Contains(got.err, c.want) {
			t.Errorf("garner %s: status %d, %s, want status 1 and %q", c.line, got.status, got.err, c.want)
		}
	}
}

func TestWrongUsageIsToldBeforeAWrongConfiguration(t *testing.T) {
	t.Parallel()
	got := runHere(t, t.TempDir(), "", "person", "add", "--config", "no-such-file.toml")
	if got.status != statusUsage || !strings.Contains(got.err, "needs --name") {
		t.Errorf("status %d, %s", got.status, got.err)
	}
}

func TestWrongUsagePointsToTheHelpOfItsCommand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                        "Try: garner help\n",
		"dance":                   "Try: garner help\n",
		"help dance":              "Try: garner help\n",
		"serve --loud":            "Try: garner help serve\n",
		"person add":              "Try: garner help person add\n",
		"demo --people 0":         "Try: garner help demo\n",
		"export --type sleeps -o": "Try: garner help export\n",
	} {
		if got := runHere(t, t.TempDir(), "", strings.Fields(line)...); !strings.HasSuffix(got.err, want) {
			t.Errorf("garner %s: %s, want %q", line, got.err, want)
		}
	}
}

// grammar returns the commands, and what all of them share.
func grammar(t *testing.T) (root *kong.Node, commands []*kong.Node) {
	t.Helper()
	root = newParser(t.Context(), &app{}, func() {}).Model.Node
	return root, root.Leaves(true)
}

// unwrapped takes the breaks of lines out of a text.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestHelpListsEveryCommand(t *testing.T) {
	t.Parallel()
	root, commands := grammar(t)
	for _, word := range []string{"help", "-h", "--help", "-help"} {
		got := runHere(t, t.TempDir(), "", word)
		if got.status != statusDone || got.err != "" {
			t.Errorf("garner %s: status %d, %s", word, got.status, got.err)
		}
		for _, c := range commands {
			if !strings.Contains(got.out, "\n  "+c.Path()+" ") || !strings.Contains(unwrapped(got.out), c.Path()+" "+c.Help) {
				t.Errorf("garner %s lacks %s", word, c.Path())
			}
		}
		if !strings.Contains(unwrapped(got.out), unwrapped(root.Help)) {
			t.Errorf("garner %s lacks what is true of all commands", word)
		}
	}
}

func TestEveryCommandExplainsItselfAndItsFlags(t *testing.T) {
	t.Parallel()
	root, commands := grammar(t)
	for _, c := range commands {
		words := strings.Fields(c.Path())
		for _, args := range [][]string{append(words, "--help"), append([]string{"help"}, words...)} {
			got := runHere(t, t.TempDir(), "", args...)
			if got.status != statusDone || got.err != "" || !strings.HasPrefix(got.out, "Usage: garner "+c.Path()) {
				t.Errorf("garner %s: status %d, %s%s", args, got.status, got.out, got.err)
			}
			wanted := []string{c.Help}
			for _, f := range slices.Concat(root.Flags, c.Flags) {
				wanted = append(wanted, f.String(), f.Help)
			}
			for _, arg := range c.Positional {
				wanted = append(wanted, arg.Help)
			}
			for _, want := range wanted {
				if want == "" || !strings.Contains(unwrapped(got.out), want) {
					t.Errorf("garner %s lacks %q:\n%s", args, want, got.out)
				}
			}
		}
	}
}

func TestAFlagTakesAValueInEveryCommandOrInNone(t *testing.T) {
	t.Parallel()
	root, commands := grammar(t)
	known := flagsOf(root)
	for _, c := range commands {
		for _, f := range c.Flags {
			if known[f.Name].IsBool() != f.IsBool() {
				t.Errorf("--%s of %s differs from others of that name", f.Name, c.Path())
			}
		}
	}
}

func TestHelpNeedsNoConfiguration(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"help", "help serve", "serve --help", "--help"} {
		got := runHere(t, t.TempDir(), "", append(strings.Fields(line), "--config", "no-such-file.toml")...)
		if got.status != statusDone || !strings.Contains(got.out, "Usage: garner") {
			t.Errorf("garner %s: status %d, %s", line, got.status, got.err)
		}
	}
}

func TestFlagsMayStandAnywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"person", "add", "--name", "Ada", "--garmin-user-id", "1"},
		{"person", "add", "-garmin-user-id=2", "-name=Bob"},
		{"--name=Cy", "person", "--garmin-user-id", "3", "add"},
		{"--config", "../config/testdata/good/empty.toml", "person", "add", "--name", "Dee"},
		{"person", "add", "--name=-Eve-"},
		{"export", "-type=sleeps", "-person", "all", "-o", "-"},
		{"-o=" + filepath.Join(dir, "a.csv"), "export", "--type=sleeps", "--person=all"},
		{"export", "--type=sleeps", "-o" + filepath.Join(dir, "b.csv"), "--person=all"},
		{"export", "--type=sleeps", "--person=all", "--from=", "--to", ""},
	} {
		if got := runHere(t, dir, "", args...); got.status != statusDone {
			t.Errorf("%v: %s", args, got.err)
		}
	}
	for _, name := range []string{"a.csv", "b.csv"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	// Further ids may follow the flag, and flags the ids.
	for _, line := range []string{
		"replay --delivery 1 2 3 --config FILE", "replay 1 --delivery 2 --config FILE 3",
		"--config FILE replay --delivery 1,2 3",
		"replay --delivery=1 --delivery 2 -- 3",
	} {
		line = strings.ReplaceAll(line, "FILE", "../config/testdata/good/empty.toml")
		got := runHere(t, dir, "", strings.Fields(line)...)
		if got.status != statusFailed || !strings.Contains(got.err, "3 deliveries are unknown") {
			t.Errorf("garner %s: status %d, %s", line, got.status, got.err)
		}
	}
}

func TestPeopleAreListedAsAdded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"Ada Lovelace", "Bob"} {
		if got := runHere(t, dir, "secret-token-"+name+"\n", "person", "add", "--name", name, "--garmin-user-id",
			"id-of-"+name[:1], "--garmin-access-token-stdin"); got.status != statusDone {
			t.Fatal(got.err)
		}
	}
	if got := runHere(t, dir, "", "person", "add", "--name", "Eve", "--garmin-user-id",
		"two words"); got.status != statusUsage {
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
	if len(list) != 2 || list[0].Name != "Ada Lovelace" || list[0].Slug != "ada-lovelace" || len(list[1].IDs) != 1 ||
		list[0].IDs[0] != "id-of-A" {
		t.Errorf("got %s", got.out)
	}
	if plain := runHere(t, dir, "", "person", "list"); !strings.Contains(plain.out, "/p/ada-lovelace") ||
		strings.Contains(plain.out+got.out, "secret-token") {
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
		{"export --person all --type sleeps",
			"person,calendar_date,start_time_utc,start_time_local,utc_offset_s,summary_id,device,origin"},
	} {
		got := runHere(t, dir, "", strings.Fields(c.line)...)
		if got.status != statusDone || !strings.Contains(got.out, c.want) {
			t.Errorf("garner %s: status %d, %s%s, want %q", c.line, got.status, got.out, got.err, c.want)
		}
	}
}

func TestAnInvitationIsPrintedOnceAndShowsInTheList(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	invited := runHere(t, dir, "", "person", "invite", "--name", "Ada")
	lines := strings.Split(strings.TrimSpace(invited.out), "\n")
	link, ok := strings.CutPrefix(lines[len(lines)-1], "http://127.0.0.1:8080/connect/")
	if invited.status != statusDone || !ok || len(link) < 50 || !strings.Contains(invited.err, "garmin.client_secret") {
		t.Fatalf("status %d, %s%s", invited.status, invited.out, invited.err)
	}
	again := runHere(t, dir, "", "person", "invite", "--name", "ada")
	if again.status != statusDone || strings.Contains(again.out, "added") || strings.Contains(again.out, link) {
		t.Errorf("status %d, %s%s", again.status, again.out, again.err)
	}
	list, asJSON := runHere(t, dir, "", "person", "list"), runHere(t, dir, "", "person", "list", "--json")
	if !strings.Contains(list.out, "never connected, invited until ") {
		t.Error(list.out)
	}
	if !strings.Contains(asJSON.out, `"connection":{"state":"never connected","permissions":[],"invited_until":"`) {
		t.Error(asJSON.out)
	}
}

func TestURLsTellOfASecretThatTheyMade(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	const told = "made a new callback secret in "
	if got := runHere(t, dir, "", "urls"); got.status != statusDone || !strings.Contains(got.err, told+dir) {
		t.Errorf("the first time: status %d, %s", got.status, got.err)
	}
	if got := runHere(t, dir, "", "urls"); got.status != statusDone || strings.Contains(got.err, told) {
		t.Errorf("the second time: status %d, %s", got.status, got.err)
	}
}

func TestCommandsThatOnlyReadCreateNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"inbox", "inbox --json", "person list", "account list", "check", "check --deep", "types", "version",
		"export --person all --type sleeps", "export --person all --metrics", "help", "healthcheck"} {
		dir := t.TempDir()
		for _, data := range []string{dir, filepath.Join(dir, "new")} {
			got := runHere(t, data, "", strings.Fields(line)...)
			if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
				t.Errorf("garner %s: %v, %v: %s", line, left, err, got.err)
			}
		}
	}
	if got := runHere(t, filepath.Join(t.TempDir(), "new"), "", "inbox"); !strings.Contains(got.err, "no data in ") {
		t.Errorf("it does not say that there is nothing: %q", got.err)
	}
}

func TestHelpExplainsOneCommand(t *testing.T) {
	t.Parallel()
	got := runHere(t, t.TempDir(), "", "help", "person", "add")
	if got.status != statusDone || !strings.HasPrefix(got.out, "Usage: garner person add --name=NAME") {
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
	if err := os.WriteFile(file, []byte("[tls]\ndns = \"desec\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := runHere(t, dir, "", "check", "--config", file); !strings.Contains(got.out,
		"!!  tls.dns is set but not supported yet") {
		t.Errorf("got:\n%s", got.out)
	}
}
