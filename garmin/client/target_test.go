package client

import (
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin"
)

// atGarmin is a client of the real addresses, which is never made to call.
func atGarmin(t testing.TB) *Client {
	t.Helper()
	c, err := New(Config{ClientID: "id", ClientSecret: "secret", AuthorizeURL: "https://connect.garmin.com/oauth2Confirm",
		TokenURL: "https://diauth.garmin.com/di-oauth2-service/oauth/token", APIOrigin: "https://APIs.Garmin.com"},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	dailies = "https://apis.garmin.com/wellness-api/rest/dailies"
	window  = "uploadStartTimeInSeconds=1710892800&uploadEndTimeInSeconds=1710979200"
)

func TestAddressesOfPingsAreCalledAsGiven(t *testing.T) {
	t.Parallel()
	const path = "/wellness-api/rest/"
	from, to := time.Unix(1710892800, 0).UTC(), time.Unix(1710979200, 0).UTC()
	for _, good := range []struct {
		kind *garmin.Type
		raw  string
		want Target
	}{
		{garmin.Dailies, dailies + "?" + window + "&token=Q1BH-._~",
			Target{path + "dailies", window + "&token=Q1BH-._~", from, to}},
		{garmin.Dailies, dailies + "?token=a%2Fb%2b%3D&" + window,
			Target{path + "dailies", "token=a%2Fb%2b%3D&" + window, from, to}},
		{garmin.Dailies, "HTTPS://APIS.garmin.COM" + path + "dailies?token=a", Target{Path: path + "dailies", Query: "token=a"}},
		{garmin.Dailies, dailies, Target{Path: path + "dailies"}},
		{garmin.PulseOx, "https://apis.garmin.com" + path + "pulseOx?token=a", Target{Path: path + "pulseOx", Query: "token=a"}},
		{garmin.ActivityFiles, "https://apis.garmin.com" + path + "activityFile?id=17&token=a+/=",
			Target{Path: path + "activityFile", Query: "id=17&token=a+/="}},
	} {
		if got, err := atGarmin(t).Target(good.kind, good.raw); err != nil || got != good.want {
			t.Errorf("%s: got %#v %q, %v", good.raw, got.Path, got.Query, err)
		}
	}
}

func TestHostileAddressesOfPingsAreRefused(t *testing.T) {
	t.Parallel()
	const path = "/wellness-api/rest/dailies"
	for _, bad := range []string{
		"", "dailies", path, "//apis.garmin.com" + path, "//evil.example" + path,
		"https://evil.example" + path, "http://apis.garmin.com" + path, "ftp://apis.garmin.com" + path, "https:apis.garmin.com" + path,
		"https://apis.garmin.com@evil.example" + path, "https://u:p@apis.garmin.com" + path, "https://u@apis.garmin.com" + path,
		"https://apis.garmin.com.evil.example" + path, "https://apis.garmin.com.", "https://apis.garmin.com." + path,
		"https://evil.example/apis.garmin.com" + path, "https://evil.example?https://apis.garmin.com" + path,
		`\\evil.example` + path, `https:\\apis.garmin.com` + path, `https://apis.garmin.com\@evil.example` + path,
		"https://apis.garmin.com:443" + path, "https://apis.garmin.com:8443" + path, "https://apis.garmin.com:" + path,
		"https://2130706433" + path, "https://127.0.0.1" + path, "https://[::1]" + path, "https://[::ffff:127.0.0.1]" + path,
		"https://169.254.169.254/latest/meta-data", "https://apis。garmin。com" + path, "https://api\u017f.garmin.com" + path,
		"https://apis.garmin.com%2eevil.example" + path, " " + dailies, dailies + " ", dailies + "\r\nX: y",
		dailies + "\x00", dailies + "?token=a\n",
		dailies + "#a", dailies + "?token=a#b", dailies + ";a", dailies + "/", dailies + "/..",
		dailies + "/../sleeps", dailies + "%2f..",
		"https://apis.garmin.com/wellness-api/rest/../rest/dailies", "https://apis.garmin.com//wellness-api/rest/dailies",
		"https://apis.garmin.com/wellness-api%2frest/dailies", "https://apis.garmin.com/wellness-api/rest/%64ailies",
		"https://apis.garmin.com/wellness-api/rest/Dailies", "https://apis.garmin.com/wellness-api/rest/sleeps",
		"https://apis.garmin.com/wellness-api/rest/user/registration", "https://apis.garmin.com/wellness-api/rest/",
		dailies + "?", dailies + "?&", dailies + "?token", dailies + "?token=", dailies + "?token=a&", dailies + "?token=a&&id=1",
		dailies + "?token=a&token=b", dailies + "?token=a&token=a", dailies + "?url=https://evil.example", dailies + "?Token=a",
		dailies + "?token=a;id=1", dailies + "?token=%00", dailies + "?token=%0d%0a", dailies + "?token=%", dailies + "?to%6ben=a",
		dailies + "?token=<a>", dailies + "?token=" + strings.Repeat("a", mostValue+1), dailies + "?id=%2e",
		dailies + "?" + strings.Repeat("a", mostURL),
		dailies + "?uploadStartTimeInSeconds=1", dailies + "?uploadEndTimeInSeconds=1",
		dailies + "?uploadStartTimeInSeconds=-1&uploadEndTimeInSeconds=1",
		dailies + "?uploadStartTimeInSeconds=1.5&uploadEndTimeInSeconds=2",
		dailies + "?uploadStartTimeInSeconds=2&uploadEndTimeInSeconds=1",
		dailies + "?uploadStartTimeInSeconds=1&uploadEndTimeInSeconds=86402",
		dailies + "?uploadStartTimeInSeconds=0&uploadEndTimeInSeconds=99999999999",
		dailies + "?uploadStartTimeInSeconds=1710892800000&uploadEndTimeInSeconds=1710892800000",
	} {
		got, err := atGarmin(t).Target(garmin.Dailies, bad)
		var refused *RefusedError
		if !errors.As(err, &refused) || got != (Target{}) {
			t.Errorf("%q: got %q %q, %v", bad, got.Path, got.Query, err)
			continue
		}
		if refused.Reason == "" || strings.Contains(err.Error(), "evil") || MaybeSent(err) {
			t.Errorf("%q: %v, may have been sent: %t", bad, err, MaybeSent(err))
		}
	}
	for _, kind := range []*garmin.Type{garmin.Deregistrations, garmin.UserPermissionsChange, garmin.ThirdPartyDailies} {
		if got, err := atGarmin(t).Target(kind, "https://apis.garmin.com/wellness-api/rest/"+kind.Pull); err == nil {
			t.Errorf("%s: fetches %s", kind.Key, got.Path)
		}
	}
}

// For every input, the host that is dialled is the constant.
func FuzzTarget(f *testing.F) {
	for _, raw := range []string{dailies + "?" + window + "&token=a",
		"https://apis.garmin.com@evil.example/wellness-api/rest/dailies",
		"https://apis.garmin.com/wellness-api/rest/dailies?token=%2F%2Fevil.example", `https://apis.garmin.com\\evil.example`,
		"HTTPS://apis.garmin.com:443/wellness-api/rest/dailies#", "https://apiſ.garmin.com/wellness-api/rest/dailies"} {
		f.Add(raw)
	}
	c := atGarmin(f)
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := c.Target(garmin.Dailies, raw)
		if err != nil {
			return
		}
		u, err := url.Parse(c.at(got.Path, got.Query).String())
		if err != nil {
			t.Fatal(err)
		}
		if hostPort(u) != "apis.garmin.com:443" || u.Scheme != "https" || u.User != nil || u.Fragment != "" ||
			u.EscapedPath() != "/wellness-api/rest/dailies" || u.RawQuery != got.Query {
			t.Fatalf("%q became %s", raw, u)
		}
		values, err := url.ParseQuery(got.Query)
		if err != nil {
			t.Fatal(err)
		}
		for name, list := range values {
			if !slices.Contains([]string{"uploadStartTimeInSeconds", "uploadEndTimeInSeconds", "token", "id"}, name) || len(list) != 1 {
				t.Fatalf("%q has %s %d times", raw, name, len(list))
			}
		}
		if got.To.Sub(got.From) < 0 || got.To.Sub(got.From) > 24*time.Hour {
			t.Fatalf("%q has the window %s to %s", raw, got.From, got.To)
		}
	})
}
