package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// sidecar is the variable with the path of litestream; make litestream sets it.
const sidecar = "GARNER_TEST_LITESTREAM"

// databases in the order in which they are restored.
var databases = []string{"garner.db", "inbox.db"}

// litestream replicates the databases of a folder to another, as
// docs/litestream.yml says.
type litestream struct {
	t       testing.TB
	program string
	config  string
	socket  string
	dir     string // of the databases
	log     *box.LockedBuffer
	cmd     *exec.Cmd
}

func newLitestream(t testing.TB, dir string) *litestream {
	t.Helper()
	l := &litestream{t: t, program: os.Getenv(sidecar), dir: dir, log: &box.LockedBuffer{}}
	if l.program == "" {
		t.Skip("needs the path of litestream in " + sidecar + "; make litestream builds it")
	}
	own := t.TempDir()
	l.config, l.socket = filepath.Join(own, "litestream.yml"), filepath.Join(own, "socket")
	text := string(takeFile(t, filepath.Join("..", "docs", "litestream.yml")))
	for documented, here := range map[string]string{"/var/lib/garner": dir, "/mnt/backup/litestream": filepath.Join(own, "replica"),
		"/run/litestream/litestream.sock": l.socket} {
		if !strings.Contains(text, documented) {
			t.Fatalf("docs/litestream.yml does not name %s", documented)
		}
		text = strings.ReplaceAll(text, documented, here)
	}
	putFile(t, l.config, []byte(text))
	return l
}

// start runs litestream until kill is called.
func (l *litestream) start() {
	l.t.Helper()
	l.cmd = exec.Command(l.program, "replicate", "-config", l.config, "-log-level", "debug")
	l.cmd.Stdout, l.cmd.Stderr = l.log, l.log
	if err := l.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(l.kill)
	box.Until(l.t, "litestream listens", time.Minute, func() bool {
		_, err := os.Stat(l.socket)
		return err == nil
	})
}

// kill ends litestream without notice. It may be called again.
func (l *litestream) kill() {
	if l.cmd.ProcessState == nil {
		l.cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may be gone
		l.cmd.Wait()                          //nolint:errcheck // it was killed
	}
}

func (l *litestream) run(args ...string) {
	l.t.Helper()
	if out, err := exec.Command(l.program, args...).CombinedOutput(); err != nil {
		l.t.Fatalf("litestream %s: %v\n%s\n%s", strings.Join(args, " "), err, out, l.log)
	}
}

// sync waits until all that was committed is replicated.
func (l *litestream) sync() {
	l.t.Helper()
	for _, name := range databases {
		l.run("sync", "-wait", "-socket", l.socket, filepath.Join(l.dir, name))
	}
}

// restored is a new folder with what was replicated.
func (l *litestream) restored() (dir string) {
	l.t.Helper()
	dir = l.t.TempDir()
	for _, name := range databases {
		l.run("restore", "-config", l.config, "-integrity-check", "full", "-o", filepath.Join(dir, name),
			filepath.Join(l.dir, name))
	}
	return dir
}

var (
	snapshotLine   = regexp.MustCompile(`(?m)^.*msg=sync .*snap=true.*$`)
	checkpointLine = regexp.MustCompile(`(?m)^.*msg=checkpoint .*db=inbox.db mode=PASSIVE.*$`)
)

// ofPerson are the deliveries that name a person.
func ofPerson(list []simulator.Delivery, p simulator.Person) (out []simulator.Delivery) {
	for _, d := range list {
		if bytes.Contains(d.Body, []byte(p.UserID)) {
			out = append(out, d)
		}
	}
	return out
}

// allOf is the text of all records and metrics of a person.
func allOf(t testing.TB, dir, name string) map[string]string {
	t.Helper()
	out := t.TempDir()
	box.Run(t, dir, "export", "--person", name, "--type", "all", "-o", out)
	all := map[string]string{"metrics": box.Run(t, dir, "export", "--person", name, "--metrics")}
	files, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		all[f.Name()] = string(takeFile(t, filepath.Join(out, f.Name())))
	}
	return all
}

// pushed sends a list with four senders, which must all be answered 200, and returns
// the longest time without an answer.
func pushed(t testing.TB, b *box.Box, list []simulator.Delivery) (longest time.Duration) {
	t.Helper()
	var gaps sync.Mutex
	last := time.Now()
	s := box.NewSender(list)
	s.Send(b.Addr, 4, nil, func(int64) {
		gaps.Lock()
		defer gaps.Unlock()
		longest, last = max(longest, time.Since(last)), time.Now()
	})
	if len(s.Queue) > 0 {
		t.Errorf("%d deliveries were not answered 200\n%s", len(s.Queue), b.Log)
	}
	return longest
}

// pushedAndKilled sends a list and kills what runs amid it. It returns the SHA-256 of
// what was answered 200.
func pushedAndKilled(b *box.Box, l *litestream, list []simulator.Delivery) map[[32]byte]bool {
	stop := make(chan struct{})
	s, half := box.NewSender(list), int64(len(list)/2)
	s.Send(b.Addr, 4, stop, func(n int64) {
		if n == half {
			b.Kill()
			l.kill()
			close(stop)
		}
	})
	b.Wait() //nolint:errcheck // it was killed
	return s.Kept.Sums
}

// throughBackup makes a folder of databases that Litestream restored ready to be used,
// as docs/operations.md says: a backup of it is made and restored.
func throughBackup(t testing.TB, garner, inbox string) (dir string) {
	t.Helper()
	pair, file := t.TempDir(), filepath.Join(t.TempDir(), "litestream.tar.zst")
	putFile(t, filepath.Join(pair, "garner.db"), takeFile(t, filepath.Join(garner, "garner.db")))
	putFile(t, filepath.Join(pair, "inbox.db"), takeFile(t, filepath.Join(inbox, "inbox.db")))
	box.Run(t, pair, "backup", file)
	dir = t.TempDir()
	box.Run(t, dir, "restore", file)
	return dir
}

// epoch is the number that tells readers of changes that a database was restored.
func epoch(t testing.TB, dir string) (n int64) {
	t.Helper()
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	if err := conn.QueryRow(`select value from meta where name = 'epoch'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLitestreamBringsBackWhatItReplicated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := newLitestream(t, dir)
	world, list := box.Household(2, 4)
	list = distinct(list)
	ada, ben := world.People()[0], world.People()[1]
	first, second := ofPerson(list, ada), ofPerson(list, ben)
	third := len(second) / 3
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	l.start()
	l.sync()

	longest := pushed(t, b, first)
	b.Drained()
	b.Derived()
	l.sync()
	before := allOf(t, dir, ada.Name)
	early := l.restored()
	longest = max(longest, pushed(t, b, second[:third]))
	b.Drained()
	l.sync()
	replicated := box.Sums(t, dir)
	acked := pushedAndKilled(b, l, second[third:])
	last, was := highest(t, dir), epoch(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}

	late := l.restored()
	box.Sound(t, late)
	have := box.Sums(t, late)
	for sum, id := range replicated {
		if have[sum] != id {
			t.Errorf("delivery %d was replicated and is not there", id)
		}
	}
	after := allOf(t, late, ada.Name)
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s differs from what was replicated", name)
		}
	}
	t.Logf("%s at most without an answer; of %d deliveries that were answered 200 and not waited for, %d came back",
		longest, len(acked), len(have)-len(replicated))
	if !checkpointLine.MatchString(l.log.String()) {
		t.Error("Litestream did not checkpoint inbox.db")
	}
	// Each database is copied as a whole once, whatever both of them checkpoint.
	if whole := snapshotLine.FindAllString(l.log.String(), -1); len(whole) != len(databases) {
		t.Errorf("whole databases were copied %d times:\n%s", len(whole), strings.Join(whole, "\n"))
	}

	want := fed(t, world, append(first, second...))
	for name, from := range map[string]struct{ garner, inbox string }{
		"both of one moment": {late, late}, "garner.db older": {early, late}, "inbox.db older": {late, early},
	} {
		dir := throughBackup(t, from.garner, from.inbox)
		if epoch(t, dir) == was {
			t.Errorf("%s: mirrors do not notice", name)
		}
		b := box.Start(t, dir, box.Options{})
		b.Push(second[third:]) // as Garmin does where it is asked to
		b.Drained()
		b.Stop()
		mustLieAbove(t, dir, last, second[len(second)-len(second)/3:])
		if d := difference(settledRecord(t, dir), want); d != "" {
			t.Errorf("%s: not all that was pushed is there (- here, + undisturbed)\n%s", name, d)
		}
		box.Sound(t, dir)
	}
}

func TestAnErasureEndsOnceLitestreamHasStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := newLitestream(t, dir)
	world, list := box.Household(1, 1)
	who := world.People()[0].Name
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	l.start()
	l.sync()
	b.Push(list)
	b.Drained()
	b.Run("person", "erase", "--name", who, "--confirm", who)
	box.Until(t, "the log of a database is in use", time.Minute, func() bool {
		return strings.Contains(b.Log.String(), "still in the log of a database")
	})
	l.kill()
	b.Stop()
	b = box.Start(t, dir, box.Options{})
	box.Until(t, "the person is erased", time.Minute, func() bool {
		return strings.Contains(b.Log.String(), "a person was erased")
	})
}
