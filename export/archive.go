package export

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"garner/query"
)

// Archive is an export as a ZIP.
type Archive struct {
	Plan   Plan
	Form   Form
	Source *Source
	// Made is the time in README.txt, in its location; Version is that of the program,
	// and Demo means that the people are made up.
	Made    time.Time
	Version string
	Demo    bool
	// Marked means that CSV files begin with Mark, for spreadsheets.
	Marked bool

	devices map[string]bool
}

// written is the result of writing a file.
type written struct {
	File
	rows, damaged int
}

// Write streams the ZIP: it has one record at a time in memory. README.txt comes
// last, since it lists how many rows each file has. After an error the ZIP is
// incomplete.
func (a *Archive) Write(ctx context.Context, out io.Writer) error {
	z := zip.NewWriter(out)
	a.devices = map[string]bool{}
	var done []written
	for _, f := range a.Plan.Files {
		w, err := a.file(ctx, z, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name(), err)
		}
		done = append(done, w)
	}
	entry, err := a.entry(z, "README.txt")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(entry, a.readme(done)); err != nil {
		return err
	}
	return z.Close()
}

// file writes one file and counts the damaged records that were left out.
func (a *Archive) file(ctx context.Context, z *zip.Writer, f File) (w written, err error) {
	w.File = f
	entry, err := a.entry(z, f.Name())
	if err != nil {
		return w, err
	}
	from := *a.Source
	from.Damaged = func(err error) bool {
		if !query.Damaged(err) {
			return false
		}
		w.damaged++
		return true
	}
	from.Device = func(name string) { a.devices[name] = true }
	if a.Marked && strings.HasSuffix(f.Name(), ".csv") {
		if _, err := io.WriteString(entry, Mark); err != nil {
			return w, err
		}
	}
	w.rows, err = f.Write(ctx, entry, &from)
	return w, err
}

func (a *Archive) entry(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.Made})
}
