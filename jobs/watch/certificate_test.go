package watch

import (
	"slices"
	"strings"
	"testing"
	"time"

	"garner/health/alert"
)

// headlines are those of what was told.
func (g *guarded) headlines() string { return strings.Join(g.told(), "\n") }

func TestACertificateThatIsNotRenewedIsReportedUntilItIs(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, c := range map[string]struct{ lifetime, quiet, late time.Duration }{
		"90 days": {90 * day, 22 * day, 20 * day},
		"6 days":  {6 * day, 37 * time.Hour, 35 * time.Hour},
	} {
		g := newGuarded(t)
		end := friday.Add(c.lifetime)
		cert := alert.Certificate{Name: "garner.example.org", NotBefore: friday, NotAfter: end}
		g.w.Certificates = func() []alert.Certificate { return []alert.Certificate{cert} }
		g.now = end.Add(-c.quiet)
		g.look()
		if got := g.headlines(); strings.Contains(got, "certificate") {
			t.Errorf("%s: with %s left it says %s", name, c.quiet, got)
		}
		g.now = end.Add(-c.late)
		g.look()
		if got := g.headlines(); !strings.Contains(got, "The certificate for garner.example.org ends soon") {
			t.Errorf("%s: with %s left it says %q", name, c.late, got)
		}
		g.now = end.Add(time.Hour)
		g.look()
		if got := g.opened(t); !got.Evidence.Ends.Equal(end) {
			t.Errorf("%s: expired, it is %+v", name, got.Evidence)
		}
		cert.NotBefore, cert.NotAfter = g.now, g.now.Add(c.lifetime)
		g.pass(3, nil)
		if got := g.headlines(); !strings.Contains(got, "Over: The certificate for garner.example.org") {
			t.Errorf("%s: renewed, it says %q", name, got)
		}
	}
}

// opened is the open incident about certificates.
func (g *guarded) opened(t *testing.T) alert.Incident {
	t.Helper()
	open, err := g.w.Store.OpenIncidents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(open, func(e alert.Incident) bool { return e.Kind == alert.CertificateEnds })
	if i < 0 {
		t.Fatalf("none of %+v is about a certificate", open)
	}
	return open[i]
}

func TestACertificateThatDoesNotComeIsReportedAfterAnHourAndARestartIsNoEnd(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	good := alert.Certificate{Name: "www.example.org", NotBefore: friday, NotAfter: friday.AddDate(0, 3, 0)}
	cert := alert.Certificate{Name: "garner.example.org", Missing: friday, Error: "connection refused"}
	g.w.Certificates = func() []alert.Certificate { return []alert.Certificate{good, cert} }
	g.look()
	g.pass(1, nil)
	if got := g.headlines(); got != "" {
		t.Errorf("within the hour it says %q", got)
	}
	g.pass(1, nil)
	if got := g.opened(t); got.Evidence.Name != cert.Name || got.Evidence.Detail != cert.Error || !got.Since.Equal(friday) {
		t.Errorf("%+v", got)
	}
	cert.Missing = g.now // Garner was started again
	g.pass(1, nil)
	g.opened(t)
	cert = alert.Certificate{Name: cert.Name, NotBefore: g.now, NotAfter: g.now.AddDate(0, 3, 0)}
	g.pass(3, nil)
	if got := g.headlines(); !strings.Contains(got, "Over: There is no valid certificate for garner.example.org") {
		t.Errorf("once it is there it says %q", got)
	}
}

func TestACertificateOfTheFutureIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	g.w.Certificates = func() []alert.Certificate {
		return []alert.Certificate{{Name: "garner.example.org", NotBefore: friday.Add(time.Hour),
			NotAfter: friday.AddDate(0, 3, 0), Error: "the certificate is not valid before"}}
	}
	g.look()
	if got := g.opened(t); !got.Evidence.Ends.IsZero() || got.Evidence.Detail == "" {
		t.Errorf("%+v", got)
	}
}
