package notify

import (
	"strings"
	"testing"
)

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	t.Parallel()
	good := Mail{Host: "smtp.example.org", Port: 25, From: "Garner <a@b.c>", To: "a@b.c"}
	mail := func(change func(*Mail)) Mail { m := good; change(&m); return m }
	for _, c := range []struct {
		bad   interface{ Check() error }
		names string
	}{
		{Ntfy{URL: "http://ntfy.example.org/t"}, "https"}, {Ntfy{URL: "ftp://localhost"}, "https"},
		{Ntfy{URL: "https://a:b@example.org"}, "password"},
		{Ntfy{}, "address"}, {Ntfy{URL: "https://"}, "address"}, {Ntfy{URL: "https://ntfy.sh/t", Token: "a b"}, "ntfy_token"},
		{Webhook{URL: "https://example.org", Secret: "short"}, "webhook_secret"},
		{Webhook{URL: "https://example.org", Secret: "whsec_AAAA"}, "webhook_secret"},
		{Webhook{URL: "http://example.org", Secret: secret}, "https"},
		{mail(func(m *Mail) { m.Port = 0 }), "mail.port"}, {mail(func(m *Mail) { m.Port = 65536 }), "mail.port"},
		{mail(func(m *Mail) { m.From = "a" }), "mail.from"}, {mail(func(m *Mail) { m.From = "a@bücher.example" }),
			"mail.from"},
		{mail(func(m *Mail) { m.From = strings.Repeat("a", 251) + "@b.c" }), "mail.from"},
		{mail(func(m *Mail) { m.To = "x y" }), "mail.to"}, {mail(func(m *Mail) { m.To = "a@b.c, d@e.f" }), "mail.to"},
		{mail(func(m *Mail) { m.To = "" }), "mail.to"},
		{mail(func(m *Mail) { m.Host = "" }), "mail.host"}, {mail(func(m *Mail) { m.Host = "unix:///tmp/x" }), "mail.host"},
		{mail(func(m *Mail) { m.Host = "smtp.example.org:25" }), "mail.host"},
		{mail(func(m *Mail) { m.Host = "[::1]" }), "mail.host"},
		{mail(func(m *Mail) { m.TLS = "maybe" }), "mail.tls"}, {mail(func(m *Mail) { m.TLS = "none" }), "mail.tls"},
		{mail(func(m *Mail) { m.Username = "u" }), "password"}, {mail(func(m *Mail) { m.Password = "p" }), "mail.username"},
	} {
		if err := c.bad.Check(); err == nil || !strings.Contains(err.Error(), c.names) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v", c.bad, err)
		}
	}
	for _, fine := range []interface{ Check() error }{good, Mail{Host: "::1", Port: 25, From: "a@b.c", To: "Zoë <a@b.c>",
		TLS: "none", Username: "u", Password: "p"},
		Ntfy{URL: "http://localhost:8080/t"}, Ntfy{URL: "http://[::1]/t"},
		Webhook{URL: "https://example.org", Secret: strings.TrimPrefix(secret, "whsec_")}} {
		if err := fine.Check(); err != nil {
			t.Errorf("%+v: %v", fine, err)
		}
	}
}
