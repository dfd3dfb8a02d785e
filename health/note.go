package health

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Note is what was written about a day of a person, in their own words.
type Note struct {
	Day  Day
	Text string
}

// NoteLongest is how many characters a note has at most.
const NoteLongest = 200

// TidyNote is a note as it is kept: one line of plain text. ok is false if that is longer
// than NoteLongest.
func TidyNote(text string) (tidy string, ok bool) {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r): // would change the text around it
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	tidy = strings.Join(strings.Fields(text), " ")
	return tidy, utf8.RuneCountInString(tidy) <= NoteLongest
}

// NoteOn is the note of a day among notes, empty for none.
func NoteOn(notes []Note, day Day) string {
	for i := range notes {
		if notes[i].Day == day {
			return notes[i].Text
		}
	}
	return ""
}
