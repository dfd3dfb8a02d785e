package auth

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"garner/db"
)

// PasswordError is why a new password is refused, as a sentence.
type PasswordError string

func (e PasswordError) Error() string { return string(e) }

// A password has at least minRunes characters, at most maxBytes bytes, and at
// least ownRunes characters of its own.
const (
	minRunes = 12
	maxBytes = 256
	ownRunes = 8
)

//go:embed common.txt
var common string

// CheckPassword says whether a password may be chosen for the account name; the
// error is a PasswordError. Any characters are allowed.
func CheckPassword(password, name string) error {
	folded := db.FoldName(password)
	switch {
	case !utf8.ValidString(password):
		return PasswordError("The password must be valid UTF-8.")
	case utf8.RuneCountInString(password) < minRunes:
		return PasswordError("The password needs at least 12 characters.")
	case len(password) > maxBytes:
		return PasswordError("The password must not have more than 256 bytes.")
	case isCommon(password):
		return PasswordError("This password is on the lists that attackers try first.")
	case repeats(folded):
		return PasswordError("The password only repeats a few characters.")
	case utf8.RuneCountInString(without(folded, db.FoldName(name))) < ownRunes:
		return PasswordError("Besides the name of the account, the password needs at least 8 characters.")
	}
	return nil
}

// isCommon reports whether a password is a line of the list.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	return !strings.HasPrefix(lower, "#") && !strings.Contains(lower, "\n") && strings.Contains(common, "\n"+lower+"\n")
}

// repeats reports whether a text is a shorter one than minRunes, again and again.
func repeats(text string) bool {
	runes := []rune(text)
	for period := 1; period < minRunes && period <= len(runes)/2; period++ {
		again := true
		for i := period; i < len(runes) && again; i++ {
			again = runes[i] == runes[i-period]
		}
		if again {
			return true
		}
	}
	return false
}

// without is what is left of a text without a name and the spaces around it.
func without(text, name string) string {
	if name == "" {
		return text
	}
	return strings.TrimSpace(strings.ReplaceAll(text, name, ""))
}
