package db

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
)

// mostMail is how many bytes a mail address may have (RFC 5321; 256 with its
// brackets), which also keeps a header's line short enough.
const mostMail = 254

// ErrMail means that an account's own mail is not one plain address.
var ErrMail = errors.New("must be one mail address such as ada@example.org")

// ParseMail reads one mail address, with or without a name. It has at most 254
// bytes and is ASCII, since not every server along the route accepts others; the
// name may be anything.
func ParseMail(text string) (*mail.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	if len(a.Address) > mostMail {
		return nil, errors.New("too long")
	}
	if strings.ContainsFunc(a.Address, func(r rune) bool { return r < ' ' || r >= unicode.MaxASCII }) {
		return nil, errors.New("not in ASCII")
	}
	return a, nil
}

// CheckMail returns ErrMail for a text that cannot be an account's own mail. That is
// an address alone, without a name, a comment or brackets.
func CheckMail(text string) error {
	if a, err := ParseMail(text); err != nil || a.Address != text {
		return ErrMail
	}
	return nil
}

// checkMail is CheckMail for preferences, where the empty text is no address.
func checkMail(p Preferences) error {
	if p.Mail == "" {
		return nil
	}
	return CheckMail(p.Mail)
}
