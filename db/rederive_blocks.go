package db

import (
	"database/sql"
	"errors"
	"slices"

	"garner/health"
)

func (a *applier) redecodeBlocks(spot *Checkpoint, limit int, redecode Redecode) (int, error) {
	type row struct {
		rowid int64
		key   blockKey
	}
	rows, err := a.t.query(`select rowid, person_id, type_id, uday from block where rowid > ? order by rowid limit ?`,
		spot.Block, limit)
	if err != nil {
		return 0, err
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.rowid, &r.key.person, &r.key.typ, &r.key.uday)
	})
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		spot.Block = -1
		return 0, nil
	}
	for i, r := range list {
		if a.enough() {
			return i, nil
		}
		a.versions++
		err := a.redecodeBlock(r.key, redecode)
		if errors.Is(err, ErrDamaged) {
			a.s.damage.found(err) // it stays as it is, and the others are processed
		} else if err != nil {
			return 0, err
		}
		spot.Block = r.rowid
	}
	return len(list), nil
}

// redecodeBlock decodes each entry again. An entry whose key changed is inserted
// again, with the facts of its other versions.
func (a *applier) redecodeBlock(key blockKey, redecode Redecode) error {
	k := a.s.kinds[a.s.types[key.typ]]
	b, err := a.block(key, k)
	if err != nil {
		return err
	}
	entries := b.entries
	b.entries, b.changed, b.size = make([]*entry, 0, len(entries)), true, 0
	for _, e := range entries {
		as := e.Version
		for i := range e.kept {
			if e.kept[i].Sum == e.Sum {
				as.Body, as.Blended = e.kept[i].Body, false
			}
		}
		v, err := redecode(&health.Record{Version: as, Received: e.received, Processed: e.processed})
		if !e.weighed {
			a.askForOthers(e)
		}
		if err != nil {
			return err
		}
		if v == nil {
			v = &e.Version
		}
		a.touch(key.person, k, e.Day)
		err = a.small(v, k, e.received)
		var refused *refusedError
		damaged := errors.Is(err, ErrDamaged) // the block that it belongs to now
		if damaged {
			a.s.damage.found(err)
		}
		if damaged || errors.As(err, &refused) {
			b.put(e) // it stays as it was
			continue
		}
		if err != nil {
			return err
		}
		if err := a.putSmallFacts(v, k, e); err != nil {
			return err
		}
	}
	return nil
}

// askForOthers requeues the deliveries of versions that are not current: their
// samples may be denser, or they may belong to a record of their own.
func (a *applier) askForOthers(e *entry) {
	for _, f := range e.others {
		a.requeue[f.order.Arrival.Delivery] = struct{}{}
	}
}

// putSmallFacts restores the facts and the bodies of an entry's other versions
// after it was inserted again.
func (a *applier) putSmallFacts(v *health.Version, k kind, before *entry) error {
	b, err := a.block(blockKey{v.Person, k.id, udayOf(v)}, k)
	if err != nil {
		return err
	}
	for _, e := range b.entries {
		if e.Key != v.Key {
			continue
		}
		for i := range before.kept {
			e.blend(k, e.candidates(), &before.kept[i].Version)
		}
		for _, o := range before.others {
			if o.sum == e.Sum || slices.ContainsFunc(e.others, func(f facts) bool { return f.sum == o.sum }) {
				continue
			}
			e.others = append(e.others, o)
			if o.order.Compare(e.Order) > 0 {
				a.requeue[o.order.Arrival.Delivery] = struct{}{}
			}
		}
	}
	return nil
}
