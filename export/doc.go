// Package export writes records as CSV and JSON Lines, and reads the latter
// back. Everything it knows of a type comes from the type's declaration, so a
// new type exports itself.
package export
