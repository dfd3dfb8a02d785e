// Package e2e tests the built program.
package e2e

import (
	"fmt"
	"os"
	"testing"

	"garner/e2e/box"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(mirrorFolder); dir != "" {
		if err := runMirror(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	box.Main(m)
}
