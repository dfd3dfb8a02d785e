// Package e2e tests the built program.
package e2e

import (
	"testing"

	"garner/e2e/box"
)

func TestMain(m *testing.M) { box.Main(m) }
