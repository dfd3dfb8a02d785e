package notify

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// mailWithin bounds a whole mail, from dialling to the last answer.
const mailWithin = 30 * time.Second

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
	// none on loopback, where the line does not leave the machine, else
	// starttls. There is no falling back to clear text.
	TLS string
	// RootCAs are whom to trust; nil for the system's.
	RootCAs *x509.CertPool
}

// Send implements Way.
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
	err = m.hand(ctx, msg)
	// Once the server has taken it, what goes wrong while saying good-bye
	// changes nothing.
	if !msg.IsDelivered() {
		return "", m.failed(ctx, err)
	}
	return words("250 "+msg.ServerResponse(), mostWords), nil
}

// quoted is a server's answer as Go writes it in an error.
var quoted = regexp.MustCompile(`\b([2-5]\d\d) ("(?:[^"\\]|\\.)*")`)

// unquoted gives a server's answers back as they were sent: quoting would hide
// a password from who looks for it.
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

// failed tells why a mail was not delivered, in the server's own words.
func (m Mail) failed(ctx context.Context, err error) error {
	text := m.Host + ": " + unquoted(err.Error())
	if ctx.Err() != nil {
		text = fmt.Sprintf("%s: %v (%s)", m.Host, context.Cause(ctx), unquoted(err.Error()))
	}
	// Some servers repeat what they were told, as it was written on the line.
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
