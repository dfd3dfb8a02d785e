package cli

import (
	"math"
	"runtime/debug"
)

// mostMemory is where Go begins to free memory more often, before the process has twice
// what is in use: large answers that wait for slow readers would take 400 MB of a machine
// that has 512. It is no bound on what may be in use.
const mostMemory = 192 << 20

// saveMemory sets mostMemory, unless the environment has a limit (GOMEMLIMIT).
func saveMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(mostMemory)
	}
}
