package db

import "context"

// FileFacts are what a database is like, without anything of its content.
type FileFacts struct {
	FileSize
	Schema int
	// Rows counts those of each table.
	Rows map[string]int64
}

// FileFacts are those of garner.db.
func (s *Store) FileFacts(ctx context.Context) (FileFacts, error) { return s.f.facts(ctx) }

// FileFacts are those of inbox.db.
func (in *InboxReader) FileFacts(ctx context.Context) (FileFacts, error) { return in.f.facts(ctx) }

func (f *file) facts(ctx context.Context) (out FileFacts, err error) {
	if out.FileSize, err = f.size(); err != nil {
		return out, err
	}
	if err := f.r.QueryRowContext(ctx, `pragma user_version`).Scan(&out.Schema); err != nil {
		return out, fault(err)
	}
	out.Rows, err = countRows(ctx, f.r)
	return out, err
}
