package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// mailWithin bounds a whole mail, from dialling to the last answer.
const mailWithin = 30 * time.Second

// Mail sends by SMTP to one address.
type Mail struct {
	Host               string
	Port               int
	Username, Password string
	From, To           string
	// TLS is starttls, implicit or none. Empty chooses: none on loopback, where
	// the line does not leave the machine, implicit on port 465, else starttls.
	// There is no falling back to clear text.
	TLS string
	// RootCAs are whom to trust; nil for the system's.
	RootCAs *x509.CertPool
}

// Check says what is wrong with the settings.
func (m Mail) Check() error {
	if _, err := mail.ParseAddress(m.From); err != nil {
		return fmt.Errorf("mail.from wants an address, got %q", m.From)
	}
	if _, err := mail.ParseAddress(m.To); err != nil {
		return fmt.Errorf("mail.to wants addresses, got %q", m.To)
	}
	if m.Port < 1 || m.Port > 65535 {
		return fmt.Errorf("mail.port wants 1 to 65535, got %d", m.Port)
	}
	if !slices.Contains([]string{"", "starttls", "implicit", "none"}, m.TLS) {
		return fmt.Errorf("mail.tls wants starttls, implicit or none, got %q", m.TLS)
	}
	if m.TLS == "none" && !loopback(m.Host) {
		return errors.New("mail.tls = none is for a server on this machine only")
	}
	return nil
}

// Send implements Way.
func (m Mail) Send(ctx context.Context, n Notice) (string, error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, mailWithin)
	defer cancel()
	msg, err := m.message(n)
	if err != nil {
		return "", err
	}
	client, err := m.client(ctx)
	if err != nil {
		return "", err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		// Once the server has answered, what goes wrong while saying good-bye
		// changes nothing: the mail is delivered.
		if !msg.IsDelivered() {
			return "", m.withoutPassword(err)
		}
	}
	if answer := line(msg.ServerResponse()); answer != "" {
		return answer, nil
	}
	return "250", nil
}

func (m Mail) message(n Notice) (*gomail.Msg, error) {
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return nil, err
	}
	if from.Name == "" {
		from.Name = "Garner"
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(line(from.Name), from.Address); err != nil {
		return nil, err
	}
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(n.ID + "@" + domain)
	msg.SetDateWithValue(n.At)
	msg.Subject(line(n.Subject))
	// Nobody's holiday notice is to answer this.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(gomail.TypeTextPlain, n.Text)
	if n.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, n.HTML)
	}
	return msg, nil
}

func (m Mail) client(ctx context.Context) (*gomail.Client, error) {
	name, err := os.Hostname()
	if err != nil || name == "" {
		name = "localhost"
	}
	opts := []gomail.Option{
		gomail.WithPort(m.Port), gomail.WithTimeout(mailWithin), gomail.WithHELO(line(name)),
		gomail.WithTLSConfig(&tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12, RootCAs: m.RootCAs}),
		gomail.WithDialContextFunc(m.dial(ctx)),
	}
	switch m.tls() {
	case "implicit":
		opts = append(opts, gomail.WithSSL())
	case "none":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if m.Username != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if m.tls() == "none" {
			auth = gomail.SMTPAuthPlainNoEnc // on loopback, where Check allows none
		}
		opts = append(opts, gomail.WithSMTPAuth(auth), gomail.WithUsername(m.Username), gomail.WithPassword(m.Password))
	}
	return gomail.NewClient(m.Host, opts...)
}

// dial gives the connection the deadline of the whole mail: a server that stops
// in the middle is left.
func (m Mail) dial(ctx context.Context) gomail.DialContextFunc {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() }) //nolint:errcheck // it is given up
		if m.tls() != "implicit" {
			return conn, nil
		}
		secure := tls.Client(conn, &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12, RootCAs: m.RootCAs})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return secure, nil
	}
}

func (m Mail) tls() string {
	switch {
	case m.TLS != "":
		return m.TLS
	case m.Port == 465:
		return "implicit"
	case loopback(m.Host):
		return "none"
	}
	return "starttls"
}

// withoutPassword keeps a server that repeats what it was told from telling
// more.
func (m Mail) withoutPassword(err error) error {
	text := err.Error()
	if m.Password != "" && strings.Contains(text, m.Password) {
		return errors.New(line(strings.ReplaceAll(text, m.Password, "***")))
	}
	return &oneLine{err}
}

// oneLine shows an error as one line.
type oneLine struct{ error }

// Error implements error.
func (e *oneLine) Error() string { return line(e.error.Error()) }

// Unwrap gives the error itself.
func (e *oneLine) Unwrap() error { return e.error }

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
