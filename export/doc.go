// Package export writes records as CSV and JSON Lines, and reads the latter
// back. Everything it knows about a type comes from the type's declaration, so a
// new type needs no code here.
package export
