package export

import (
	"context"
	"io"
	"strings"

	"garner/garmin"
)

// Dictionary is the file that explains every column.
type Dictionary struct{}

// Key names the file in forms and addresses.
func (Dictionary) Key() string { return "data-dictionary" }

// Name is the file name without a folder. It is Markdown in every export.
func (d Dictionary) Name() string { return d.Key() + ".md" }

// Holds describes the file.
func (Dictionary) Holds() string { return "The meaning and unit of every column" }

// Write writes the dictionary, which is the same for all people and days, and
// returns its number of lines.
func (Dictionary) Write(_ context.Context, out io.Writer, _ *Source) (lines int, err error) {
	text := garmin.DictionaryMarkdown()
	_, err = io.WriteString(out, text)
	return strings.Count(text, "\n"), err
}

func (d Dictionary) asked(key string) bool { return key == d.Key() }

func (Dictionary) there(func(typ string) bool) bool { return true }
