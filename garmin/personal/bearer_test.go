package personal_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"garner/garmin/client"
	"garner/garmin/personal"
)

// jwt is an unsigned JWT with the claims.
func jwt(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256"}`)) + "." + part([]byte(claims)) + ".c2lnbmF0dXJl"
}

const opaque = "abcDEF-0123456789._~+/=="

func TestAKeyIsExchangedForABearerInEachFormOfTheAnswer(t *testing.T) {
	t.Parallel()
	soon := time.Now().Add(3 * time.Hour)
	dated := jwt(fmt.Sprintf(`{"iat":1,"exp":%d,"scope":["A"]}`, soon.Unix()))
	for body, want := range map[string]struct {
		token string
		life  time.Duration
	}{
		`{"access_token":"` + opaque + `","token_type":"Bearer","expires_in":86400}`:              {opaque, 24 * time.Hour},
		`{"accessToken":"` + opaque + `","expiresIn":"7200"}`:                                     {opaque, 2 * time.Hour},
		`{"expires_in":60.5,"token":"` + opaque + `"}`:                                            {opaque, 60500 * time.Millisecond},
		`{"bearer":"Bearer ` + opaque + `"}`:                                                      {opaque, 24 * time.Hour},
		`{"bearerToken":"` + dated + `"}`:                                                         {dated, 3 * time.Hour},
		`{"token":"` + dated + `","expiresIn":1800}`:                                              {dated, 30 * time.Minute},
		`{"token":{"accessToken":"` + opaque + `","expiresIn":3600}}`:                             {opaque, time.Hour},
		`{"data":[{"ACCESS-TOKEN":"` + opaque + `"}],"expires_in":3600}`:                          {opaque, time.Hour},
		`{"refreshToken":{"token":"another-one"},"token":"` + opaque + `"}`:                       {opaque, 24 * time.Hour},
		`{"a_refresh":1,"refresh":{"token":"another-one"},"z":{"access_token":"` + opaque + `"}}`: {opaque, 24 * time.Hour},
		`"` + dated + `"`: {dated, 3 * time.Hour},
		dated + "\r\n":    {dated, 3 * time.Hour},
		opaque:            {opaque, 24 * time.Hour},
		"\ufeff{\"access_token\":\"" + opaque + "\"}":                   {opaque, 24 * time.Hour},
		`{"access_token":"` + opaque + `","expires_in":-1}`:             {opaque, 24 * time.Hour},
		`{"access_token":"` + opaque + `","expires_in":86400000}`:       {opaque, 24 * time.Hour}, // milliseconds
		`{"access_token":"` + opaque + `","expires_in":1e300}`:          {opaque, 24 * time.Hour},
		`{"access_token":"` + opaque + `","expires_in":"tomorrow"}`:     {opaque, 24 * time.Hour},
		`{"access_token":"` + jwt(`{"exp":1}`) + `"}`:                   {jwt(`{"exp":1}`), 24 * time.Hour}, // our clock is wrong
		`{"access_token":"` + jwt(`{"exp":"x"}`) + `"}`:                 {jwt(`{"exp":"x"}`), 24 * time.Hour},
		`{"access_token":"` + jwt(`[]`) + `"}`:                          {jwt(`[]`), 24 * time.Hour},
		`{"access_token":null,"token":"","jwt":"` + opaque + `"}`:       {opaque, 24 * time.Hour},
		`{"access_token":"x y","accessToken":"` + opaque + `","sub":1}`: {opaque, 24 * time.Hour},
	} {
		calls := 0
		c := connect(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			if r.Method != http.MethodPost || r.Header.Get("Authorization") != "ApiKey "+key || r.ContentLength > 0 ||
				r.URL.String() != "/personalapitoken-service/personal-api/personal-api-key/token" {
				t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
			w.Header().Set("Content-Type", "text/html") // which says nothing
			fmt.Fprint(w, body)
		})
		before := time.Now()
		got, err := c.Exchange(t.Context(), " \t\u200b"+key+"\ufeff\r\n")
		life := got.Ends.Sub(before)
		// A JWT says a whole second, and the call takes some time.
		if err != nil || got.Token != want.token || life < want.life-time.Second || life > want.life+time.Minute || calls != 1 {
			t.Errorf("%s\n%v with the token %s for %s, in %d calls", body, err, got.Token, life, calls)
		}
	}
}

func TestAnAnswerWithoutABearerIsNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", " ", "null", "{}", "[]", "true", "12345678901234567890123", `"unauthorized"`, "unauthorized",
		"<html><body>sign in</body></html>", `{"access_token":{}}`, `{"access_token":1234567890123456}`, `{"access_token":"short"}`,
		`{"refresh_token":"` + opaque + `"}`, `{"refresh":{"token":"` + opaque + `"}}`, `{"token_type":"Bearer-of-nothing"}`,
		`{"access_token":"with space"}`, `{"access_token":"line\nbreak-in-it"}`, `{"access_token":"ümlaut-in-a-token"}`,
		`{"access_token":"` + strings.Repeat("a", 20_000) + `"}`, `{"access_token":"` + opaque,
		`{"a":{"a":{"a":{"a":{"a":{"token":"` + opaque + `"}}}}}}`, strings.Repeat("[", 100_000),
		`["` + opaque + `"]`} {
		c := connect(t, saying(200, body))
		if got, err := c.Exchange(t.Context(), key); !errors.Is(err, personal.ErrNoBearer) || got.Token != "" {
			t.Errorf("%.80q: %q, %v", body, got.Token, err)
		}
	}
}

func TestRefusedKeysAreToldFromOtherErrors(t *testing.T) {
	t.Parallel()
	for status, refused := range map[int]bool{302: false, 400: true, 401: true, 403: true, 404: false, 429: false, 500: false,
		503: false} {
		c := connect(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "14")
			saying(status, `{"access_token":"`+opaque+`","message":"the reason"}`)(w, r)
		})
		_, err := c.Exchange(t.Context(), key)
		var answered *client.StatusError
		if !errors.As(err, &answered) || answered.Status != status || !strings.Contains(err.Error(), "the reason") {
			t.Errorf("%d: %v", status, err)
			continue
		}
		if got := errors.Is(err, personal.ErrKeyRefused); got != refused {
			t.Errorf("%d: the key is refused: %t", status, got)
		}
		if got, want := answered.RetryAfter == 14*time.Second, status == 429 || status == 503; got != want {
			t.Errorf("%d: to call again after %s", status, answered.RetryAfter)
		}
	}
}

func TestATextThatIsNoKeyIsNotSent(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := connect(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	for pasted, want := range map[string]string{
		"": "empty", " \n\u200b": "empty", "GCDC_a b-c-d-e": "space", "GCDC_a\nGCDC_b": "line break", "GCDC_a\u00a0bcdef": "space",
		"GCDC_\u200babcdef": "space", "GCDC_schlüssel": "character", "GCDC_\x00abcdef": "character", `"GCDC_abcdef"`: "quote",
		"GCDC_\xff\xfeabc": "character",
		"GCDC_a":           "short", "GCDC_" + strings.Repeat("a", 5000): "long",
	} {
		_, err := c.Exchange(t.Context(), pasted)
		if !errors.Is(err, personal.ErrNotAKey) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", pasted, err, want)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("%d were sent", calls.Load())
	}
}
