package personal

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// leastKey and mostKey are how many characters a key may have. Those of Garmin have some
// dozens.
const leastKey, mostKey = 8, 4096

// ErrNotAKey means that a text is no key, and was not sent to Garmin. The text of the
// error says what is wrong, for the person who pasted it.
var ErrNotAKey = errors.New("this is not a key")

// CleanKey returns a pasted key without the spaces around it, or ErrNotAKey.
func CleanKey(pasted string) (string, error) {
	key := strings.TrimFunc(pasted, blank)
	fault := ""
	switch {
	case key == "":
		fault = "it is empty"
	case strings.ContainsFunc(key, blank):
		fault = "it has a space or a line break inside; copy the key alone"
	case strings.ContainsFunc(key, func(r rune) bool { return !visible(r) }):
		fault = "it has a character that no key has, such as a quote; copy the key alone"
	case len(key) < leastKey:
		fault = "it is too short; copy it whole"
	case len(key) > mostKey:
		fault = "it is too long; copy the key alone"
	default:
		return key, nil
	}
	return "", fmt.Errorf("%w: %s", ErrNotAKey, fault)
}

// blank reports whether a character is only space, such as those that web pages and mail
// programs put around what is copied.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

// visible reports whether a character may be in a key or a bearer. Those that texts escape
// may not, or errors would not be rid of them.
func visible(r rune) bool { return r > ' ' && r <= '~' && r != '"' && r != '\\' }
