package standin

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const consumerSecret = "standin-consumer-secret"

// oauth1Garmin starts the one that Python's oauthlib checks the signatures of.
func oauth1Garmin(t *testing.T) (origin string) {
	t.Helper()
	const python = "/usr/bin/python3" // Debian's, which has python3-oauthlib
	if err := exec.Command(python, "-c", "import oauthlib").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3-oauthlib is not installed")
		}
		t.Skip("python3-oauthlib is not installed: the signatures of OAuth 1 cannot be checked")
	}
	cmd := exec.Command(python, "oauth1_garmin.py", clientID, consumerSecret, userID)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it runs until then
		_ = cmd.Wait()         // it was killed
	})
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}

// startOAuth1 starts a garner that calls it.
func startOAuth1(t *testing.T, origin string, env ...string) *garner {
	t.Helper()
	return start(t, freePort(t), append(env, "GARNER_GARMIN_AUTHORIZE_URL="+origin+"/oauth2Confirm",
		"GARNER_GARMIN_TOKEN_URL="+origin+"/token", "GARNER_GARMIN_API_ORIGIN="+origin,
		"GARNER_OAUTH1_ORIGIN="+origin, "GARNER_OAUTH1_CONSUMER_SECRET="+consumerSecret)...)
}

// oauth1Ping announces a day of the person that the JSON fields in who name.
func oauth1Ping(origin string, n int, who string) string {
	return fmt.Sprintf(`{"dailies":[{%s,"callbackURL":"%s/wellness-api/rest/dailies`+
		`?uploadStartTimeInSeconds=%d&uploadEndTimeInSeconds=%d&token=a%%2Bb.%d"}]}`, who, origin, n, n+60, n)
}

// calls are those that the stand-in got, with how they were signed.
func calls(t *testing.T, origin string) string {
	t.Helper()
	return fetched(t, origin+"/log")
}

func fetched(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPeopleOfAnotherSystemAreBroughtByOAuth1AndMovedToOAuth2(t *testing.T) {
	t.Parallel()
	origin := oauth1Garmin(t)
	g := startOAuth1(t, origin)
	g.push("dailies", oauth1Ping(origin, 1, `"userAccessToken":"brought-token"`)) // overtakes the import
	people := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(people, []byte("name,user_id,token,secret\nAda,,brought-token,brought-secret\n"+
		"Eve,,unknown-token,unknown-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := g.fails("oauth1", "import", people)
	if !strings.Contains(out, "Ada: connected by OAuth 1") || !strings.Contains(out, "Eve: failed") {
		t.Fatalf("the import says %s", out)
	}
	if ids := fmt.Sprint(g.person()["garmin_user_ids"]); !strings.Contains(ids, userID) {
		t.Errorf("the user id was not collected: %s", ids)
	}
	g.until("what the ping announced is fetched with a signature", func() bool { return len(g.steps()) == 1 })
	if log := calls(t, origin); !strings.Contains(log, "GET /wellness-api/rest/dailies OAuth") {
		t.Errorf("not signed: %s", log)
	}

	again := g.fails("oauth1", "import", people)
	if !strings.Contains(again, "Ada: was connected already") || !strings.Contains(g.run("oauth1", "list"),
		"1 of 1 people are on OAuth 1") {
		t.Errorf("the second import says %s", again)
	}

	out = g.run("oauth1", "exchange")
	if !strings.Contains(out, "1 moved to OAuth 2, 0 failed") {
		t.Fatalf("the exchange says %s", out)
	}
	if again := g.run("oauth1", "exchange"); !strings.Contains(again, "0 moved to OAuth 2, 0 failed, 1 had nothing") {
		t.Errorf("the second exchange says %s", again)
	}
	if list, import3 := g.run("oauth1", "list"), g.fails("oauth1", "import", people); list !=
		"0 of 1 people are on OAuth 1\n" || !strings.Contains(import3, "Ada: was connected already") ||
		g.run("oauth1", "list") != list {
		t.Errorf("after the exchange: %s and %s", list, import3)
	}
	g.push("dailies", oauth1Ping(origin, 100, `"userAccessToken":"brought-token"`))
	g.until("data are fetched with the new token",
		func() bool { return strings.Contains(calls(t, origin), "GET /wellness-api/rest/dailies Bearer") })
	if log := g.log.String(); !strings.Contains(log, "2026-12-31") || strings.Contains(log, "brought-secret") ||
		strings.Contains(log, consumerSecret) {
		t.Error("the log does not say that OAuth 1 ends, or shows a secret")
	}
}

// exchanges makes Garmin answer to the exchange of tokens: ok, refuse, or cut.
func exchanges(t *testing.T, origin, how string) {
	t.Helper()
	res, err := http.Post(origin+"/exchange/"+how, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}

func TestAPersonSignsInByOAuth1AndIsMovedToOAuth2(t *testing.T) {
	t.Parallel()
	origin := oauth1Garmin(t)
	g := startOAuth1(t, origin, "GARNER_OAUTH1=sign-in")
	words := strings.Fields(g.run("person", "invite", "--name", "Ada"))
	with := browser(t)
	res, err := with.Get(words[len(words)-1])
	first := read(t, res, err)
	if !strings.Contains(first.text, "2026-12-31") {
		t.Errorf("the page does not say that OAuth 1 ends:\n%s", first.text)
	}
	confirm := first.submit(t, with) // to Garmin and back
	if !strings.Contains(confirm.text, userID) {
		t.Fatalf("%s (%d) does not show the Garmin user id:\n%s", confirm.url, confirm.status, confirm.text)
	}
	if list := g.run("oauth1", "list"); !strings.HasPrefix(list, "0 of 1") {
		t.Errorf("linked without a confirmation: %s", list)
	}
	if done := confirm.submit(t, with); done.status != http.StatusOK {
		t.Fatalf("linking answered %d:\n%s", done.status, done.text)
	}
	if list := g.run("oauth1", "list"); !strings.Contains(list, "Ada: connected by OAuth 1 since ") {
		t.Errorf("listed as %s", list)
	}
	var tokens []string
	if err := json.Unmarshal([]byte(fetched(t, origin+"/tokens")), &tokens); err != nil || len(tokens) != 3 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	fetchedBy := func(kind string) func() bool {
		return func() bool { return strings.Contains(calls(t, origin), "GET /wellness-api/rest/dailies "+kind) }
	}
	g.push("dailies", oauth1Ping(origin, 1, `"userAccessToken":"`+tokens[2]+`"`))
	g.until("what a ping by token alone announced is fetched with a signature", fetchedBy("OAuth"))

	for how, want := range map[string]string{"refuse": "perhaps Garmin has not moved the application", "cut": "Ada: failed: "} {
		exchanges(t, origin, how)
		out := g.fails("oauth1", "exchange")
		if !strings.Contains(out, want) || strings.Contains(out, tokens[2]) {
			t.Errorf("%s: the exchange says %s", how, out)
		}
		if list := g.run("oauth1", "list"); !strings.Contains(list, "Ada: connected by OAuth 1") {
			t.Errorf("%s: the token of OAuth 1 is lost: %s", how, list)
		}
	}
	exchanges(t, origin, "ok")
	if out := g.run("oauth1", "exchange"); !strings.Contains(out, "Ada: moved to OAuth 2") {
		t.Fatalf("the exchange says %s", out)
	}
	g.push("dailies", oauth1Ping(origin, 100, `"userId":"`+userID+`"`))
	g.until("a ping without a token finds the person", fetchedBy("Bearer"))
	if log := g.log.String(); strings.Contains(log, tokens[2]) || strings.Contains(log, consumerSecret) {
		t.Error("the log shows a secret")
	}
}

func TestATokenOfOAuth1OfAnotherPersonThanTheUserIDParks(t *testing.T) {
	t.Parallel()
	origin := oauth1Garmin(t)
	g := startOAuth1(t, origin)
	people := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(people, []byte("\ufeffname,user_id,token,secret\r\n\"Ada\",,brought-token,brought-secret\r\n"+
		"Ben,,other-token,other-secret\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.run("oauth1", "import", people)
	g.push("dailies", oauth1Ping(origin, 1, `"userId":"`+userID+`","userAccessToken":"other-token"`))
	g.until("the ping is parked", func() bool { return strings.Contains(g.run("inbox", "--json"), `"parked":1`) })
	if strings.Contains(calls(t, origin), "/dailies") {
		t.Error("it was fetched")
	}
}

func TestTokensOfOAuth1AreKeptWhileTheirSecretIsMissing(t *testing.T) {
	t.Parallel()
	origin := oauth1Garmin(t)
	g := startOAuth1(t, origin)
	people := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(people, []byte("name,user_id,token,secret\nAda,,brought-token,brought-secret\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	g.run("oauth1", "import", people)
	g.env = append(g.env, "GARNER_OAUTH1_CONSUMER_SECRET=")
	g.restart()
	before := calls(t, origin)
	g.push("dailies", oauth1Ping(origin, 1, `"userId":"`+userID+`"`))
	g.until("the fetch is put off", func() bool { return strings.Contains(g.log.String(), "CONSUMER_SECRET is not set") })
	if after := calls(t, origin); g.connection() != "connected" || after != before {
		t.Errorf("%s, after the calls %s", g.connection(), after)
	}
}
