package personal

import (
	"errors"
	"testing"
	"time"
)

func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"", `{"access_token":"abcdefgh","expires_in":86400}`, `{"data":[{"accessToken":"abcdefgh"}]}`,
		`"eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3OTU3MDAwMDB9.c2lnbmF0dXJl"`, "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl",
		`{"bearer":"Bearer abcdefgh","expiresIn":"1e308"}`, "<html></html>"} {
		f.Add([]byte(seed))
	}
	now := time.Unix(1_795_700_000, 0)
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := readBearer(body, now)
		if err != nil {
			if !errors.Is(err, ErrNoBearer) || b != (Bearer{}) {
				t.Errorf("%v beside a bearer", err)
			}
			return
		}
		for _, r := range b.Token {
			if !visible(r) {
				t.Errorf("%q cannot stand in a header", b.Token)
			}
		}
		if len(b.Token) < leastBearer || len(b.Token) > mostBearer {
			t.Errorf("it has %d characters", len(b.Token))
		}
		if b.Ends.Before(now) || b.Ends.After(now.Add(bearerLife)) {
			t.Errorf("it ends %s", b.Ends)
		}
		if again, err := readBearer(body, now); err != nil || again != b {
			t.Errorf("%v, then %v (%v)", b, again, err)
		}
	})
}
