package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"garner/config"
	"garner/db"
	"garner/export"
	"garner/garmin"
	"garner/health"
	"garner/query"
)

type exportCommand struct {
	Person  string      `required:"" placeholder:"NAME|all" help:"Whose records."`
	Type    string      `xor:"what" placeholder:"TYPE|all" help:"Type of records; see garner types."`
	Metrics bool        `xor:"what,part" help:"Instead of records, one row per person and day with all daily metrics."`
	Table   string      `xor:"part" placeholder:"T" help:"Instead of the records, a table of theirs, such as naps."`
	Series  string      `xor:"part" placeholder:"S" help:"A series of the records instead, such as heart_rate."`
	From    date        `placeholder:"DATE" help:"First date, such as 2026-11-01."`
	To      date        `placeholder:"DATE" help:"Last date, itself included."`
	Format  export.Form `default:"csv" enum:"csv,json" placeholder:"csv|json" help:"CSV or JSON Lines (${default})."`
	Output  string      `short:"o" placeholder:"FILE|DIR" help:"Output file, or folder for several files."`
}

// Help returns the details of the command's help.
func (c *exportCommand) Help() string {
	return `CSV has a column for each field, json (JSON Lines) has each record as it was sent.

Without -o, one type goes to standard output. With --type all, each type, table and series becomes a file in the current
folder or in the one that -o names.`
}

// Validate refuses an export without people or files, and a range that ends before
// it begins.
func (c *exportCommand) Validate() error {
	if c.Person == "" || c.Type == "" && !c.Metrics {
		return errors.New("needs --person NAME|all and --type TYPE|all, or --metrics")
	}
	if first, last := c.days(); first > last {
		return fmt.Errorf("--from %s is after --to %s", first, last)
	}
	return nil
}

// Run writes records or metrics as CSV or JSON Lines.
func (c *exportCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	files, err := c.files()
	if err != nil {
		return usagef("%v", err)
	}
	return toRead(ctx, a, cfg, func(f *view) error {
		store, err := f.store.Snapshot(ctx) // records that change in the meantime are neither repeated nor missed
		if err != nil {
			return err
		}
		people, err := exportPeople(ctx, store, c.Person)
		if err != nil {
			return errors.Join(err, store.Close())
		}
		damaged := 0
		from := &export.Source{Reader: &query.Reader{Viewer: query.Operator(), Store: store, Now: time.Now()}, People: people,
			Damaged: func(err error) bool {
				if !query.Damaged(err) {
					return false
				}
				damaged++
				fmt.Fprintln(a.err, err)
				return true
			}}
		from.From, from.To = c.days()
		if c.Type != "all" {
			err = exportOne(ctx, a, files[0], from, c.Output)
		} else {
			err = exportAll(ctx, a, files, from, c.Output)
		}
		if err == nil && damaged > 0 {
			err = fmt.Errorf("%d damaged records are not in the export; all others are", damaged)
		}
		return errors.Join(err, store.Close())
	})
}

// days are the first and the last day, both included; open ends are far away.
func (c *exportCommand) days() (first, last health.Day) {
	first, last = export.OpenFrom, export.OpenTo
	if c.From.given {
		first = c.From.day
	}
	if c.To.given {
		last = c.To.day
	}
	return first, last
}

// date is a date as a flag; empty if not given.
type date struct {
	day   health.Day
	given bool
}

// UnmarshalText reads a date such as 2026-11-01.
func (d *date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		return nil
	}
	d.given = true
	d.day, err = health.ParseDay(string(text))
	return err
}

// files are those selected by the flags.
func (c *exportCommand) files() (out []export.File, err error) {
	switch {
	case c.Metrics:
		return []export.File{export.Metrics{Form: c.Format}}, nil
	case c.Type != "all":
		t, ok := garmin.Lookup(c.Type)
		if !ok || !t.HasRecords() {
			return nil, fmt.Errorf("no records of type %q; see garner types", c.Type)
		}
		what := export.What{Type: t, Table: c.Table, Series: c.Series, Form: c.Format}
		return []export.File{what}, what.Check()
	case c.Table+c.Series != "":
		return nil, errors.New("--table and --series need one --type")
	}
	for _, what := range export.Records(c.Format) {
		out = append(out, what)
	}
	return out, nil
}

func exportPeople(ctx context.Context, store *db.Store, name string) (out []export.Person, err error) {
	if name == "all" {
		list, err := store.People(ctx)
		for _, p := range list {
			out = append(out, export.Person{ID: p.ID, Name: p.Name})
		}
		return out, err
	}
	p, err := store.PersonByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fmt.Errorf("no person is called %q; see garner person list", name)
	}
	if err != nil {
		return nil, err
	}
	return []export.Person{{ID: p.ID, Name: p.Name}}, nil
}

func exportOne(ctx context.Context, a *app, file export.File, from *export.Source, out string) error {
	return writeOne(a, out, file.Name(), func(w io.Writer) error {
		_, err := file.Write(ctx, w, from)
		return err
	})
}

// writeOne writes to standard output, to a file, or to a file of that name in a
// folder.
func writeOne(a *app, out, name string, write func(io.Writer) error) error {
	if out == "" || out == "-" {
		return write(a.out)
	}
	if st, err := os.Stat(out); err == nil && st.IsDir() {
		out = filepath.Join(out, name)
	}
	return writeFile(out, write)
}

func exportAll(ctx context.Context, a *app, files []export.File, from *export.Source, dir string) error {
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, file := range files {
		lines := 0
		path := filepath.Join(dir, file.Name())
		if err := writeFile(path, func(w io.Writer) (err error) {
			lines, err = file.Write(ctx, w, from)
			return err
		}); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fmt.Fprintf(a.err, "%s: %d lines\n", path, lines)
	}
	return nil
}
