package box

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

// Admin and Password are of the account that reads pages.
const (
	Admin    = "admin"
	Password = "correct horse battery"
)

// Reader is a client that is signed in as an admin. The first call adds the account
// and signs in.
func (b *Box) Reader() *http.Client {
	b.T.Helper()
	b.signIn.Do(func() {
		AddAdmin(b.T, b.Dir)
		b.reader = SignedIn(b.T, "http://"+b.Addr)
	})
	return b.reader
}

// AddAdmin adds the account of Reader unless it is there.
func AddAdmin(t testing.TB, dir string) {
	t.Helper()
	AddAccount(t, dir, "--name", Admin, "--role", "admin")
}

// AddAccount adds an account with Password by the flags of the command, unless its name
// is taken.
func AddAccount(t testing.TB, dir string, flags ...string) {
	t.Helper()
	cmd := exec.Command(Program(t, ""), append([]string{"account", "add", "--password-stdin"}, flags...)...)
	cmd.Env = Environment(dir, nil)
	cmd.Stdin = strings.NewReader(Password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), "taken") {
		t.Fatalf("add an account: %v\n%s", err, out)
	}
}

// SignedIn is a client with a session of the admin.
func SignedIn(t testing.TB, address string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := NewClient()
	client.Jar = jar
	resp, err := client.PostForm(address+"/signin", url.Values{"name": {Admin}, "password": {Password}})
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/" {
		t.Fatalf("the admin cannot sign in: %s %s", resp.Request.URL, resp.Status)
	}
	return client
}
