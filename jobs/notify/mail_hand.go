package notify

import (
	"context"
	"crypto/tls"
	"net"
	"os"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// byeWithin bounds the good-bye after a mail that was taken.
const byeWithin = 2 * time.Second

// hand speaks with the server until ctx ends.
func (m Mail) hand(ctx context.Context, msg *gomail.Msg) error {
	config := &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12, RootCAs: m.RootCAs}
	conn, timed, err := m.dial(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close()
	client, err := m.client(config, conn)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	err = client.SendWithSMTPClient(session, msg)
	if msg.IsDelivered() {
		timed.endIn(byeWithin)
		// Only now: after a failure in the middle of a mail, QUIT would end its
		// text with a dot, and the server might take the half.
		_ = client.CloseWithSMTPClient(session) // the mail is taken, whatever is said now
	}
	return err
}

// client makes a client that speaks over conn.
func (m Mail) client(config *tls.Config, conn net.Conn) (*gomail.Client, error) {
	opts := []gomail.Option{
		gomail.WithPort(m.Port), gomail.WithTLSConfig(config), gomail.WithHELO(ownName()),
		gomail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return conn, nil }),
		// NOOP hides the server's words behind "not connected", RSET says
		// nothing after the last mail, and all addresses are ASCII.
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8(),
	}
	switch m.tls() {
	case tlsImplicit:
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
	return gomail.NewClient(m.Host, opts...)
}

// mechanisms are the ways of signing in, the first that the server offers
// first. The library's own choice takes a line that it did not dial for clear
// text, and prefers NTLM, which asks for a domain.
func (m Mail) mechanisms() []gomail.SMTPAuthType {
	plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
	if m.tls() == tlsNone { // on loopback, or Check and dialer refuse
		plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
	}
	return []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, plain, login,
		gomail.SMTPAuthCramMD5}
}

// ownName is what this machine calls itself.
func ownName() string {
	name, err := os.Hostname()
	if name = line(name); err != nil || name == "" {
		return "localhost"
	}
	return name
}
