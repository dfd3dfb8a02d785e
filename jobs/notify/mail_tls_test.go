package notify

import (
	"crypto/tls"
	"strings"
	"testing"
)

func TestNothingIsSentToAServerWithoutAValidCertificate(t *testing.T) {
	t.Parallel()
	for how, temper := range map[string]temper{"starttls": {starttls: true}, "implicit": {implicit: true}} {
		s := newServer(t, temper)
		m := s.mail()
		m.TLS = how
		if _, err := m.Send(t.Context(), notice()); err == nil || !strings.Contains(err.Error(), "certificate") ||
			len(s.mails()) != 0 || Uncertain(err) {
			t.Errorf("%s: %v, %d mails", how, err, len(s.mails()))
		}
		m.Host, m.RootCAs = "localhost", s.ca // the certificate is for the address alone
		if _, err := m.Send(t.Context(), notice()); err == nil || len(s.mails()) != 0 {
			t.Errorf("%s, by another name: %v, %d mails", how, err, len(s.mails()))
		}
		m.Host = "127.0.0.1"
		if _, err := m.Send(t.Context(), notice()); err != nil || len(s.mails()) != 1 {
			t.Errorf("%s, trusted: %v, %d mails", how, err, len(s.mails()))
		}
	}
}

func TestTLSThatIsTooOldIsRefused(t *testing.T) {
	t.Parallel()
	for how, temper := range map[string]temper{"starttls": {starttls: true}, "implicit": {implicit: true}} {
		temper.most = tls.VersionTLS11
		s := newServer(t, temper)
		m := s.mail()
		m.TLS, m.RootCAs = how, s.ca
		if _, err := m.Send(t.Context(), notice()); err == nil || !strings.Contains(err.Error(), "version") ||
			len(s.mails()) != 0 {
			t.Errorf("%s: %v, %d mails", how, err, len(s.mails()))
		}
	}
}

func TestAServerWithoutSTARTTLSGetsNeitherMailNorPassword(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{password: "horse", mechanism: "PLAIN"})
	m := s.mail()
	m.TLS, m.Username, m.Password = "starttls", "garner", "horse"
	if _, err := m.Send(t.Context(), notice()); err == nil || !strings.Contains(err.Error(),
		"does not support STARTTLS") ||
		len(s.mails()) != 0 {
		t.Errorf("%v, %d mails", err, len(s.mails()))
	}
}

func TestWithoutTLSNothingLeavesTheMachine(t *testing.T) {
	t.Parallel()
	// 192.0.2.0/24 is for documentation; a name that resolves to it is refused at dialling.
	if _, err := dialer(mailWithin, true).DialContext(t.Context(), "tcp", "192.0.2.1:25"); err == nil ||
		!strings.Contains(err.Error(), "is not this machine") {
		t.Error(err)
	}
	for host, want := range map[string]bool{"localhost": true, "LocalHost": true, "127.8.9.10": true, "::1": true,
		"::ffff:127.0.0.1":      true,
		"127.0.0.1.example.org": false, "localhost.example.org": false, "10.0.0.1": false, "::": false, "": false} {
		if loopback(host) != want {
			t.Errorf("%q: %t", host, !want)
		}
	}
}

func TestTheLineIsChosenByPortAndHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host string
		port int
		tls  string
		want string
	}{
		{"smtp.example.org", 587, "", "starttls"}, {"smtp.example.org", 25, "", "starttls"},
		{"smtp.example.org", 465, "", "implicit"},
		{"localhost", 25, "", "none"}, {"localhost", 465, "", "implicit"}, {"127.0.0.3", 587, "", "none"},
		{"::1", 25, "", "none"},
		{"localhost", 25, "starttls", "starttls"}, {"smtp.example.org", 2465, "implicit", "implicit"},
	} {
		if got := (Mail{Host: c.host, Port: c.port, TLS: c.tls}).tls(); got != c.want {
			t.Errorf("%s:%d with %q gets %s, want %s", c.host, c.port, c.tls, got, c.want)
		}
	}
}
