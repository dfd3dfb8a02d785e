// Package mail writes notices: the HTML part by templ, the text part beside
// it from the same words.
package mail

import (
	"bytes"
	"context"
	"strings"
)

// View is one notice.
type View struct {
	Title string
	// Parts are what a digest or summary is made of; a notice of one incident
	// has one.
	Parts []Part
	// Link leads to the page; empty for none. Foot says why this was sent.
	Link, Foot string
}

// Part is one matter.
type Part struct {
	// Headline is empty if the title says it.
	Headline string
	// Lines are whole sentences; Next is what the reader can do.
	Lines []string
	Next  string
	// Items are a list below the lines.
	Items []string
}

// Text is the plain text part.
func Text(v View) string {
	var b strings.Builder
	b.WriteString(v.Title + "\n")
	for _, p := range v.Parts {
		if p.Headline != "" {
			b.WriteString("\n" + p.Headline + "\n")
		}
		for _, line := range p.Lines {
			b.WriteString("\n" + line + "\n")
		}
		for _, item := range p.Items {
			b.WriteString("  - " + item + "\n")
		}
		if p.Next != "" {
			b.WriteString("\nWhat to do: " + p.Next + "\n")
		}
	}
	if v.Link != "" {
		b.WriteString("\n" + v.Link + "\n")
	}
	return b.String() + "\n-- \n" + v.Foot + "\n"
}

// HTML is the HTML part.
func HTML(ctx context.Context, v View) (string, error) {
	var b bytes.Buffer
	err := page(v).Render(ctx, &b)
	return b.String(), err
}
