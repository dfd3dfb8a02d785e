package notify

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const (
	// mailWithin limits a whole mail, from dialing to the last answer.
	mailWithin = 30 * time.Second
	// quitWithin limits QUIT after a mail that was accepted.
	quitWithin = 2 * time.Second
	// mostSaid is how many bytes a server may send in one session; a usual one
	// has a few thousand.
	mostSaid = 1 << 20
)

// Send implements Channel.
func (m Mail) Send(ctx context.Context, n Notification) (string, error) {
	if err := cmp.Or(m.Check(), n.checkID()); err != nil {
		return "", err
	}
	msg, err := m.message(n)
	if err != nil {
		return "", m.failed(ctx, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, mailWithin, fmt.Errorf("not done within %v", mailWithin))
	defer cancel()
	err = m.deliver(ctx, msg)
	// Once the server has accepted it, an error of QUIT changes nothing.
	if !msg.IsDelivered() {
		return "", m.failed(ctx, err)
	}
	return words("250 "+msg.ServerResponse(), mostWords), nil
}

// deliver runs one SMTP session. The connection is closed when ctx ends, since
// the library looks at ctx only while it dials.
func (m Mail) deliver(ctx context.Context, msg *gomail.Msg) error {
	raw, err := dialer(mailWithin, m.tls() == tlsNone).DialContext(ctx, "tcp",
		net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
	if err != nil {
		return err
	}
	conn := &bounded{Conn: raw, left: mostSaid}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	client, err := m.client(conn)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	err = client.SendWithSMTPClient(session, msg)
	if msg.IsDelivered() {
		// Only now: after a failure in the middle of a mail, QUIT would end its
		// text with a dot, and the server might accept half of it.
		_ = conn.SetDeadline(time.Now().Add(quitWithin))
		_ = client.CloseWithSMTPClient(session)
	}
	return err
}

// client makes a client that uses conn.
func (m Mail) client(conn net.Conn) (*gomail.Client, error) {
	config := &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12, RootCAs: m.RootCAs}
	opts := []gomail.Option{
		gomail.WithPort(m.Port), gomail.WithTLSConfig(config), gomail.WithHELO(hostname()),
		// Set anew at each step, so it never ends a session before ctx does.
		gomail.WithTimeout(mailWithin),
		// NOOP hides the server's words behind "not connected", RSET says
		// nothing after the last mail, and all addresses are ASCII.
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8(),
	}
	switch m.tls() {
	case tlsImplicit:
		conn = tls.Client(conn, config) // the first read shakes hands
		opts = append(opts, gomail.WithSSL())
	case tlsNone:
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if m.Username != "" {
		opts = append(opts, gomail.WithOpportunisticSMTPAuth(m.mechanisms()...), gomail.WithUsername(m.Username),
			gomail.WithPassword(m.Password))
	}
	dial := func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	return gomail.NewClient(m.Host, append(opts, gomail.WithDialContextFunc(dial))...)
}

// mechanisms lists the authentication mechanisms by preference. The library's
// own list takes a connection that it did not dial for clear text, and prefers
// NTLM, which needs a domain.
func (m Mail) mechanisms() []gomail.SMTPAuthType {
	plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
	if m.tls() == tlsNone { // on loopback, or Check and dialer refuse
		plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
	}
	return []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, plain, login,
		gomail.SMTPAuthCramMD5}
}

// hostname is the name of this machine for EHLO.
func hostname() string {
	name, err := os.Hostname()
	if name = line(name); err != nil || name == "" {
		return "localhost"
	}
	return name
}

// bounded is a connection that reads at most left bytes. The library limits
// neither the size of a reply nor their number, so a server could use up memory.
type bounded struct {
	net.Conn
	left int // bytes that may still be read
}

var errSaid = errors.New("the server sent more than 1 MiB")

// Read implements net.Conn.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errSaid
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// failed says why a mail was not delivered, in the server's own words and
// without the password.
func (m Mail) failed(ctx context.Context, err error) error {
	text := m.Host + ": " + unquoted(err.Error())
	if ctx.Err() != nil {
		text = fmt.Sprintf("%s: %v (%s)", m.Host, context.Cause(ctx), unquoted(err.Error()))
	}
	// Some servers repeat what they received, as it was encoded.
	login := "\x00" + m.Username + "\x00" + m.Password
	encode := base64.StdEncoding.EncodeToString
	secrets := []string{}
	if m.Password != "" {
		secrets = append(secrets, encode([]byte(login)), encode([]byte(m.Password)), m.Password, line(m.Password))
	}
	var sent *gomail.SendError
	after := errors.As(err, &sent) && sent.Reason == gomail.ErrSMTPDataClose && sent.ErrorCode() == 0
	return &failure{text: words(text, 3*mostWords, secrets...), uncertain: after, ended: ctx.Err()}
}

// quoted is a server's reply as net/textproto writes it in an error.
var quoted = regexp.MustCompile(`\b([2-5]\d\d) ("(?:[^"\\]|\\.)*")`)

// unquoted restores a server's replies as they were sent: in the quoted form a
// password would not be found.
func unquoted(text string) string {
	return quoted.ReplaceAllStringFunc(text, func(answer string) string {
		code, rest, _ := strings.Cut(answer, " ")
		plain, err := strconv.Unquote(rest)
		if err != nil {
			return answer
		}
		return code + " " + plain
	})
}
