package pages_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"garner/garmin/client"
	jobsconnect "garner/jobs/connect"
	"garner/server"
)

func TestWhereOAuth1CannotBeginThePageSaysWhy(t *testing.T) {
	t.Parallel()
	for title, answer := range map[string]http.HandlerFunc{
		"does not accept this Garner": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"a fault of its own":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"cannot be reached":           func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		garmin := httptest.NewServer(answer)
		t.Cleanup(garmin.Close)
		signer, err := client.NewOAuth1(client.OAuth1Config{ConsumerKey: "ours", ConsumerSecret: "consumer-secret",
			RequestURL: garmin.URL, AccessURL: garmin.URL, ConfirmURL: garmin.URL, ExchangeURL: garmin.URL},
			slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err != nil {
			t.Fatal(err)
		}
		b := newConnectBox(t, func(o *server.Options) { o.Protocol.SignIn = &jobsconnect.OAuth1{Signer: signer} })
		v := b.visitor()
		p := v.do(http.MethodPost, b.invite(1), nil)
		if !strings.Contains(p.text, title) || strings.Contains(p.text, "consumer-secret") || p.status < 500 {
			t.Errorf("%d, not %q:\n%s", p.status, title, p.text)
		}
	}
}
