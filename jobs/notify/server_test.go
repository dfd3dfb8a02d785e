package notify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a real SMTP server whose temper can be set.
type server struct {
	mu   sync.Mutex
	got  [][]byte
	rcpt func() error  // answers RCPT; nil takes everybody
	hang chan struct{} // while open, DATA is not answered; nil for never
	port int
	ca   *x509.CertPool
}

type temper struct {
	starttls, implicit bool
	password           string
	rcpt               func() error
	hang               chan struct{}
}

func newServer(t testing.TB, how temper) *server {
	t.Helper()
	s := &server{rcpt: how.rcpt, hang: how.hang}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{s: s, password: how.password, open: how.password == ""}, nil
	}))
	srv.Domain = "localhost"
	srv.AllowInsecureAuth = true
	config := s.certificate(t)
	if how.starttls {
		srv.TLSConfig = config
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	if how.implicit {
		l = tls.NewListener(l, config)
	}
	go srv.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { srv.Close() })
	return s
}

// certificate makes one for 127.0.0.1 that only this server's pool trusts.
func (s *server) certificate(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.ca = x509.NewCertPool()
	s.ca.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// mail is the way to the server.
func (s *server) mail() Mail {
	return Mail{Host: "127.0.0.1", Port: s.port, From: "garner@example.org", To: "keeper@example.org"}
}

func (s *server) mails() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

type session struct {
	s        *server
	password string
	open     bool
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

func (x *session) AuthMechanisms() []string {
	if x.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != x.password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "that is not the word, " + password}
		}
		x.open = true
		return nil
	}), nil
}

func (x *session) Mail(string, *smtp.MailOptions) error {
	if !x.open {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (x *session) Rcpt(string, *smtp.RcptOptions) error {
	if x.s.rcpt != nil {
		return x.s.rcpt()
	}
	return nil
}

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.hang != nil {
		<-x.s.hang
		return errors.New("too late")
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.got = append(x.s.got, raw)
	return nil
}

// silent is a server that takes a connection and says nothing.
func silent(t *testing.T) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, text, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	port, err = strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
