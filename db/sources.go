package db

import (
	"context"
	"database/sql"
	"slices"

	"garner/health"
)

// KeptVersions returns the versions of a record whose bodies are kept beside it, the
// greatest first: those of its other sources, those with denser samples, and its own as
// it was sent. They have no day, offset and device, which only their bodies tell. A
// record of one version has none. Damaged bodies are left out.
func (s *Store) KeptVersions(ctx context.Context, rec *health.Record) ([]*health.Record, error) {
	rows, err := s.f.query(ctx, `select k.sum, k.class, k.source, k.reach_s, k.upload_end_s, k.delivery_id, k.element,
		k.start_s, k.end_s, k.origin, k.body, k.crc, v.received_ms, v.summary_id from kept k
		join version v on v.record_id = k.record_id and v.sum = k.sum where k.record_id = ?`, rec.ID)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (*health.Record, error) { return s.scanKept(rows, rec) })
	list = slices.DeleteFunc(list, func(v *health.Record) bool { return v == nil })
	slices.SortFunc(list, func(a, b *health.Record) int { return b.Order.Compare(a.Order) })
	return list, err
}

// scanKept is nil for a body that is damaged.
func (s *Store) scanKept(rows *sql.Rows, of *health.Record) (*health.Record, error) {
	v := &health.Record{ID: of.ID, Versions: 1}
	v.Person, v.Type, v.Key = of.Person, of.Type, of.Key
	o := &v.Order
	var sum, body []byte
	var crc int64
	if err := rows.Scan(&sum, &o.Class, &o.Source, &o.Reach, &o.UploadEnd, &o.Arrival.Delivery, &o.Arrival.Element,
		&v.Start, &v.End, &v.Origin, &body, &crc, &v.Received, &v.SummaryID); err != nil {
		return nil, err
	}
	copy(v.Sum[:], sum)
	whole := crc == 0 || crc == keptChecksum(&v.Version, body)
	if whole {
		var err error
		v.Body, err = s.dec.DecodeAll(body, nil)
		whole = err == nil
	}
	if !whole {
		return nil, nil
	}
	return v, nil
}
