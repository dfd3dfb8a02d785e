package service

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
)

func TestSignInGivesTokensThatWork(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	res := g.do("POST", TokenPath, "", tokenForm(g.code()))
	if res.StatusCode != http.StatusOK || !strings.Contains(res.body, `"expires_in":86400`) ||
		!strings.Contains(res.body, `"refresh_token_expires_in":7775998`) {
		t.Fatalf("%d: %s", res.StatusCode, res.body)
	}
	token := res.field("access_token")
	if id := g.get(apiPath+"user/id", token).field("userId"); id != g.people[0].UserID {
		t.Errorf("the user id is %q", id)
	}
	if got := g.get(apiPath+"user/permissions", token).body; strings.TrimSpace(got) !=
		`{"permissions":["ACTIVITY_EXPORT","HEALTH_EXPORT"]}` {
		t.Errorf("the permissions are %s", got)
	}
	g.pass(24 * time.Hour)
	g.expect(401, "an expired token", g.get(apiPath+"user/id", token))
}

func TestTheSignInPageLeavesHistoricalDataOff(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	page := g.get(AuthorizePath+"?"+consentForm().Encode(), "").body
	for _, want := range []string{`value="HEALTH_EXPORT" checked`, `value="HISTORICAL_DATA_EXPORT">`, "Ada Lindqvist",
		"Simulated Garmin Connect", `name="state" value="a state"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page has a script")
	}
}

func TestAWrongRequestToSignInLeadsNowhere(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	for name, value := range map[string]string{"client_id": "another", "redirect_uri": "javascript:alert(1)",
		"response_type": "token", "code_challenge_method": "plain", "code_challenge": "", "person": "7"} {
		res := g.do("POST", AuthorizePath, "", with(consentForm(), name, value))
		g.expect(400, name, res)
		if res.Header.Get("Location") != "" {
			t.Errorf("%s: leads somewhere", name)
		}
	}
}

func TestCancelReturnsAccessDenied(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	res := g.do("POST", AuthorizePath, "", with(consentForm(), "decision", "cancel"))
	if got := res.Header.Get("Location"); got != callback+"?error=access_denied&state=a+state" {
		t.Errorf("leads to %s", got)
	}
}

func TestACodeWorksOnceForItsVerifierAndAddress(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	for name, value := range map[string]string{"code_verifier": strings.Repeat("x", 43), "redirect_uri": callback + "/",
		"code": "another"} {
		code := g.code()
		res := g.do("POST", TokenPath, "", with(tokenForm(code), name, value))
		g.expect(400, name, res)
		if res.field("error") != "invalid_grant" {
			t.Errorf("%s: %s", name, res.body)
		}
	}
	code := g.code()
	g.expect(200, "a code", g.do("POST", TokenPath, "", tokenForm(code)))
	g.expect(400, "a code again", g.do("POST", TokenPath, "", tokenForm(code)))
	code = g.code()
	g.pass(10 * time.Minute)
	g.expect(400, "an expired code", g.do("POST", TokenPath, "", tokenForm(code)))
	g.expect(401, "a wrong secret", g.do("POST", TokenPath, "", with(tokenForm(g.code()), "client_secret", "wrong")))
	form := with(with(tokenForm(g.code()), "client_id", ""), "client_secret", "")
	req, err := http.NewRequestWithContext(t.Context(), "POST", g.url+TokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth("the-client", "the-secret")
	res, err := g.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	g.expect(401, "the secret in a header", response{res, ""})
	g.expect(400, "another grant type", g.do("POST", TokenPath, "", with(tokenForm(""), "grant_type", "password")))
}

func TestARefreshEndsTheOlderRefreshToken(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	old := g.Connect(0, HealthExport).RefreshToken
	res := g.do("POST", TokenPath, "", refreshForm(old))
	g.expect(200, "a refresh", res)
	again := g.do("POST", TokenPath, "", refreshForm(old))
	g.expect(400, "the older token", again)
	if again.field("error") != "invalid_grant" {
		t.Error(again.body)
	}
	g.pass(refreshLife)
	g.expect(400, "an expired token", g.do("POST", TokenPath, "", refreshForm(res.field("refresh_token"))))
}

func TestInTheGraceAnOlderRefreshTokenWorks(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{RefreshGrace: time.Minute})
	old := g.Connect(0, HealthExport).RefreshToken
	for range 2 {
		g.expect(200, "in the grace", g.do("POST", TokenPath, "", refreshForm(old)))
		g.pass(40 * time.Second)
	}
	g.expect(400, "after the grace", g.do("POST", TokenPath, "", refreshForm(old)))
}

func TestDisconnectingEndsTokensAndIsSaidOnce(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	ada, ben := g.Connect(0, HealthExport), g.Connect(1, HealthExport)
	g.expect(204, "the application disconnects", g.do("DELETE", apiPath+"user/registration", ada.AccessToken, nil))
	g.Disconnect(1)
	g.Disconnect(1)
	pushed := g.deliver()
	if len(pushed) != 2 || pushed[0].Person != 0 || pushed[1].Person != 1 || pushed[0].Type != "deregistrations" {
		t.Errorf("pushed %+v", pushed)
	}
	g.expect(401, "an ended token", g.get(apiPath+"user/id", ben.AccessToken))
	g.expect(400, "an ended refresh token", g.do("POST", TokenPath, "", refreshForm(ben.RefreshToken)))
}

func TestConnectingAgainEndsTheFormerTokens(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	old := g.Connect(0, HealthExport)
	now := g.Connect(0, HealthExport)
	g.expect(401, "a former token", g.get(apiPath+"user/id", old.AccessToken))
	g.expect(200, "the new token", g.get(apiPath+"user/id", now.AccessToken))
	if pushed := g.deliver(); len(pushed) > 0 {
		t.Errorf("pushed %d", len(pushed))
	}
}

func TestPermissionsAreChangedOnTheAccountPage(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	token := g.Connect(0, HealthExport, HistoricalExport).AccessToken
	if page := g.get(AccountPath, "").body; !strings.Contains(page, "Ada") || strings.Contains(page, "Ben") {
		t.Error("the page does not list the connected people")
	}
	g.expect(303, "a change", g.do("POST", AccountPath, "", url.Values{"person": {"0"}, "change": {"permissions"},
		"permission": {HealthExport}}))
	pushed := g.deliver()
	if len(pushed) != 1 || !strings.Contains(string(pushed[0].Body), `"permissions":["HEALTH_EXPORT"]`) {
		t.Errorf("pushed %+v", pushed)
	}
	if got := g.get(apiPath+"user/permissions", token).body; strings.Contains(got, HistoricalExport) {
		t.Error(got)
	}
	g.expect(303, "a disconnect", g.do("POST", AccountPath, "", url.Values{"person": {"0"}, "change": {"disconnect"}}))
	g.expect(401, "an ended token", g.get(apiPath+"user/id", token))
}

func TestForgedNoticesChangeNothing(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	token := g.Connect(0, HealthExport).AccessToken
	if d := g.ForgedDeregistration(0); !strings.Contains(string(d.Body), g.people[0].UserID) {
		t.Error("the notice names another person")
	}
	if d := g.ForgedPermissions(0); !strings.Contains(string(d.Body), `"permissions":[]`) {
		t.Errorf("%s", d.Body)
	}
	if got := g.get(apiPath+"user/permissions", token).body; !strings.Contains(got, HealthExport) {
		t.Error(got)
	}
	if pushed := g.deliver(); len(pushed) > 0 {
		t.Errorf("pushed %d", len(pushed))
	}
}

func TestLiveSyncsComeOfConnectedPeopleAndWhatTheyShare(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.pass(12 * time.Hour)
	if pushed := g.deliver(); len(pushed) > 0 {
		t.Errorf("pushed %d before the first connection", len(pushed))
	}
	g.Connect(0, HealthExport)
	g.pass(24 * time.Hour)
	pushed := g.deliver()
	if len(pushed) == 0 || !slices.IsSortedFunc(pushed, func(a, b simulator.Delivery) int { return a.At.Compare(b.At) }) {
		t.Fatalf("%d deliveries, or not in order of time", len(pushed))
	}
	for _, d := range pushed {
		if id := d.Header.Get("garmin-client-id"); id != "" && id != "the-client" {
			t.Errorf("the client id is %s", id)
		}
		if kind, _ := typeOf(d.Type); d.Person != 0 || kind.permission != HealthExport {
			t.Errorf("pushed %s of person %d", d.Type, d.Person)
		}
	}
	if again := g.deliver(); len(again) > 0 {
		t.Errorf("pushed %d again", len(again))
	}
}

func TestTheLogNamesQueriesWithoutTheirValues(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	g.get(apiPath+"user/id?token=secret&a=1", g.Connect(1).AccessToken)
	log := g.Requests()
	if len(log) != 1 || !slices.Equal(log[0].Query, []string{"a", "token"}) || log[0].Person != 1 ||
		log[0].Status != 200 || log[0].Path != apiPath+"user/id" {
		t.Errorf("%+v", log)
	}
}
