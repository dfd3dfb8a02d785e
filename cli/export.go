package cli

import (
	"context"
	"errors"
	"flag"
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

func exportCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	person := fs.String("person", "", "")
	typ := fs.String("type", "", "")
	table := fs.String("table", "", "")
	series := fs.String("series", "", "")
	from := fs.String("from", "", "")
	to := fs.String("to", "", "")
	format := fs.String("format", "csv", "")
	out := fs.String("o", "", "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		if *person == "" || *typ == "" {
			return usagef("export needs --person NAME|all and --type TYPE|all")
		}
		first, last, err := parseDays(*from, *to)
		if err != nil {
			return err
		}
		parts, err := exportParts(*typ, *table, *series, export.Form(*format))
		if err != nil {
			return usagef("%v", err)
		}
		return withFiles(ctx, a, cfg, func(f *view) error {
			store, err := f.store.Snapshot(ctx) // records that move meanwhile neither double nor miss
			if err != nil {
				return err
			}
			people, err := exportPeople(ctx, store, *person)
			if err != nil {
				return errors.Join(err, store.Close())
			}
			damaged := 0
			rows := func(what export.What) export.Rows {
				var list []export.Rows
				for _, p := range people {
					list = append(list, what.Read(ctx, store, p.Name, p.ID, first, last))
				}
				return export.Without(export.Chain(list...), func(err error) bool {
					if !errors.Is(err, db.ErrDamaged) {
						return false
					}
					damaged++
					fmt.Fprintln(a.err, err)
					return true
				})
			}
			if *typ != "all" {
				err = exportOne(a, parts[0], rows(parts[0]), *out)
			} else {
				err = exportAll(a, parts, rows, *out)
			}
			if err == nil && damaged > 0 {
				err = fmt.Errorf("%d damaged records are missing in the export; all others are there", damaged)
			}
			return errors.Join(err, store.Close())
		})
	}
}

// parseDays reads a range of dates, both included; open ends where empty.
func parseDays(from, to string) (first, last health.Day, err error) {
	first, last = math.MinInt32/2, math.MaxInt32/2
	if from != "" {
		if first, err = health.ParseDay(from); err != nil {
			return 0, 0, usagef("--from: %v", err)
		}
	}
	if to != "" {
		if last, err = health.ParseDay(to); err != nil {
			return 0, 0, usagef("--to: %v", err)
		}
	}
	if first > last {
		return 0, 0, usagef("--from %s lies after --to %s", from, to)
	}
	return first, last, nil
}

func exportParts(typ, table, series string, form export.Form) ([]export.What, error) {
	if typ != "all" {
		t, ok := garmin.Lookup(typ)
		if !ok || t.Notice || t.PingOnly || t.VersionOf != "" {
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
	if out == "" || out == "-" {
		_, err := export.Write(a.out, what, rows)
		return err
	}
	if st, err := os.Stat(out); err == nil && st.IsDir() {
		out = filepath.Join(out, what.Name())
	}
	return writeFile(out, func(w io.Writer) error {
		_, err := export.Write(w, what, rows)
		return err
	})
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
