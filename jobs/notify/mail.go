package notify

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"garner/db"
)

// Mail sends by SMTP to one address.
type Mail struct {
	// Host is a name or an address, without a port.
	Host string
	Port int
	// Username and Password may both be empty.
	Username, Password string
	// From and To are one address each, with or without a name.
	From, To string
	// TLS is starttls, implicit or none. Empty chooses: implicit on port 465,
	// none on loopback, where the connection does not leave the machine, else
	// starttls. There is no fallback to clear text.
	TLS string
	// RootCAs are the trusted authorities; nil for the system's.
	RootCAs *x509.CertPool
}

// The values of Mail.TLS.
const (
	tlsStart    = "starttls"
	tlsImplicit = "implicit"
	tlsNone     = "none"
)

// tls is the TLS mode of the connection.
func (m Mail) tls() string {
	switch {
	case m.TLS != "":
		return m.TLS
	case m.Port == 465:
		return tlsImplicit
	case loopback(m.Host):
		return tlsNone
	}
	return tlsStart
}

// Check returns what is wrong with the settings in one sentence, or nil.
func (m Mail) Check() error {
	if err := checkHost(m.Host); err != nil {
		return err
	}
	if m.Port < 1 || m.Port > 65535 {
		return fmt.Errorf("mail.port must be 1 to 65535, got %d", m.Port)
	}
	switch m.TLS {
	case "", tlsStart, tlsImplicit:
	case tlsNone:
		if !loopback(m.Host) {
			return errors.New("mail.tls = none is for a server on this machine only")
		}
	default:
		return fmt.Errorf("mail.tls must be starttls, implicit or none, got %q", m.TLS)
	}
	if (m.Username == "") != (m.Password == "") {
		return errors.New("mail.username and its password go together; set both or neither")
	}
	if _, err := address(m.From); err != nil {
		return fmt.Errorf("mail.from must be an address, got %q", m.From)
	}
	if _, err := address(m.To); err != nil {
		return fmt.Errorf("mail.to must be addresses, got %q", m.To)
	}
	return nil
}

// checkHost refuses a host with a port, a path or brackets: the certificate is
// for a name.
func checkHost(host string) error {
	_, err := netip.ParseAddr(host)
	odd := strings.ContainsFunc(host, func(r rune) bool {
		return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune(":/[]@", r)
	})
	if host == "" || err != nil && odd {
		return fmt.Errorf("mail.host must be a name or an address without a port, got %q", host)
	}
	return nil
}

// address reads one address, with a name that a header can hold.
func address(text string) (*mail.Address, error) {
	a, err := db.ParseMail(text)
	if err != nil {
		return nil, err
	}
	// net/mail keeps a backslash inside an encoded name, which mail readers
	// do not accept.
	a.Name = label(strings.ReplaceAll(a.Name, `\`, "/"), mostName)
	return a, nil
}

// message composes the mail of a notification.
func (m Mail) message(n Notification) (*gomail.Msg, error) {
	from, err := address(m.From)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to, err := address(m.To)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	if from.Name == "" {
		from.Name = "Garner"
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.SetMessageIDWithValue(n.ID + from.Address[strings.LastIndexByte(from.Address, '@'):])
	msg.SetDateWithValue(n.At)
	msg.Subject(label(n.Subject, mostSubject))
	// Suppresses automatic replies.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(gomail.TypeTextPlain, n.Text)
	if n.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, n.HTML)
	}
	return msg, nil
}
