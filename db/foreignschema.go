package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ours returns ErrDamaged if a database lacks a table, index or trigger of the schema of a
// version, or has what could act on its own: another trigger, a view, a virtual table.
// Plain tables may be there: those of a program that replicates the file.
func (s schema) ours(ctx context.Context, db querier, version int) error {
	has, err := objects(ctx, db)
	if err != nil {
		return err
	}
	wanted, err := s.made(ctx, version)
	if err != nil {
		return err
	}
	for key, text := range wanted {
		got, there := has[key]
		if !there || key.typ == "trigger" && got != text {
			return fmt.Errorf("%w: the %s %s is missing or another one", ErrDamaged, key.typ, key.name)
		}
		delete(has, key)
	}
	for key, text := range has {
		if key.typ != "table" && key.typ != "index" || strings.HasPrefix(text, "createvirtual") {
			return fmt.Errorf("%w: it has a foreign %s", ErrDamaged, key.typ)
		}
	}
	return nil
}

// object identifies a part of a schema.
type object struct{ typ, name, table string }

// layout is what differs between files of the same schema: comments and spaces.
var layout = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|\s+`)

// objects are the parts of a database's schema with their statements, without layout and in
// lower case.
func objects(ctx context.Context, db querier) (map[object]string, error) {
	rows, err := db.QueryContext(ctx, `select type, name, tbl_name, coalesce(sql, '') from sqlite_schema`)
	if err != nil {
		return nil, fault(err)
	}
	out := map[object]string{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var key object
		var text string
		err := rows.Scan(&key.typ, &key.name, &key.table, &text)
		out[key] = strings.ToLower(layout.ReplaceAllString(text, ""))
		return struct{}{}, err
	})
	return out, err
}

// made are the parts of the schema that a version has.
func (s schema) made(ctx context.Context, version int) (out map[object]string, err error) {
	p, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	p.SetMaxOpenConns(1) // each has a database of its own
	for i, text := range s.migrations[:version] {
		if err := s.step(ctx, p, text, i+1); err != nil {
			return nil, err
		}
	}
	return objects(ctx, p)
}
