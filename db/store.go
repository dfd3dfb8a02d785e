package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"garner/db/seal"
	"garner/health"
)

// Store is garner.db: people, records, and the state of each delivery.
type Store struct {
	f   *file
	w   *writer
	enc *zstd.Encoder
	dec *zstd.Decoder
	// checkpoints is nil if another process owns the file.
	checkpoints *checkpointer
	damage      *damage
	keys        *seal.Ring // nil: nothing is encrypted or decrypted

	kinds       map[string]kind // by callback key
	types       map[int64]string
	metricIDs   map[string]uint64
	metricNames map[uint64]string
}

// kind is a type's descriptor with its number in rows.
type kind struct {
	health.Kind
	id int64
}

// OpenStore opens or creates garner.db in dir. The kinds and metrics describe
// what it will store; it knows nothing else about types. Only the process that
// holds the lock of the data directory may call it; others use OpenStoreBeside.
func OpenStore(ctx context.Context, dir string, kinds []health.Kind, metrics []health.Metric) (*Store, error) {
	f, err := openFile(ctx, filepath.Join(dir, "garner.db"), garnerSchema, writing)
	if err != nil {
		return nil, err
	}
	s, err := newStore(ctx, f, kinds, metrics)
	if err != nil {
		return nil, err
	}
	if s.w.guard, err = newGuard(ctx, f); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.checkpoints = f.startCheckpoints(s.w.breakDown)
	s.w.committed = s.checkpoints.written
	if err := s.ensureEpoch(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenStoreBeside opens garner.db in dir while another process owns it. It
// writes nothing by itself; requested changes are written in short
// transactions. ErrNotSetUp means that the owner must create the file first.
func OpenStoreBeside(ctx context.Context, dir string, kinds []health.Kind, metrics []health.Metric) (*Store, error) {
	f, err := openBeside(ctx, filepath.Join(dir, "garner.db"), garnerSchema, true)
	if err != nil {
		return nil, err
	}
	return newStore(ctx, f, kinds, metrics)
}

func newStore(ctx context.Context, f *file, kinds []health.Kind, metrics []health.Metric) (*Store, error) {
	s := &Store{f: f, damage: &damage{}, kinds: map[string]kind{}, types: map[int64]string{},
		metricIDs: map[string]uint64{}, metricNames: map[uint64]string{}}
	s.w = newWriter(f)
	if err := s.prepare(ctx, kinds, metrics); err != nil {
		return nil, errors.Join(fmt.Errorf("open garner.db: %w", err), s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, kinds []health.Kind, metrics []health.Metric) (err error) {
	if s.enc, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20)); err != nil {
		return err
	}
	if s.dec, err = newDecoder(); err != nil {
		return err
	}
	names := make([]string, 0, len(metrics))
	for _, m := range metrics {
		names = append(names, m.Name)
	}
	keys := make([]string, 0, len(kinds))
	for _, k := range kinds {
		keys = append(keys, k.Type)
	}
	typeIDs, err := s.number(ctx, `select id, key from type`, `insert into type (key) values (?)`, keys)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		s.kinds[k.Type] = kind{Kind: k, id: typeIDs[k.Type]}
	}
	for key, id := range typeIDs {
		s.types[id] = key
	}
	metricIDs, err := s.number(ctx, `select id, name from metric`, `insert into metric (name) values (?)`, names)
	if err != nil {
		return err
	}
	for name, id := range metricIDs {
		s.metricIDs[name], s.metricNames[uint64(id)] = uint64(id), name
	}
	return nil
}

// number assigns each word its number. Only the owner adds new ones: in another
// process a new word means that the owner has another version.
func (s *Store) number(ctx context.Context, read, add string, words []string) (map[string]int64, error) {
	have, err := s.numbers(ctx, read)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, w := range words {
		if _, ok := have[w]; !ok {
			missing = append(missing, w)
		}
	}
	if len(missing) == 0 {
		return have, nil
	}
	if !s.f.owned {
		return nil, fmt.Errorf("%q is not known: %w", missing[0], ErrNotSetUp)
	}
	err = s.w.do(ctx, func(t *tx) error {
		for _, w := range missing {
			if err := t.exec(add+` on conflict do nothing`, w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.numbers(ctx, read)
}

func (s *Store) numbers(ctx context.Context, read string) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var id int64
		var word string
		err := rows.Scan(&id, &word)
		out[word] = id
		return err
	}, read)
	return out, err
}

// Queries counts the queries since the store was opened: the difference is the
// cost of a page.
func (s *Store) Queries() int64 { return s.f.queries.Load() }

// ref is a reference in a row; 0 means none.
func ref(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// typeRef is the reference of a row to a type; the empty type is none.
func (s *Store) typeRef(typ string) (sql.NullInt64, error) {
	id := s.typeOrNone(typ)
	if id.Int64 < 0 {
		return id, fmt.Errorf("type %q has no number", typ)
	}
	return id, nil
}

// typeOrNone is the number of a type, null for the empty type, and a number that
// no row has for an unknown type.
func (s *Store) typeOrNone(typ string) sql.NullInt64 {
	if k, ok := s.kinds[typ]; ok {
		return ref(k.id)
	}
	if typ == "" {
		return ref(0)
	}
	return ref(-1)
}

// Close closes the file.
func (s *Store) Close() error {
	err := s.w.Close()
	if s.checkpoints != nil {
		s.checkpoints.Close()
	}
	return errors.Join(err, s.f.Close())
}

// Broken is why the store refuses to write, nil if it does not. It never blocks:
// every page calls it.
func (s *Store) Broken() error {
	if cause := s.w.broken.Load(); cause != nil {
		return *cause
	}
	return nil
}

// ReadOnly reports whether the store refuses to write because pages of garner.db are
// damaged. What is on its other pages can be read as before.
func (s *Store) ReadOnly() bool { return isCorrupt(s.Broken()) }
