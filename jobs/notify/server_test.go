package notify

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"crypto/tls"
	"crypto/x509"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// temper is how a server treats its guests.
type temper struct {
	starttls, implicit bool
	most               uint16                // the newest TLS version; 0 for any
	password           string                // empty for none
	mechanism          string                // PLAIN or LOGIN
	rcpt               func(to string) error // answers RCPT; nil takes everyone
	data               func() error          // answers DATA once it is all there; nil takes everything
	hangUp             bool                  // instead of answering DATA
}

// server is a real SMTP server whose temper can be set.
type server struct {
	temper
	mu   sync.Mutex
	got  [][]byte
	to   []string // the recipients of all mails, as the envelopes say
	port int
	ca   *x509.CertPool
}

func newServer(t testing.TB, how temper) *server {
	t.Helper()
	s := &server{temper: how}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{s: s, conn: c, open: how.password == ""}, nil
	}))
	srv.Domain, srv.AllowInsecureAuth, srv.EnableSMTPUTF8 = "localhost", true, true
	srv.ErrorLog = log.New(io.Discard, "", 0)
	var config *tls.Config
	config, s.ca = certificate(t)
	config.MinVersion, config.MaxVersion = tls.VersionTLS10, how.most
	if how.starttls {
		srv.TLSConfig = config
	}
	l, port := listen(t)
	s.port = port
	if how.implicit {
		l = tls.NewListener(l, config)
	}
	go srv.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { srv.Close() })
	return s
}

// mail sends to the server.
func (s *server) mail() Mail {
	return Mail{Host: "127.0.0.1", Port: s.port, From: "garner@example.org", To: "admin@example.org"}
}

// mails are the mails that the server has taken.
func (s *server) mails() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

// recipients returns to whom mails went since the last call, in order of the alphabet.
func (s *server) recipients() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.to
	s.to = nil
	slices.Sort(to)
	return to
}

type session struct {
	s    *server
	conn *smtp.Conn
	open bool
	to   []string
}

func (x *session) Reset()      { x.to = nil }
func (*session) Logout() error { return nil }

func (x *session) AuthMechanisms() []string {
	if x.s.password == "" {
		return nil
	}
	return []string{"NTLM", x.s.mechanism}
}

func (x *session) Auth(string) (sasl.Server, error) {
	if x.s.mechanism == sasl.Login {
		return &login{x: x}, nil
	}
	return sasl.NewPlainServer(func(_, _, password string) error { return x.enter(password) }), nil
}

func (x *session) enter(password string) error {
	if password != x.s.password {
		return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8},
			Message: "that is not the word, " + password}
	}
	x.open = true
	return nil
}

// login asks for name and password one after the other.
type login struct {
	x    *session
	step int
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.x.enter(string(response))
}

func (x *session) Mail(_ string, options *smtp.MailOptions) error {
	if options.UTF8 {
		return errors.New("the next server does not support SMTPUTF8")
	}
	if !x.open {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if x.s.rcpt != nil {
		if err := x.s.rcpt(to); err != nil {
			return err
		}
	}
	x.to = append(x.to, to)
	return nil
}

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.hangUp {
		return x.conn.Conn().Close()
	}
	if x.s.data != nil {
		if err := x.s.data(); err != nil {
			return err
		}
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.got = append(x.s.got, raw)
	x.s.to = append(x.s.to, x.to...)
	return nil
}

// listen returns a free port of this machine.
func listen(t testing.TB) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, l.Addr().(*net.TCPAddr).Port
}

// stuck is a server that answers until it has got the line that begins with
// at, and nothing after; reached is closed then. A dot is the end of a mail.
func stuck(t testing.TB, at string) (port int, reached <-chan struct{}) {
	t.Helper()
	l, port := listen(t)
	there := make(chan struct{})
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		talk(conn, at)
		close(there)
		io.Copy(io.Discard, conn) //nolint:errcheck // until the other side has enough
	}()
	return port, there
}

func talk(conn net.Conn, at string) {
	if at == "" {
		return
	}
	answers := map[string]string{"EHLO": "250-localhost\r\n250 STARTTLS", "STARTTLS": "220 go", "MAIL": "250 ok",
		"RCPT": "250 ok", "DATA": "354 go", ".": "250 mine now"}
	fmt.Fprint(conn, "220 localhost\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		if verb == at {
			return
		}
		if answer, ok := answers[verb]; ok {
			fmt.Fprint(conn, answer+"\r\n")
		}
		if at == "handshake" && verb == "STARTTLS" {
			return
		}
	}
}
