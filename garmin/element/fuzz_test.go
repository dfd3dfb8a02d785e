package element_test

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

func FuzzRead(f *testing.F) {
	f.Add(`{"a":{"0":1},"b":[{"t":1},{"t":2},{"t":3},{"t":4}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := element.Read(decoder(text), element.Limits{Depth: 64, Bytes: 1 << 20})
		if err != nil {
			return
		}
		json := v.AppendJSON(nil)
		back, err := element.Unpack(v.AppendPacked(nil))
		if err != nil {
			t.Fatal(err)
		}
		if again := back.AppendJSON(nil); !bytes.Equal(json, again) {
			t.Fatalf("%s became %s", json, again)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	for _, text := range []string{`{"a":{"0":1,"15":2.5},"b":[{"t":1},{"t":2},{"t":3},{"t":"x"}]}`, hour(20),
		`[[[1e5,-0,""],{}]]`} {
		f.Add(read(f, text).AppendPacked(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := element.Unpack(b)
		if err != nil {
			return
		}
		text := jsontext.Value(v.AppendJSON(nil))
		if !text.IsValid(jsontext.AllowDuplicateNames(true)) {
			t.Fatalf("not JSON: %s", text)
		}
		again, err := element.Unpack(v.AppendPacked(nil))
		if err != nil || again.Sum() != v.Sum() {
			t.Fatalf("%s was not packed again: %v", text, err)
		}
	})
}
