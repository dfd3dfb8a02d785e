package notify

import (
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"strings"
	"unicode"
)

// The kinds of lines to a server.
const (
	tlsStart    = "starttls"
	tlsImplicit = "implicit"
	tlsNone     = "none"
)

// Check says in a sentence what is wrong with the settings; nil if nothing is.
func (m Mail) Check() error {
	if err := checkHost(m.Host); err != nil {
		return err
	}
	if m.Port < 1 || m.Port > 65535 {
		return fmt.Errorf("mail.port wants 1 to 65535, got %d", m.Port)
	}
	switch m.TLS {
	case "", tlsStart, tlsImplicit:
	case tlsNone:
		if !loopback(m.Host) {
			return errors.New("mail.tls = none is for a server on this machine only")
		}
	default:
		return fmt.Errorf("mail.tls wants starttls, implicit or none, got %q", m.TLS)
	}
	if (m.Username == "") != (m.Password == "") {
		return errors.New("mail.username and its password want each other, or neither")
	}
	if _, err := address(m.From); err != nil {
		return fmt.Errorf("mail.from wants an address, got %q", m.From)
	}
	if _, err := address(m.To); err != nil {
		return fmt.Errorf("mail.to wants addresses, got %q", m.To)
	}
	return nil
}

// checkHost keeps a port, a path or brackets out of a host: the certificate
// is for a name.
func checkHost(host string) error {
	_, err := netip.ParseAddr(host)
	odd := strings.ContainsFunc(host, func(r rune) bool {
		return r <= ' ' || r > unicode.MaxASCII ||
			strings.ContainsRune(":/[]@", r)
	})
	if host == "" || err != nil && odd {
		return fmt.Errorf("mail.host wants a name or an address without a port, got %q", host)
	}
	return nil
}

// longest is how many bytes an address may have (RFC 5321, with its brackets
// 256); no header's line gets too long by it.
const longest = 254

// address reads one address. It has to be ASCII, since not every server on the
// way takes others; names are free.
func address(text string) (*mail.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	if len(a.Address) > longest {
		return nil, errors.New("too long")
	}
	if strings.ContainsFunc(a.Address, func(r rune) bool { return r < ' ' || r >= unicode.MaxASCII }) {
		return nil, errors.New("not in ASCII")
	}
	// net/mail leaves a backslash as it is inside an encoded name, where no
	// reader takes one.
	a.Name = label(strings.ReplaceAll(a.Name, `\`, "/"), mostName)
	return a, nil
}

// tls is the kind of line to the server.
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
