package element

import "unsafe"

// The memory of the parts of a tree without their slices, rounded as by the
// allocator.
const (
	costText   = 16 // a string's header; also what its text is rounded up by
	costNum    = 32
	costList   = 24
	costObject = 48
	costPoints = 112
	costRows   = 640 // with its two maps
	costColumn = 192 // with its place in a map, and room for more columns
	costShape  = 96  // with its place in a map
)

// push appends v and counts the bytes that the slice has grown by.
func push[T any](grown *int, s []T, v T) []T {
	before := cap(s)
	s = append(s, v)
	if cap(s) != before {
		*grown += (cap(s) - before) * int(unsafe.Sizeof(v))
	}
	return s
}
