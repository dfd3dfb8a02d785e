package standin

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// freePort is an address of loopback that was free a moment ago: the redirect URI
// has to be known before garner starts.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// connected is a garner whose one person went through the sign-in.
func connected(t *testing.T, lifetime time.Duration) (*garner, *standIn) {
	t.Helper()
	addr := freePort(t)
	s := newStandIn(t, "http://"+addr+"/connect/garmin/callback", lifetime)
	g := start(t, addr, "GARNER_GARMIN_AUTHORIZE_URL="+s.URL+"/oauth2Confirm", "GARNER_GARMIN_TOKEN_URL="+s.URL+"/token",
		"GARNER_GARMIN_API_ORIGIN="+s.URL)
	words := strings.Fields(g.run("person", "invite", "--name", "Ada"))
	link := words[len(words)-1]
	with := browser(t)
	res, err := with.Get(link)
	returned := read(t, res, err).submit(t, with) // to Garmin and back
	if !strings.Contains(returned.text, userID) {
		t.Fatalf("%s (%d) does not show the Garmin user id:\n%s", returned.url, returned.status, returned.text)
	}
	done := returned.submit(t, with)
	if done.status != http.StatusOK {
		t.Fatalf("linking answered %d:\n%s", done.status, done.text)
	}
	if ids := fmt.Sprint(g.person()["garmin_user_ids"]); !strings.Contains(ids, userID) {
		t.Fatalf("linked to %s", ids)
	}
	return g, s
}

func TestAServerOfAnotherHandConnectsRefreshesRotatesAndRevokes(t *testing.T) {
	t.Parallel()
	g, s := connected(t, 5*time.Minute) // too short to be used without a refresh
	for n := 1; n <= 3; n++ {
		g.push("dailies", s.ping(n))
		g.until("what the ping announced is stored", func() bool { return len(g.steps()) == n })
		g.restart() // the new tokens are on disk, and the pace of refreshes is forgotten
	}
	tokens, pulls, calls, _ := s.seen()
	used := map[string]bool{}
	for _, issued := range tokens {
		if used[issued.access] || used[issued.refresh] {
			t.Error("a token was issued twice")
		}
		used[issued.access], used[issued.refresh] = true, true
	}
	if len(tokens) < 4 || tokens[0].grant != "authorization_code" || tokens[3].grant != "refresh_token" {
		t.Errorf("%d pairs of tokens, the grants %v", len(tokens), tokens)
	}
	if len(pulls) != 3 || pulls[2] != tokens[len(tokens)-1].access {
		t.Error("the last data were not fetched with the newest token")
	}
	if calls != len(tokens) {
		t.Errorf("%d calls for %d pairs of tokens: some were refused", calls, len(tokens))
	}

	s.revoke(t)
	g.push("dailies", s.ping(4))
	g.until("the person needs to reconnect", func() bool { return g.connection() == "must reconnect" })
	g.push("dailies", s.ping(5))
	g.until("the ping waits", func() bool { return strings.Contains(g.run("inbox", "--json"), `"fetching":2`) })
	if _, _, after, _ := s.seen(); after != calls+1 {
		t.Errorf("%d calls after the tokens were refused, want one", after-calls)
	}
	if log := g.log.String(); strings.Contains(log, tokens[0].access) || strings.Contains(log, tokens[0].refresh) ||
		strings.Contains(log, clientSecret) {
		t.Error("the log shows a secret")
	}
}
