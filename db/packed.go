package db

import (
	"bytes"
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"garner/health"
)

func udayOf(v *health.Version) int64 { return int64(health.BlockDay(v.Day, v.Start)) }

// small puts a version of a small type into its block. A refusedError means that
// it does not fit.
func (a *applier) small(v *health.Version, k kind, received int64) error {
	v.Apart()
	if len(v.Body) > maxSmall {
		return &refusedError{fmt.Sprintf("takes more than %d KiB", maxSmall>>10)}
	}
	b, err := a.block(blockKey{v.Person, k.id, udayOf(v)}, k)
	if err != nil {
		return err
	}
	at, found := slices.BinarySearchFunc(b.entries, v.Key, func(e *entry,
		key string) int {
		return cmp.Compare(e.Key, key)
	})
	add := &entry{Version: *v, received: received, processed: a.nowMS, weighed: true}
	if b.size+add.size() > maxBlock && !(found && b.entries[at].has(v.Sum)) {
		return &refusedError{fmt.Sprintf("its day holds more than %d KiB of this type", maxBlock>>10)}
	}
	if !found {
		b.put(add)
		b.changed = true
		a.touch(v.Person, k, v.Day)
		return nil
	}
	e := b.entries[at]
	before := e.size()
	b.changed = a.addSmall(e, v, k, received) || b.changed
	b.size += e.size() - before
	return nil
}

// has reports whether a version is already stored.
func (e *entry) has(sum [16]byte) bool {
	return e.Sum == sum || slices.ContainsFunc(e.others, func(f facts) bool { return f.sum == sum })
}

// put inserts or replaces an entry, regardless of the size of the block.
func (b *block) put(e *entry) {
	at, found := slices.BinarySearchFunc(b.entries, e.Key, func(have *entry,
		key string) int {
		return cmp.Compare(have.Key, key)
	})
	if found {
		return
	}
	b.entries = slices.Insert(b.entries, at, e)
	b.size += e.size()
}

// refusedError means that one element cannot be kept where it belongs. It is
// parked alone.
type refusedError struct{ why string }

func (e *refusedError) Error() string { return e.why }

// addSmall adds a version to an existing record and reports whether
// that changed anything.
func (a *applier) addSmall(e *entry, v *health.Version, k kind, received int64) bool {
	list := e.candidates()
	if e.Sum == v.Sum {
		if !a.repeatOfCurrent(e, v, k, received) {
			return false
		}
		e.blend(k, list, v)
		return true
	}
	i := slices.IndexFunc(e.others, func(f facts) bool { return f.sum == v.Sum })
	switch {
	case i < 0:
		e.others = append(e.others, facts{v.Sum, v.Order, received})
		i = len(e.others) - 1
	case v.Order.Arrival.Compare(e.others[i].order.Arrival) < 0:
		e.others[i].order, e.others[i].received = v.Order, received
	default: // a repeat that did not arrive earlier
		v.Order, received = e.others[i].order, e.others[i].received
	}
	if v.Order.Compare(e.Order) > 0 {
		e.others[i] = facts{e.Sum, e.Order, e.received}
		a.touch(v.Person, k, e.Day)
		a.touch(v.Person, k, v.Day)
		e.Version, e.received, e.processed = *v, received, a.nowMS
	}
	if e.blend(k, list, v) {
		a.touch(v.Person, k, e.Day)
	}
	return true
}

// candidates are the versions of an entry whose bodies are available.
func (e *entry) candidates() []*candidate {
	if len(e.kept) == 0 {
		return []*candidate{{Version: e.Version}}
	}
	out := make([]*candidate, len(e.kept))
	for i := range e.kept {
		out[i] = &e.kept[i]
	}
	return out
}

// blend compares v with the others and reports whether what the entry shows has
// changed.
func (e *entry) blend(k kind, list []*candidate, v *health.Version) bool {
	if k.Blend == nil {
		return false
	}
	list = slices.DeleteFunc(slices.Clone(list), func(c *candidate) bool { return c.Sum == v.Sum })
	list = append(list, &candidate{Version: *v})
	top, needed := blendOf(k, list)
	var kept []candidate
	if slices.Contains(needed[1:], true) {
		for i, c := range list {
			if needed[i] {
				kept = append(kept, *c)
			}
		}
	}
	e.kept = kept
	if top.Sum != e.Sum || bytes.Equal(e.Body, top.Body) {
		return false
	}
	e.Body, e.Blended = top.Body, top.Blended
	return true
}

// repeatOfCurrent lowers the arrival of the current version if this repeat
// of it came earlier; then another version may become current.
func (a *applier) repeatOfCurrent(e *entry, v *health.Version, k kind, received int64) bool {
	if v.Order.Arrival.Compare(e.Order.Arrival) >= 0 {
		return false
	}
	e.Version, e.received = *v, received
	a.touch(v.Person, k, v.Day)
	for _, f := range e.others {
		if f.order.Compare(e.Order) > 0 {
			a.requeue[f.order.Arrival.Delivery] = struct{}{}
		}
	}
	return true
}

func (a *applier) block(key blockKey, k kind) (*block, error) {
	if b, ok := a.blocks[key]; ok {
		return b, nil
	}
	var sealed []byte
	var crc int64
	err := a.t.row(`select body, crc from block where person_id = ? and type_id = ? and uday = ?`,
		[]any{key.person, key.typ, key.uday}, &sealed, &crc)
	b := &block{}
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return nil, err
	default:
		if b, err = a.s.openBlock(key, sealed, crc); err != nil {
			return nil, err
		}
	}
	a.blocks[key] = b
	a.held += b.size
	return b, nil
}

func (a *applier) writeBlocks() error {
	for key, b := range a.blocks {
		if !b.changed {
			continue
		}
		sealed := a.s.sealBlock(b)
		if err := a.t.exec(`insert into block (person_id, type_id, uday, body, crc) values (?, ?, ?, ?, ?)
			on conflict do update set body = excluded.body, crc = excluded.crc`,
			key.person, key.typ, key.uday, sealed, blockChecksum(key, a.s.types[key.typ], sealed)); err != nil {
			return err
		}
	}
	return nil
}

// countBlocks counts the small records of a person's day, which may lie in the
// blocks of three UTC days. Those of its first family count, see
// health.Version.Family.
func (a *applier) countBlocks(key coverKey, k kind) (out tally, err error) {
	best := 0
	for uday := int64(key.day) - 1; uday <= int64(key.day)+1; uday++ {
		b, err := a.block(blockKey{key.person, k.id, uday}, k)
		if errors.Is(err, ErrDamaged) {
			continue // it counts as nothing
		}
		if err != nil {
			return out, err
		}
		for _, e := range b.entries {
			family := e.Family()
			switch {
			case e.Day != key.day:
				continue
			case out.shown.n == 0 || family < best:
				best, out = family, tally{hidden: out.hidden + out.shown.n, simulated: e.Simulated()}
			case family > best:
				out.hidden++
				continue
			}
			out.shown.add(e.received)
		}
	}
	return out, nil
}
