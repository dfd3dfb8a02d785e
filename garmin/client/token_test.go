package client_test

import (
	"testing"
	"time"
)

func TestTokensOfWhichGarminGivesNoLifeHaveTheDocumentedOne(t *testing.T) {
	t.Parallel()
	for _, life := range []string{``, `,"expires_in":0,"refresh_token_expires_in":0`, `,"refresh_token_expires_in":"soon"`,
		`,"refresh_token_expires_in":-1`} {
		c := connect(t, saying(200, `{"access_token":"a","refresh_token":"r","token_type":"bearer"`+life+`}`))
		begin := time.Now()
		token, err := c.Exchange(t.Context(), redirect, code, verifier)
		if err != nil {
			t.Fatal(err)
		}
		access, refresh := token.AccessEnds.Sub(begin)-86_400*time.Second,
			token.RefreshEnds.Sub(begin)-7_775_998*time.Second
		if access < 0 || access > time.Minute || refresh < 0 || refresh > time.Minute {
			t.Errorf("%q: access until %v, refresh until %v", life, token.AccessEnds, token.RefreshEnds)
		}
	}
}
