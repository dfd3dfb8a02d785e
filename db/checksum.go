package db

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"garner/health"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers everything of a record's row that an export shows: person,
// type, times, origin and the packed body. The order of versions is also
// stored with their facts. It is never 0, which means none.
func checksum(v *health.Version, received int64, body []byte) int64 {
	b := make([]byte, 0, 256)
	b = appendText(b, v.Type)
	b = appendText(b, v.Key)
	b = binary.AppendVarint(b, v.Person)
	b = binary.AppendVarint(b, int64(v.Day))
	b = binary.AppendVarint(b, v.Start)
	b = binary.AppendVarint(b, v.End)
	if v.Offset != nil {
		b = append(b, 1)
		b = binary.AppendVarint(b, int64(*v.Offset))
	}
	b = append(b, v.Sum[:]...)
	b = appendText(b, v.SummaryID)
	b = appendText(b, v.Device)
	b = append(b, byte(v.Origin))
	b = binary.AppendVarint(b, received)
	if v.Order.Source != 0 || v.Others != 0 { // rows of older versions have sums without
		b = append(b, byte(v.Order.Source), byte(v.Others))
	}
	return notNone(crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, body))
}

// keptChecksum covers a version that is kept for its fields and samples: its place in
// the order, its span, its origin and its packed body.
func keptChecksum(v *health.Version, body []byte) int64 {
	b := append(make([]byte, 0, 96), v.Sum[:]...)
	o := v.Order
	for _, n := range []int64{int64(o.Class), o.Reach, o.UploadEnd, o.Arrival.Delivery, int64(o.Arrival.Element), v.Start,
		v.End} {
		b = binary.AppendVarint(b, n)
	}
	if o.Source != 0 || v.Origin != 0 { // rows of older versions have sums without
		b = append(b, byte(o.Source), byte(v.Origin))
	}
	return notNone(crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, body))
}

// blockChecksum covers a sealed block and its key.
func blockChecksum(key blockKey, typ string, sealed []byte) int64 {
	b := appendText(nil, typ)
	b = binary.AppendVarint(b, key.person)
	b = binary.AppendVarint(b, key.uday)
	return notNone(crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, sealed))
}

func notNone(sum uint32) int64 { return max(1, int64(sum)) }

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// DamagedError means that a stored record, or the block of a day's small ones,
// differs from what was written. Other records can be read.
type DamagedError struct {
	Person int64
	Type   string
	Day    health.Day
	Why    string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s of %s is damaged: %s", e.Type, e.Day, e.Why)
}

// Unwrap makes it an ErrDamaged.
func (e *DamagedError) Unwrap() error { return ErrDamaged }
