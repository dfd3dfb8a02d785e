package ui

import (
	"fmt"

	"garner/health"
)

// NoteForm changes the note on a day.
type NoteForm struct {
	// Text is what the field holds: the note, or what was typed.
	Text  string
	Error string
}

// notesOpen is how many notes are listed below a figure without being folded.
const notesOpen = 6

// NoteTooLong is what is said of a note that is not kept.
var NoteTooLong = fmt.Sprintf("A note has at most %d characters.", health.NoteLongest)

// NoteOutside is what is said of a note on a day that no page about days shows.
const NoteOutside = "Notes are for days from the first with data to today."

// NoteDiskFull and NoteUnsaved are what is said of a note that could not be written; the
// form keeps it.
const (
	NoteDiskFull = "The disk is full, so this note is not saved yet. Save it again when there is room."
	NoteUnsaved  = "This note could not be saved. Try again; if that fails too, the log says why."
)

var noteHelp = fmt.Sprintf("At most %d characters. Save an empty note to remove it. "+
	"Those who read these values read it too.", health.NoteLongest)
