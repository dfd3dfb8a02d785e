package personal

import (
	"bytes"
	"errors"
	"io"
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

// FuzzSplit separates any delivery: no panic, and what has a head is separated into the
// same head and body when it is put together again.
func FuzzSplit(f *testing.F) {
	f.Add(append(asked("sleep").Line(), "{}"...))
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"endpoint":"sleep"}`))
	f.Fuzz(func(t *testing.T, delivery []byte) {
		head, raw := splitAll(t, delivery)
		if head.Endpoint == "" {
			return
		}
		again, same := splitAll(t, append(head.Line(), raw...))
		if again != head || !bytes.Equal(same, raw) {
			t.Errorf("%+v with %q became %+v with %q", head, raw, again, same)
		}
	})
}

// splitAll separates a delivery; one without a head has the zero Head.
func splitAll(t *testing.T, delivery []byte) (Head, []byte) {
	t.Helper()
	head, body, err := Split(bytes.NewReader(delivery))
	if err != nil {
		if !errors.Is(err, ErrNoHead) {
			t.Fatal(err)
		}
		return Head{}, nil
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return head, raw
}
