package cli

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"garner/config"
	"garner/server"
	"garner/server/servertest"
)

func TestCallbackSecretsAreRotatedAndRetiredOnPages(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.DataDir = t.TempDir()
	first, err := callbackSecret(cfg)
	if err != nil {
		t.Fatal(err)
	}
	on := &callbackPages{cfg: cfg}
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.CallbackSecrets = on })
	on.store = s.Store
	send := func(do string) int {
		status, _, _ := s.Send("/settings/box/secret", url.Values{"do": {do}})
		return status
	}
	if got := send("retire"); got != http.StatusBadRequest {
		t.Errorf("the only one is retired: %d", got)
	}
	if got := send("rotate"); got != http.StatusSeeOther {
		t.Fatalf("rotate: %d", got)
	}
	secrets, err := callbackSecrets(cfg)
	if err != nil || len(secrets) != 2 || secrets[1].text != first {
		t.Fatalf("after it: %d secrets, %v", len(secrets), err)
	}
	if got := send("rotate"); got != http.StatusBadRequest {
		t.Errorf("a third one is made: %d", got)
	}
	page := s.Page("/settings/box")
	for _, secret := range secrets {
		if strings.Contains(page, secret.text) || !strings.Contains(page, secret.masked()) {
			t.Error("the settings show a secret whole, or not at all")
		}
	}
	if got := send("retire"); got != http.StatusSeeOther {
		t.Errorf("retire: %d", got)
	}
	if left, err := callbackSecrets(cfg); err != nil || len(left) != 1 || left[0].text != secrets[0].text {
		t.Errorf("the newer one is not left: %v", err)
	}
}
