package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"garner/config"
	"garner/db"
	"garner/export"
	"garner/garmin"
	"garner/health"
)

type exportCommand struct {
	Person  string      `required:"" placeholder:"NAME|all" help:"Whose records."`
	Type    string      `xor:"what" placeholder:"TYPE|all" help:"Which type of records; garner types lists them."`
	Metrics bool        `xor:"what,part" help:"Instead of records, one row per person and day with every daily metric."`
	Table   string      `xor:"part" placeholder:"T" help:"Instead of the records, a table inside them, such as naps."`
	Series  string      `xor:"part" placeholder:"S" help:"Instead of the records, their samples, such as heart_rate."`
	From    date        `placeholder:"DATE" help:"First date, such as 2026-11-01."`
	To      date        `placeholder:"DATE" help:"Last date, itself included."`
	Format  export.Form `default:"csv" enum:"csv,json" placeholder:"csv|json" help:"CSV or JSON Lines (${default})."`
	Output  string      `short:"o" placeholder:"FILE|DIR" help:"File to write, or folder for the files."`
}

// Help says more than the command's line.
func (c *exportCommand) Help() string {
	return `CSV has a column for each field, json (JSON Lines) has each record as it was sent.

Without -o, one type goes to standard output. With --type all, each type, table and series becomes a file in the current
folder or in the one that -o names.`
}

// Validate refuses an export of no one or nothing, and a range that ends before
// it begins.
func (c *exportCommand) Validate() error {
	if c.Person == "" || c.Type == "" && !c.Metrics {
		return errors.New("needs --person NAME|all and --type TYPE|all, or --metrics")
	}
	if first, last := c.days(); first > last {
		return fmt.Errorf("--from %s lies after --to %s", first, last)
	}
	return nil
}

// Run writes records as CSV or JSON Lines.
func (c *exportCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	if c.Metrics {
		return c.metrics(ctx, a, cfg)
	}
	parts, err := exportParts(c.Type, c.Table, c.Series, c.Format)
	if err != nil {
		return usagef("%v", err)
	}
	return withFiles(ctx, a, cfg, func(f *view) error {
		store, err := f.store.Snapshot(ctx) // records that move meanwhile neither double nor miss
		if err != nil {
			return err
		}
		people, err := exportPeople(ctx, store, c.Person)
		if err != nil {
			return errors.Join(err, store.Close())
		}
		damaged := 0
		rows := func(what export.What) export.Rows {
			return c.rows(ctx, store, what, people, func(err error) {
				damaged++
				fmt.Fprintln(a.err, err)
			})
		}
		if c.Type != "all" {
			err = exportOne(a, parts[0], rows(parts[0]), c.Output)
		} else {
			err = exportAll(a, parts, rows, c.Output)
		}
		if err == nil && damaged > 0 {
			err = fmt.Errorf("%d damaged records are missing in the export; all others are there", damaged)
		}
		return errors.Join(err, store.Close())
	})
}

// rows reads a part of the export for each person in turn, leaving out what is
// damaged.
func (c *exportCommand) rows(
	ctx context.Context, store *db.Store, what export.What, people []*db.Person, damaged func(error),
) export.Rows {
	first, last := c.days()
	var list []export.Rows
	for _, p := range people {
		list = append(list, what.Read(ctx, store, p.Name, p.ID, first, last))
	}
	return export.Without(export.Chain(list...), func(err error) bool {
		if !errors.Is(err, db.ErrDamaged) {
			return false
		}
		damaged(err)
		return true
	})
}

// days are the first and the last day, both included; open ends are far away.
func (c *exportCommand) days() (first, last health.Day) {
	first, last = math.MinInt32/2, math.MaxInt32/2
	if c.From.given {
		first = c.From.day
	}
	if c.To.given {
		last = c.To.day
	}
	return first, last
}

// date is a date as a flag; not given where it is empty.
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

func exportParts(typ, table, series string, form export.Form) ([]export.What, error) {
	if typ != "all" {
		t, ok := garmin.Lookup(typ)
		if !ok || !t.HasRecords() {
			return nil, fmt.Errorf("no records of type %q; see garner types", typ)
		}
		what := export.What{Type: t, Table: table, Series: series, Form: form}
		return []export.What{what}, what.Check()
	}
	if table+series != "" {
		return nil, errors.New("--table and --series need one --type")
	}
	var parts []export.What
	for _, k := range garmin.Kinds() {
		t, _ := garmin.Lookup(k.Type)
		parts = append(parts, export.Parts(t, form)...)
	}
	return parts, parts[0].Check()
}

func exportPeople(ctx context.Context, store *db.Store, name string) ([]*db.Person, error) {
	if name == "all" {
		return store.People(ctx)
	}
	p, err := store.PersonByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fmt.Errorf("nobody is called %q; see garner person list", name)
	}
	return []*db.Person{p}, err
}

func exportOne(a *app, what export.What, rows export.Rows, out string) error {
	return writeOne(a, out, what.Name(), func(w io.Writer) error {
		_, err := export.Write(w, what, rows)
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

func exportAll(a *app, parts []export.What, rows func(export.What) export.Rows, dir string) error {
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, what := range parts {
		lines := 0
		path := filepath.Join(dir, what.Name())
		if err := writeFile(path, func(w io.Writer) (err error) {
			lines, err = export.Write(w, what, rows(what))
			return err
		}); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fmt.Fprintf(a.err, "%s: %d lines\n", path, lines)
	}
	return nil
}
