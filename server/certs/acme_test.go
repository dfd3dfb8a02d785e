package certs_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/server/certs/acmetest"
)

func TestOneOpenPortIsEnoughForACertificate(t *testing.T) {
	t.Parallel()
	for name, closed := range map[string]func(*acmetest.Options){
		"http-01.example.org":     func(o *acmetest.Options) { o.TLSPort = nowhere },
		"tls-alpn-01.example.org": func(o *acmetest.Options) { o.HTTPPort = nowhere },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			reach := acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)}
			closed(&reach)
			ca := acmetest.New(t, reach)
			opts := d.options(t, ca, name)
			m, _ := d.start(t, opts)
			d.certificate(t, ca, name)
			until(t, "status", func() error {
				if s := state(t, m); !s.Served || s.Error != "" || time.Until(s.NotAfter) < 80*24*time.Hour {
					return errors.New(s.Error)
				}
				return nil
			})
			if info, err := os.Stat(opts.Dir); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("others may read the folder of keys: %v %v", info.Mode(), err)
			}
		})
	}
}

func TestACertificateIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	const name = "renewed.example.org"
	d := open(t)
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls), Validity: 10 * time.Second})
	m, _ := d.start(t, d.options(t, ca, name))
	first := d.certificate(t, ca, name)
	end := state(t, m).NotAfter
	until(t, "a renewal", func() error {
		serial, err := d.serial(ca, name)
		if err == nil && serial == first {
			err = errors.New("the first is still shown")
		}
		return err
	})
	until(t, "the end of the renewed one", func() error {
		if s := state(t, m); !s.NotAfter.After(end) || !s.Served {
			return errors.New(s.Error)
		}
		return nil
	})
}

func TestWithoutTheAuthorityPagesAnswerAndACertificateComesOnceItIsBack(t *testing.T) {
	t.Parallel()
	const name = "outage.example.org"
	d := open(t)
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)})
	ca.SetDown(true)
	m, _ := d.start(t, d.options(t, ca, name))
	until(t, "the failure", func() error {
		if s := state(t, m); s.Error == "" || s.ErrorAt.IsZero() || s.Served || s.Missing.IsZero() {
			return errors.New("status says nothing of it")
		}
		return nil
	})
	if _, err := d.serial(ca, name); err == nil {
		t.Error("a certificate is shown")
	}
	if got := d.page(t); got != page {
		t.Errorf("the page says %q", got)
	}
	ca.SetDown(false)
	d.certificate(t, ca, name)
	until(t, "status", func() error {
		if s := state(t, m); !s.Served || s.Error != "" || !s.Missing.IsZero() {
			return errors.New(s.Error)
		}
		return nil
	})
}

func (d *doors) page(t *testing.T) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + d.plain.Addr().String() + "/.well-known/acme-challenge/unknown")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestARestartOrdersNothing(t *testing.T) {
	t.Parallel()
	const name = "restart.example.org"
	d := open(t)
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)})
	opts := d.options(t, ca, name)
	_, stop := d.start(t, opts)
	first, orders := d.certificate(t, ca, name), ca.Orders()
	stop()
	ca.SetDown(true) // nor is it asked
	d.start(t, opts)
	if second := d.certificate(t, ca, name); second != first || orders == 0 || ca.Orders() != orders {
		t.Errorf("serial %s then %s, orders %d then %d", first, second, orders, ca.Orders())
	}
}

func TestACertificateThatAPowerCutToreIsObtainedAgain(t *testing.T) {
	t.Parallel()
	for ending, text := range map[string]string{"crt": "", "key": "", "json": "{"} {
		name := ending + ".torn.example.org"
		d := open(t)
		ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)})
		opts := d.options(t, ca, name)
		_, stop := d.start(t, opts)
		first := d.certificate(t, ca, name)
		stop()
		files, err := filepath.Glob(filepath.Join(opts.Dir, "certificates", "*", "*", "*."+ending))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		write(t, files[0], text)
		d.start(t, opts)
		if second := d.certificate(t, ca, name); second == first {
			t.Errorf("the one with a torn %s is shown", ending)
		}
	}
}

func TestAForeignOrMissingNameGetsNothing(t *testing.T) {
	t.Parallel()
	const name = "own.example.org"
	d := open(t)
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)})
	d.start(t, d.options(t, ca, name))
	d.certificate(t, ca, name)
	orders := ca.Orders()
	for what, config := range map[string]*tls.Config{
		"foreign":             {ServerName: "foreign.example.org"},
		"below its own":       {ServerName: "www." + name},
		"none":                {ServerName: "127.0.0.1"},
		"foreign's challenge": {ServerName: "foreign.example.org", NextProtos: []string{"acme-tls/1"}},
	} {
		if _, err := d.dial(ca, config.Clone()); err == nil || !strings.Contains(err.Error(), "remote error: tls:") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if ca.Orders() != orders {
		t.Error("a stranger's handshake made an order")
	}
}

func TestOnlyHTTP11OverTLS12OrNewerIsOffered(t *testing.T) {
	t.Parallel()
	const name = "offers.example.org"
	d := open(t)
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(d.plain), TLSPort: port(d.tls)})
	d.start(t, d.options(t, ca, name))
	d.certificate(t, ca, name)
	got, err := d.dial(ca, &tls.Config{ServerName: name, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil || got.NegotiatedProtocol != "http/1.1" {
		t.Errorf("%q %v", got.NegotiatedProtocol, err)
	}
	if _, err := d.dial(ca, &tls.Config{ServerName: name, NextProtos: []string{"h2"}}); err == nil {
		t.Error("h2 alone is accepted")
	}
	if _, err := d.dial(ca, &tls.Config{ServerName: name, MaxVersion: tls.VersionTLS12}); err != nil {
		t.Error(err)
	}
	old := &tls.Config{ServerName: name, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if _, err := d.dial(ca, old); err == nil {
		t.Error("TLS 1.1 is accepted")
	}
}
