package notify

import (
	"strings"
	"unicode"
)

const (
	// mostSubject and mostName are how many characters a subject and a name may
	// have: even unbroken they stay below the 998 bytes of a header's line.
	mostSubject, mostName = 200, 100
	// mostWords is how many characters of a server's answer are kept.
	mostWords = 200
	hidden    = "***"
)

// line makes one line of a text: no line breaks, no control characters, one
// space between words. Header folding relies on single spaces.
func line(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(clean), " ")
}

// label makes a subject or name for a header of at most so many characters. A
// text that looks as if it were encoded must not be decoded by the reader.
func label(text string, most int) string {
	return head(strings.ReplaceAll(line(text), "=?", "= ?"), most)
}

// head returns the first characters of a text, with a mark if there are more.
func head(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}

// words returns a server's answer in one line, without secrets. They are removed
// first, or cutting and joining might keep half of one.
func words(text string, most int, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, hidden)
		}
	}
	return head(line(text), most)
}
