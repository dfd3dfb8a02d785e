package element_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

func BenchmarkReadDay(b *testing.B) {
	text := []byte(day())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := element.Read(jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
			roomy); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodingJSONDay(b *testing.B) {
	text := []byte(day())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var v struct {
			SummaryID string         `json:"summaryId"`
			Samples   map[string]int `json:"timeOffsetHeartRateSamples"`
		}
		if err := json.Unmarshal(text, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnpackDay(b *testing.B) {
	v := read(b, day())
	packed := v.AppendPacked(nil)
	for b.Loop() {
		v, err := element.Unpack(packed)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for range v.Get("timeOffsetHeartRateSamples").Points() {
			n++
		}
		if n != 5760 {
			b.Fatal(n)
		}
	}
}

func BenchmarkSumAndPackDay(b *testing.B) {
	v := read(b, day())
	var buf []byte
	for b.Loop() {
		v.Sum()
		buf = v.AppendPacked(buf[:0])
	}
}
