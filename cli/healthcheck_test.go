package cli

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"garner/config"
)

func TestHealthcheckReachesWhateverAddressIsListenedOn(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "0.0.0.0", "", "::", "localhost"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "localhost" {
				w.WriteHeader(http.StatusMisdirectedRequest)
			}
		}))
		if err := srv.Listener.Close(); err != nil {
			t.Fatal(err)
		}
		srv.Listener = l
		srv.Start()
		t.Cleanup(srv.Close)
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		address := net.JoinHostPort(host, port)
		err = new(healthcheckCommand).Run(t.Context(), &app{out: io.Discard}, config.Config{Listen: address})
		if err != nil {
			t.Errorf("listen = %q: %v", address, err)
		}
	}
}
