package db

import (
	"encoding/binary"
	"errors"

	"garner/health"
)

// blockKey names a block: the records of a small type that start on one UTC
// day. The day comes from the natural key, never from a field on which versions may
// differ.
type blockKey struct {
	person int64
	typ    int64
	uday   int64
}

// block holds small records, ordered by key.
type block struct {
	entries []*entry
	changed bool
	size    int // estimated bytes of its encoding
}

// entry is one small record: its current version and the facts of the others.
type entry struct {
	health.Version
	received, processed int64
	others              []facts
	// kept are bodies as sent, if samples of several versions are blended,
	// including the current version's.
	kept []candidate
	// weighed means that the samples of all versions were compared with each
	// other. In entries written by older versions they were not.
	weighed bool
}

// Blocks and the records in them have a size limit, so that what was written
// can be read again, and quickly. A day from Garmin takes a tenth of it at
// most.
const (
	maxBlock = 2 << 20
	maxSmall = 256 << 10
	// factsSize and entrySize estimate the bytes of facts and an entry without
	// their texts.
	factsSize = 48
	entrySize = 80
)

func (e *entry) size() int {
	n := entrySize + len(e.Key) + len(e.SummaryID) + len(e.Device) + len(e.Body) + factsSize*len(e.others)
	for i := range e.kept {
		n += factsSize + len(e.kept[i].Body)
	}
	return n
}

// facts are what is kept of a version that is not current.
type facts struct {
	sum      [16]byte
	order    health.Order
	received int64
}

// encode writes a block: entries one after the other in varints, so that zstd
// finds what neighbours have in common.
func (b *block) encode() []byte {
	var w blockWriter
	w.uint(uint64(len(b.entries)))
	for _, e := range b.entries {
		w.text(e.Key)
		w.int(int64(e.Day))
		w.int(e.Start)
		w.int(e.End - e.Start)
		if e.Offset == nil {
			w.uint(0)
		} else {
			w.uint(1)
			w.int(int64(*e.Offset))
		}
		w.order(e.Order, e.Start)
		w.b = append(w.b, e.Sum[:]...)
		w.text(e.SummaryID)
		w.text(e.Device)
		w.uint(e.marks())
		w.int(e.received)
		w.int(e.processed - e.received)
		w.text(string(e.Body))
		w.uint(uint64(len(e.others)))
		for _, f := range e.others {
			w.b = append(w.b, f.sum[:]...)
			w.order(f.order, e.Start)
			w.int(f.received)
		}
		if len(e.kept) > 0 {
			w.kept(e)
		}
	}
	return w.b
}

// One number holds an entry's origin and flags for its optional parts.
const (
	markOrigin  = 1<<3 - 1
	markBlended = 1 << 3
	markKept    = 1 << 4
	markWeighed = 1 << 5
)

func (e *entry) marks() uint64 {
	n := uint64(e.Origin)
	if e.Blended {
		n |= markBlended
	}
	if len(e.kept) > 0 {
		n |= markKept
	}
	if e.weighed {
		n |= markWeighed
	}
	return n
}

func (w *blockWriter) kept(e *entry) {
	w.uint(uint64(len(e.kept)))
	for i := range e.kept {
		c := &e.kept[i]
		w.b = append(w.b, c.Sum[:]...)
		w.order(c.Order, e.Start)
		w.int(c.Start - e.Start)
		w.int(c.End - e.Start)
		w.text(string(c.Body))
	}
}

func (r *blockReader) kept(e *entry) {
	for range min(r.uint(), uint64(len(r.b))) {
		c := candidate{stored: true}
		c.Sum, c.Order = r.sum(), r.order(e.Start)
		c.Start = e.Start + r.int()
		c.End = e.Start + r.int()
		c.Body = []byte(r.text())
		e.kept = append(e.kept, c)
	}
}

// readApart sets the source of an entry and its versions. They are of one source.
func (e *entry) readApart() {
	e.ReadApart()
	for i := range e.others {
		e.others[i].order.Source = e.Order.Source
	}
	for i := range e.kept {
		e.kept[i].Order.Source, e.kept[i].Origin = e.Order.Source, e.Origin
	}
}

type blockWriter struct{ b []byte }

func (w *blockWriter) uint(v uint64) { w.b = binary.AppendUvarint(w.b, v) }
func (w *blockWriter) int(v int64)   { w.b = binary.AppendVarint(w.b, v) }
func (w *blockWriter) text(s string) { w.uint(uint64(len(s))); w.b = append(w.b, s...) }
func (w *blockWriter) order(o health.Order, start int64) {
	w.uint(uint64(o.Class))
	w.int(o.Reach - start)
	w.int(o.UploadEnd)
	w.int(o.Arrival.Delivery)
	w.int(int64(o.Arrival.Element))
}

var errDamagedBlock = errors.New("damaged block")

func decodeBlock(b []byte, person int64, typ string) (*block, error) {
	r := &blockReader{b: b}
	n := r.uint()
	if n > uint64(len(b)) {
		return nil, errDamagedBlock
	}
	out := &block{entries: make([]*entry, 0, n)}
	for range n {
		e := &entry{}
		e.Person, e.Type = person, typ
		e.Key = r.text()
		e.Day = health.Day(r.int())
		e.Start = r.int()
		e.End = e.Start + r.int()
		if r.uint() == 1 {
			offset := int32(r.int())
			e.Offset = &offset
		}
		e.Order = r.order(e.Start)
		e.Sum = r.sum()
		e.SummaryID, e.Device = r.text(), r.text()
		marks := r.uint()
		e.Origin, e.Blended, e.weighed = health.Origin(marks&markOrigin), marks&markBlended != 0, marks&markWeighed != 0
		e.received = r.int()
		e.processed = e.received + r.int()
		e.Body = []byte(r.text())
		for range min(r.uint(), uint64(len(r.b))) {
			e.others = append(e.others, facts{sum: r.sum(), order: r.order(e.Start), received: r.int()})
		}
		if marks&markKept != 0 {
			r.kept(e)
		}
		e.readApart()
		if r.failed {
			return nil, errDamagedBlock
		}
		out.entries = append(out.entries, e)
		out.size += e.size()
	}
	return out, nil
}

// blockReader reads what blockWriter wrote; after damage it reads zeros and
// keeps the error.
type blockReader struct {
	b      []byte
	failed bool
}

func (r *blockReader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	return r.took(v, n)
}

func (r *blockReader) took(v uint64, n int) uint64 {
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *blockReader) int() int64 {
	v, n := binary.Varint(r.b)
	return int64(r.took(uint64(v), n))
}

func (r *blockReader) text() string { return string(r.bytes(r.uint())) }

func (r *blockReader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *blockReader) sum() (s [16]byte) {
	copy(s[:], r.bytes(16))
	return s
}

func (r *blockReader) order(start int64) (o health.Order) {
	o.Class = health.Class(r.uint())
	o.Reach = r.int() + start
	o.UploadEnd = r.int()
	o.Arrival.Delivery = r.int()
	o.Arrival.Element = int32(r.int())
	return o
}

// openBlock reverses sealBlock. crc is the stored checksum, 0 for
// none.
func (s *Store) openBlock(key blockKey, sealed []byte, crc int64) (*block, error) {
	typ := s.types[key.typ]
	damaged := func(why string) error {
		return &DamagedError{Person: key.person, Type: typ, Day: health.Day(key.uday), Why: why}
	}
	if crc != 0 && crc != blockChecksum(key, typ, sealed) {
		return nil, damaged("its checksum does not match")
	}
	plain, err := s.dec.DecodeAll(sealed, nil)
	if err != nil {
		return nil, damaged(err.Error())
	}
	b, err := decodeBlock(plain, key.person, typ)
	if err != nil {
		return nil, damaged(err.Error())
	}
	return b, nil
}

func (s *Store) sealBlock(b *block) []byte { return s.enc.EncodeAll(b.encode(), nil) }
