package db

import (
	"slices"
	"strings"
)

// joined is a set of Garmin's names as one text: sorted, with spaces between them.
func joined(names []string) string {
	return strings.Join(slices.Sorted(slices.Values(names)), " ")
}
