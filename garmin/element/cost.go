package element

import "unsafe"

// What the parts of a tree take of memory beside the slices that they hold,
// as the allocator rounds it.
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
