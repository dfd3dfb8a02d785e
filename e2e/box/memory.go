package box

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// PeakMemory is the most memory that a process has held at once, in bytes.
func PeakMemory(t testing.TB, pid int) int64 {
	t.Helper()
	return memory(t, pid, "VmHWM")
}

// ResidentMemory is what a process holds now, in bytes.
func ResidentMemory(t testing.TB, pid int) int64 {
	t.Helper()
	return memory(t, pid, "VmRSS")
}

func memory(t testing.TB, pid int, field string) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, field+": %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	t.Fatalf("no %s", field)
	return 0
}
