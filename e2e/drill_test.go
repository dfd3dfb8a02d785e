package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// drill is a box with everything that a backup must bring back.
type drill struct {
	t        *testing.T
	garmin   *box.Garmin
	dir      string // a folder that commands run over
	env      []string
	secret   string // of the callback URLs in Garmin's portal
	box      *box.Box
	behind   atomic.Int64 // by how much Garmin's clock is, a time.Duration
	name     string       // of the one person, who is connected
	identity string       // file with the recovery key; empty if there is none
	token    string       // of the API
	file     []byte       // an activity file
	fileURL  string       // the path of its download
}

// newDrill prepares a folder. The callback secret is in it, not in the configuration.
func newDrill(t *testing.T) *drill {
	t.Helper()
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: 60, Until: time.Now(),
		Faults: &simulator.Faults{}})
	d := &drill{t: t, dir: t.TempDir(), name: world.People()[0].Name, secret: "from-before-the-loss"}
	d.behind.Store(int64(behind))
	d.garmin = box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.Now = d.now
		cfg.Push = func(_ context.Context, p simulator.Delivery) error { return d.push(p) }
		cfg.Mode = map[string]string{}
		for _, typ := range garmin.Callbacks() {
			cfg.Mode[typ.Key] = service.ModePing
		}
		cfg.Mode["activityDetails"] = service.ModeOff // files have the same
	})
	d.env = append(slices.DeleteFunc(d.garmin.Env(), func(v string) bool {
		return strings.HasPrefix(v, "GARNER_GARMIN_CLIENT_") // a page sets it
	}), "GARNER_GARMIN_CALLBACK_SECRET=", "GARNER_BACKFILL_KEY=production", "GARNER_BACKFILL_AUTOMATIC=false")
	putFile(t, filepath.Join(d.dir, "callback-secret"), []byte(d.secret+"\n"))
	certificate := filepath.Join(d.dir, certificateFile)
	if err := os.MkdirAll(filepath.Dir(certificate), 0o700); err != nil {
		t.Fatal(err)
	}
	putFile(t, certificate, []byte("a certificate and its key"))
	return d
}

// certificateFile is where a certificate is kept.
const certificateFile = "certificates/certificates/an-authority/garner.example.org/garner.example.org.key"

// run runs a command and returns what it printed.
func (d *drill) run(args ...string) string {
	d.t.Helper()
	cmd := exec.Command(box.Program(d.t, ""), args...)
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = box.Environment(d.dir, d.env), &errs
	out, err := cmd.Output()
	if err != nil {
		d.t.Fatalf("garner %v: %v\n%s%s", args, err, out, &errs)
	}
	return string(out)
}

// serve starts the box.
func (d *drill) serve() {
	d.t.Helper()
	d.box = box.Start(d.t, d.dir, box.Options{Env: d.env})
}

// push posts a delivery to the callback URL.
func (d *drill) push(p simulator.Delivery) error {
	resp, err := http.Post("http://"+d.box.Addr+"/garmin/"+d.secret+"/"+p.Type, "application/json",
		bytes.NewReader(p.Body))
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s, %w", p.Type, resp.Status, err)
	}
	return nil
}

// setClient saves Garmin's client on the page of the set-up: its secret is encrypted.
func (d *drill) setClient(client *http.Client) {
	d.t.Helper()
	resp, err := client.PostForm("http://"+d.box.Addr+"/setup/garmin", url.Values{"garmin.client_id": {simulator.ClientID},
		"garmin.client_secret": {box.ClientSecret}})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.Request.URL.Path != "/setup/callbacks" {
		d.t.Fatalf("saving Garmin's client ended at %s: %s, %v", resp.Request.URL, resp.Status, err)
	}
}

// history has activities of some weeks asked for, and waits until their files are there.
func (d *drill) history() {
	d.t.Helper()
	day := func(ago int) string { return time.Now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
	d.run("backfill", "--person", d.name, "--type", "activities", "--from", day(35), "--to", day(14), "--detach")
	d.deliver(`not exists (select 1 from backfill where state < 2) and exists (select 1 from file)`)
}

// deliver has Garmin announce what there is, until a query says that something is there.
func (d *drill) deliver(there string) {
	d.t.Helper()
	before := d.fetched()
	conn := box.ReadOnly(d.t, filepath.Join(d.dir, "garner.db"))
	defer conn.Close()
	box.Until(d.t, "Garner has "+there, time.Minute, func() bool {
		if err := d.garmin.Deliver(d.t.Context(), d.now().Add(10*time.Minute)); err != nil {
			d.t.Fatal(err)
		}
		var yes bool
		err := conn.QueryRow(`select not exists (select 1 from fetch where state = 0) and ` + there).Scan(&yes)
		return err == nil && yes
	})
	d.box.Drained()
	d.box.Derived()
	if d.fetched() == before {
		d.t.Error("nothing was fetched from Garmin")
	}
}

// fetched is how often Garmin has answered with data, to the tokens of the person.
func (d *drill) fetched() (n int) {
	for _, q := range d.garmin.Requests() {
		if q.Status == http.StatusOK && strings.Contains(q.Path, "/rest/") && !strings.Contains(q.Path, "/user/") {
			n++
		}
	}
	return n
}

// now is the time of Garmin's clock: what its watches send after the consent lies in the
// past for Garner.
func (d *drill) now() time.Time { return time.Now().Add(-time.Duration(d.behind.Load())) }

// fill fills the box: an account, a token of the API, a setting with a secret, a person who is
// connected, history and activity files.
func (d *drill) fill() {
	d.t.Helper()
	d.setClient(d.box.Reader())
	words := strings.Fields(d.run("token", "add", "--name", "a program"))
	d.token = words[len(words)-1]
	d.run("person", "add", "--name", d.name)
	d.connect()
	d.history()
	conn := box.ReadOnly(d.t, filepath.Join(d.dir, "garner.db"))
	defer conn.Close()
	var id, size int
	if err := conn.QueryRow(`select id, size from file order by id limit 1`).Scan(&id, &size); err != nil {
		d.t.Fatalf("an activity file: %v", err)
	}
	var slug string
	if err := conn.QueryRow(`select slug from person`).Scan(&slug); err != nil {
		d.t.Fatal(err)
	}
	d.fileURL = fmt.Sprintf("/p/%s/files/%d", slug, id)
	if d.file = fetch(d.t, d.box.Reader(), "http://"+d.box.Addr+d.fileURL); len(d.file) != size {
		d.t.Fatalf("the activity file has %d bytes, not %d", len(d.file), size)
	}
}

// connect connects the person, anew if she is.
func (d *drill) connect() {
	d.t.Helper()
	words := strings.Fields(d.run("person", "invite", "--name", d.name))
	link, err := url.Parse(words[len(words)-1])
	if err != nil {
		d.t.Fatal(err)
	}
	box.Until(d.t, "the settings are in force", time.Minute, func() bool {
		page := fetch(d.t, http.DefaultClient, "http://"+d.box.Addr+link.Path)
		return !bytes.Contains(page, []byte(`data-testid="not-ready"`))
	})
	d.garmin.Connect(d.box, d.name, 0, shared...)
}

// makeKey makes the recovery key.
func (d *drill) makeKey() {
	d.t.Helper()
	d.identity = filepath.Join(d.t.TempDir(), "key")
	putFile(d.t, d.identity, []byte(recoveryKey.FindString(d.run("recovery-key"))))
}

// lost loses the folder, and restores the backup into a new one. It returns the report.
func (d *drill) lost(backup string) string {
	d.t.Helper()
	d.dir = filepath.Join(d.t.TempDir(), "data")
	args := []string{"restore", backup}
	if d.identity != "" {
		args = append(args, "--identity", d.identity)
	}
	return d.run(args...)
}

// usedIDs are the epoch of the database, and the highest ids that it has.
type usedIDs struct{ epoch, delivery, change, fetch int64 }

func (d *drill) ids() (out usedIDs) {
	d.t.Helper()
	for name, query := range map[string]string{
		"garner.db": `select (select value from meta where name = 'epoch'), 0, (select max(id) from change),
			(select max(id) from fetch)`,
		"inbox.db": `select 0, max(id), 0, 0 from delivery`,
	} {
		conn := box.ReadOnly(d.t, filepath.Join(d.dir, name))
		var more usedIDs
		if err := conn.QueryRow(query).Scan(&more.epoch, &more.delivery, &more.change, &more.fetch); err != nil {
			d.t.Fatal(err)
		}
		out.epoch, out.delivery = max(out.epoch, more.epoch), max(out.delivery, more.delivery)
		out.change, out.fetch = max(out.change, more.change), max(out.fetch, more.fetch)
		if err := conn.Close(); err != nil {
			d.t.Fatal(err)
		}
	}
	return out
}

// api asks for a page of the API with the token.
func (d *drill) api(path string) (status int, body string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, "http://"+d.box.Addr+"/api/v1/"+path, http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	resp, err := box.NewClient().Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// cursor is where a mirror by the API is, which has seen all.
func (d *drill) cursor() string {
	d.t.Helper()
	path := "changes"
	for {
		status, text := d.api(path)
		var page struct {
			Data []json.RawMessage
			Next string
		}
		if err := json.Unmarshal([]byte(text), &page); err != nil || status != http.StatusOK {
			d.t.Fatalf("changes answer %d, %v: %s", status, err, text)
		}
		if len(page.Data) == 0 {
			return page.Next
		}
		path = "changes?cursor=" + url.QueryEscape(page.Next)
	}
}

// A drill of the loss of the disk. Without a recovery key no secret is in a backup, and the
// report says what that means.
func TestARestoreAfterTheLossOfTheDiskBringsEverythingBack(t *testing.T) {
	t.Parallel()
	for name, withKey := range map[string]bool{"with the recovery key": true, "without a recovery key": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDrill(t)
			d.serve()
			d.fill()
			if withKey {
				d.makeKey()
			}
			backup := filepath.Join(t.TempDir(), "backup")
			d.run("backup", backup)
			_, late := box.Household(1, 1)
			for _, p := range late { // lost with the disk
				if err := d.push(p); err != nil {
					t.Fatal(err)
				}
			}
			d.box.Drained()
			before, cursor := d.ids(), d.cursor()
			d.box.Stop()

			d.wantReport(d.lost(backup), withKey)
			restored := d.ids()
			d.serve()
			d.wantSecrets(withKey)
			client := box.SignedIn(t, "http://"+d.box.Addr)
			if got := fetch(t, client, "http://"+d.box.Addr+d.fileURL); !bytes.Equal(got, d.file) {
				t.Errorf("the activity file has %d bytes, want the %d from before", len(got), len(d.file))
			}
			if status, people := d.api("people"); status != http.StatusOK || !strings.Contains(people, d.name) {
				t.Errorf("the API answers %d: %s", status, people)
			}
			if status, problem := d.api("changes?cursor=" + url.QueryEscape(cursor)); status != http.StatusGone {
				t.Errorf("a cursor from before the loss answers %d: %s", status, problem)
			}
			if !withKey {
				d.setClient(client)
				d.connect()
			}
			d.behind.Store(int64(behind / 2)) // the watch has sent more
			d.deliver(fmt.Sprintf(`exists (select 1 from fetch where state = 1 and id > %d)`, restored.fetch))
			d.wantNewIDs(before, restored)
			d.box.Stop()
			d.run("check", "--deep")
			box.Sound(t, d.dir)
		})
	}
}

// wantReport wants the report to say what is missing, and only that.
func (d *drill) wantReport(report string, withKey bool) {
	d.t.Helper()
	for says, want := range map[string]bool{
		"restored ": true, "people: 1, accounts: 1": true,
		"The keys, the callback secret and the certificates are back": withKey,
		"the callback secret is a new one":                            !withKey,
		"Must connect to Garmin again: " + d.name + ".":               !withKey,
		"must be set again: garmin.client_secret.":                    !withKey,
	} {
		if strings.Contains(report, says) != want {
			d.t.Errorf("that the report says %q is %t, want %t:\n%s", says, !want, want, report)
		}
	}
}

// wantSecrets wants the secrets to be back, or new ones instead.
func (d *drill) wantSecrets(withKey bool) {
	d.t.Helper()
	if err := d.push(simulator.Delivery{Type: "dailies", Body: []byte(`{"dailies":[]}`)}); (err == nil) != withKey {
		d.t.Errorf("pushing to the callback URL from before: %v", err)
	}
	url := callbackURL.FindStringSubmatch(d.run("urls"))
	if (url[1] == d.secret) != withKey {
		d.t.Errorf("that the callback URL is that from before is %t", !withKey)
	}
	d.secret = url[1] // as after a change in Garmin's portal
	if _, err := os.Stat(filepath.Join(d.dir, certificateFile)); (err == nil) != withKey {
		d.t.Errorf("the certificate: %v", err)
	}
	conn := box.ReadOnly(d.t, filepath.Join(d.dir, "garner.db"))
	defer conn.Close()
	var must bool
	if err := conn.QueryRow(`select max(state) = 1 from connection where state < 2`).Scan(&must); err != nil || must == withKey {
		d.t.Errorf("that the person must connect again is %t, %v", must, err)
	}
}

var callbackURL = regexp.MustCompile(`/garmin/([\w-]+)/dailies`)

// wantNewIDs wants what came since the restore to have ids that were never used, of another
// epoch.
func (d *drill) wantNewIDs(before, restored usedIDs) {
	d.t.Helper()
	after := d.ids()
	if restored.delivery >= before.delivery || restored.epoch == before.epoch || after.epoch != restored.epoch ||
		after.delivery <= before.delivery || after.change <= before.change {
		d.t.Errorf("before %+v, restored %+v, after %+v", before, restored, after)
	}
	for name, query := range map[string]string{
		"inbox.db":  fmt.Sprintf(`select count(*) from delivery where id > %d and id <= %d`, restored.delivery, before.delivery),
		"garner.db": fmt.Sprintf(`select count(*) from change where id > %d and id <= %d`, restored.change, before.change),
	} {
		conn := box.ReadOnly(d.t, filepath.Join(d.dir, name))
		defer conn.Close()
		var recurred int
		if err := conn.QueryRow(query).Scan(&recurred); err != nil || recurred > 0 {
			d.t.Errorf("%s: %d ids from before the loss recur, %v", name, recurred, err)
		}
	}
}
