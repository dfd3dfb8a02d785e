package box

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// ClientSecret is the application's at the simulated Garmin.
const ClientSecret = "a-client-secret-for-tests"

// Garmin is a simulated Garmin that pushes to a box.
type Garmin struct {
	*service.Service
	World  *simulator.World
	Server *httptest.Server

	target atomic.Pointer[Box]
}

// NewGarmin starts one for a world; with changes its configuration.
func NewGarmin(t testing.TB, world *simulator.World, with func(*service.Config)) *Garmin {
	t.Helper()
	g := &Garmin{World: world}
	g.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.Service.ServeHTTP(w, r)
	}))
	cfg := service.Config{ClientID: simulator.ClientID, ClientSecret: ClientSecret, Files: world.ActivityFile,
		Origin: "http://" + g.Server.Listener.Addr().String(), Push: g.push}
	if with != nil {
		with(&cfg)
	}
	g.Service = service.New(world, cfg)
	g.Server.Start()
	t.Cleanup(g.Server.Close)
	return g
}

// Env makes it the Garmin of a box.
func (g *Garmin) Env() []string {
	return []string{
		"GARNER_GARMIN_CLIENT_ID=" + simulator.ClientID, "GARNER_GARMIN_CLIENT_SECRET=" + ClientSecret,
		"GARNER_GARMIN_AUTHORIZE_URL=" + g.Server.URL + service.AuthorizePath,
		"GARNER_GARMIN_TOKEN_URL=" + g.Server.URL + service.TokenPath, "GARNER_GARMIN_API_ORIGIN=" + g.Server.URL,
	}
}

// PersonalEnv makes it the Garmin that a box asks with people's own keys.
func (g *Garmin) PersonalEnv() []string { return []string{"GARNER_PERSONAL_ORIGIN=" + g.Server.URL} }

// AddKey makes a key of that person of the world, and stores it for one of the folder.
func (g *Garmin) AddKey(t testing.TB, dir, name string, person int) (key string) {
	t.Helper()
	key = g.MakeKey(person, time.Now().AddDate(1, 0, 0))
	cmd := exec.Command(Program(t, ""), "person", "key", "--name", name, "--key-stdin")
	cmd.Env, cmd.Stdin = Environment(dir, g.PersonalEnv()), strings.NewReader(key+"\n")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Garmin accepts it") {
		t.Fatalf("store a key: %v\n%s", err, out)
	}
	return key
}

// PushTo pushes to a box from now on.
func (g *Garmin) PushTo(b *Box) { g.target.Store(b) }

// push posts a delivery once; the service keeps what is not answered 200.
func (g *Garmin) push(_ context.Context, d simulator.Delivery) error {
	b := g.target.Load()
	if b == nil {
		return fmt.Errorf("%s: no box to push to", d.Type)
	}
	status, err := Post(NewClient(), b.Addr, d.Type, d.Body)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", d.Type, status)
	}
	return err
}

// Connect invites a person and goes through the sign-in as that one of the world, who
// grants some permissions. It returns the link of the invitation, which is used up.
func (g *Garmin) Connect(b *Box, name string, person int, permissions ...string) *url.URL {
	b.T.Helper()
	words := strings.Fields(b.Run("person", "invite", "--name", name))
	link, err := url.Parse(words[len(words)-1])
	if err != nil {
		b.T.Fatal(err)
	}
	link.Host = b.Addr // the system chose the port
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.T.Fatal(err)
	}
	client := NewClient()
	client.Jar, client.CheckRedirect = jar, nil
	resp, err := client.Get(link.String())
	resp = submit(b.T, client, resp, err, nil) // to the consent page
	resp = submit(b.T, client, resp, nil, url.Values{"person": {fmt.Sprint(person)}, "permission": permissions,
		"decision": {"agree"}}) // and back
	resp = submit(b.T, client, resp, nil, nil) // to link
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		b.T.Fatalf("linking %s ended at %s: %s", name, resp.Request.URL.Path, resp.Status)
	}
	return link
}

// submit posts the one form of a page, with some of its fields replaced.
func submit(t testing.TB, client *http.Client, page *http.Response, err error, with url.Values) *http.Response {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	doc, err := goquery.NewDocumentFromReader(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := doc.Find(`form[method=post]:not([action='/theme'])`)
	if form.Length() != 1 {
		t.Fatalf("%s (%s) has %d forms to post, not one: %s", page.Request.URL.Path, page.Status, form.Length(), doc.Text())
	}
	to, err := page.Request.URL.Parse(form.AttrOr("action", ""))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	form.Find(`input[type=hidden]`).Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	for name, list := range with {
		values[name] = list
	}
	resp, err := client.PostForm(to.String(), values)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}
