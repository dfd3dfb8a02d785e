package db

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"garner/health"
)

// VersionFacts are what is kept for good of a version of a record.
type VersionFacts struct {
	Order health.Order
	// Start and End are unix seconds; both 0 of a version of a small type that is not
	// current, of which less is kept.
	Start, End int64
	// Received is in unix milliseconds.
	Received int64
	// SummaryID is empty of a version of a small type that is not current.
	SummaryID string
	// Current means that the record shows this version.
	Current bool
}

// VersionsOf returns the facts of all versions of some records of a person, by the place of
// the record in the list, in order of arrival. A record that has gone since it was read has
// none.
func (s *Store) VersionsOf(ctx context.Context, person int64, records []*health.Record) ([][]VersionFacts, error) {
	out := make([][]VersionFacts, len(records))
	rows, blocks := map[int64]int{}, map[blockKey]map[string]int{}
	for i, rec := range records {
		if rec.ID != 0 {
			rows[rec.ID] = i
			continue
		}
		key := blockKey{person, s.kinds[rec.Type].id, udayOf(&rec.Version)}
		if blocks[key] == nil {
			blocks[key] = map[string]int{}
		}
		blocks[key][rec.Key] = i
	}
	if err := s.factsOfRows(ctx, person, rows, out); err != nil {
		return nil, err
	}
	for key, at := range blocks {
		if err := s.factsOfBlock(ctx, key, at, out); err != nil {
			return nil, err
		}
	}
	for _, facts := range out {
		slices.SortFunc(facts, func(a, b VersionFacts) int { return a.Order.Arrival.Compare(b.Order.Arrival) })
	}
	return out, nil
}

const versionsQuery = `select v.record_id, v.class, v.reach_s, v.upload_end_s, v.delivery_id, v.element, v.start_s,
	v.end_s, v.received_ms, v.summary_id, v.sum = r.sum from record r join version v on v.record_id = r.id
	where r.id in (select value from json_each(?)) and r.person_id = ?`

// factsOfRows adds the facts of records with rows; at is the place of each id.
func (s *Store) factsOfRows(ctx context.Context, person int64, at map[int64]int, out [][]VersionFacts) error {
	if len(at) == 0 {
		return nil
	}
	return s.scan(ctx, func(rows *sql.Rows) error {
		var f VersionFacts
		var record int64
		o := &f.Order
		err := rows.Scan(&record, &o.Class, &o.Reach, &o.UploadEnd, &o.Arrival.Delivery, &o.Arrival.Element, &f.Start,
			&f.End, &f.Received, &f.SummaryID, &f.Current)
		out[at[record]] = append(out[at[record]], f)
		return err
	}, versionsQuery, list(slices.Collect(maps.Keys(at))), person)
}

// factsOfBlock adds the facts of the records of a block; at is the place of each key.
func (s *Store) factsOfBlock(ctx context.Context, key blockKey, at map[string]int, out [][]VersionFacts) error {
	var sealed []byte
	var crc int64
	err := s.f.queryRow(ctx, `select body, crc from block where person_id = ? and type_id = ? and uday = ?`,
		key.person, key.typ, key.uday).Scan(&sealed, &crc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fault(err)
	}
	b, err := s.openBlock(key, sealed, crc)
	if err != nil {
		return err
	}
	for _, e := range b.entries {
		i, wanted := at[e.Key]
		if !wanted {
			continue
		}
		out[i] = []VersionFacts{{Order: e.Order, Start: e.Start, End: e.End, Received: e.received, SummaryID: e.SummaryID,
			Current: true}}
		for _, f := range e.others {
			out[i] = append(out[i], VersionFacts{Order: f.order, Received: f.received})
		}
	}
	return nil
}
