package standin

import (
	"bufio"
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
		_ = cmd.Wait()
	})
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}

// calls are those that the stand-in got, with how they were signed.
func calls(t *testing.T, origin string) string {
	t.Helper()
	res, err := http.Get(origin + "/log")
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
	g := start(t, "127.0.0.1:0", "GARNER_GARMIN_AUTHORIZE_URL="+origin+"/oauth2Confirm",
		"GARNER_GARMIN_TOKEN_URL="+origin+"/token", "GARNER_GARMIN_API_ORIGIN="+origin,
		"GARNER_OAUTH1_ORIGIN="+origin, "GARNER_OAUTH1_CONSUMER_SECRET="+consumerSecret)
	ping := func(n int) string {
		return fmt.Sprintf(`{"dailies":[{"userAccessToken":"brought-token","callbackURL":"%s/wellness-api/rest/dailies`+
			`?uploadStartTimeInSeconds=%d&uploadEndTimeInSeconds=%d&token=a%%2Bb.%d"}]}`, origin, n, n+60, n)
	}
	g.push("dailies", ping(1)) // overtakes the import
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

	out = g.run("oauth1", "exchange")
	if !strings.Contains(out, "1 moved to OAuth 2, 0 failed") {
		t.Fatalf("the exchange says %s", out)
	}
	if again := g.run("oauth1", "exchange"); !strings.Contains(again, "0 moved to OAuth 2, 0 failed, 1 had nothing") {
		t.Errorf("the second exchange says %s", again)
	}
	g.push("dailies", ping(100))
	g.until("data are fetched with the new token",
		func() bool { return strings.Contains(calls(t, origin), "GET /wellness-api/rest/dailies Bearer") })
	if log := g.log.String(); !strings.Contains(log, "2026-12-31") || strings.Contains(log, "brought-secret") ||
		strings.Contains(log, consumerSecret) {
		t.Error("the log does not say that OAuth 1 ends, or shows a secret")
	}
}
