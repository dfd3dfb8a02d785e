package cli

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// Not in parallel: it changes the limit of the whole process, and looks at its memory.
func TestWhatIsInUseDoesNotDoubleBeforeItIsFreed(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	debug.SetMemoryLimit(math.MaxInt64)
	saveMemory()
	held := make([][]byte, 8) // as answers that wait for slow readers
	for i := range held {
		held[i] = make([]byte, 16<<20)
	}
	runtime.GC()
	most := uint64(0)
	for range 2000 {
		sink = make([]byte, 256<<10)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	runtime.KeepAlive(held)
	if most > 208<<20 {
		t.Errorf("%d MiB were held for 128 MiB in use", most>>20)
	}
}

func TestALimitOfTheEnvironmentIsKept(t *testing.T) {
	before := debug.SetMemoryLimit(300 << 20)
	defer debug.SetMemoryLimit(before)
	if saveMemory(); debug.SetMemoryLimit(-1) != 300<<20 {
		t.Errorf("the limit is %d", debug.SetMemoryLimit(-1))
	}
}

// sink keeps the compiler from removing what is made.
var sink []byte
