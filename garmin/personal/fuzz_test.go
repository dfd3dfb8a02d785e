package personal

import (
	"os"
	"path/filepath"
	"testing"

	"garner/health"
)

// FuzzRead reads any answer of any endpoint: no panic, and what comes out is a callback
// of elements of the person.
func FuzzRead(f *testing.F) {
	for _, name := range answers(f) {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Base(filepath.Dir(name)), raw)
	}
	f.Add(FileKey, []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, key string, raw []byte) {
		got, err := Read(asked(key), raw)
		if err != nil {
			return
		}
		for _, it := range split(t, got.Callback) {
			readItem(it)
		}
		for day, o := range got.Days {
			if day > health.Day(1<<20) || o < Nothing || o > Data || o > got.Outcome {
				t.Errorf("day %d is %d of %d", day, o, got.Outcome)
			}
		}
		if key == FileKey {
			_, _ = File(raw) // an error is as good
		}
	})
}
