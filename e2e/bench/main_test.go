// Package bench measures the built program: the table of figures of make
// bench.
package bench

import (
	"testing"

	"garner/e2e/box"
)

func TestMain(m *testing.M) { box.Main(m) }
