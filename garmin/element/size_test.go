package element_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"

	"garner/garmin/element"
)

func TestLongSeriesTakeLittleRoom(t *testing.T) {
	t.Parallel()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		most       int
	}{
		{"a day of heart rate", day(), 2400},
		{"an hour of activity", hour(3600), 24_000},
	} {
		n := len(enc.EncodeAll(read(t, c.text).AppendPacked(nil), nil))
		t.Logf("%s: %d bytes of JSON take %d", c.name, len(c.text), n)
		if n > c.most {
			t.Errorf("%s takes %d bytes, want at most %d", c.name, n, c.most)
		}
	}
}

func TestAnActivityComesBackFromItsColumns(t *testing.T) {
	t.Parallel()
	roundTrip(t, hour(2000))
	roundTrip(t, strings.ReplaceAll(hour(200), ".0,", ","))
	roundTrip(t, strings.ReplaceAll(hour(200), "0.0,", "9.3E-4,"))
}

// wide writes arrays of four objects that share no name.
func wide(arrays int) string {
	var b strings.Builder
	for i := range arrays * 4 {
		b.WriteString([]string{"],[{", ",{", ",{", ",{"}[i%4])
		for c := range 60 {
			fmt.Fprintf(&b, `"%d_%d":1,`, i%4, c)
		}
		b.WriteString(`"z":1}`)
	}
	return "[" + b.String()[2:] + "]]"
}

// Not parallel: it measures the heap.
func TestTheChargeIsNeverUnderTheMemoryTaken(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	repeat := func(s string, n int) string { return "[" + strings.Repeat(s+",", n) + s + "]" }
	for name, text := range map[string]string{
		"wide rows": wide(500), "small rows": repeat(`[{"a":1},{"a":1},{"a":1},{"a":1}]`, 20_000),
		"empty lists": repeat("[]", 300_000), "empty objects": repeat("[{}]", 100_000), "numbers": repeat("1.5", 200_000),
		"points": repeat(`{"1":1}`, 50_000), "texts": repeat(`"abc"`, 100_000), "rows of text": repeat(`{"a":"x"}`, 100_000),
		"exponents": `{"0":1` + strings.Repeat(`,"1":1e5`, 100_000) + "}", "mixed": repeat(`{"1":1,"a":[{"b":2}]}`, 30_000),
	} {
		before := heap()
		v := read(t, text)
		taken := heap() - before
		runtime.KeepAlive(v)
		runtime.KeepAlive(text)
		// Slack for what the runtime itself takes meanwhile.
		_, err := element.Read(decoder(text), element.Limits{Depth: 64, Bytes: taken - taken/20})
		if !errors.Is(err, element.ErrLimit) {
			t.Errorf("%s: %d bytes of memory were charged less", name, taken)
		}
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Not parallel: it measures the heap.
func TestALongActivityTakesLessThanHalfItsText(t *testing.T) {
	text := hour(20_000)
	before := heap()
	v := read(t, text)
	if taken := heap() - before; taken > int64(len(text))/2 {
		t.Errorf("%d bytes of JSON take %d bytes of memory", len(text), taken)
	}
	if n := testing.AllocsPerRun(1, func() { v.Sum() }); n > 100 {
		t.Errorf("Sum makes %v allocations", n)
	}
	runtime.KeepAlive(text)
}

// Not parallel: it measures the heap.
func TestDamagedInputAllocatesInProportion(t *testing.T) {
	b := []byte{1}
	for range 9000 {
		b = append(b, 7, 0x80, 0x08) // an array of 1,024 items
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := element.Unpack(append(b, make([]byte, 2000)...)); err == nil {
		t.Error("no error")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("%d bytes of input made Unpack allocate %d", len(b), n)
	}
}

func TestAFaultAfterALimitIsNoLimit(t *testing.T) {
	t.Parallel()
	_, err := element.Read(decoder(`[[[1,}`), element.Limits{Depth: 2, Bytes: 1 << 20})
	var syntax *jsontext.SyntacticError
	if errors.Is(err, element.ErrLimit) || !errors.As(err, &syntax) {
		t.Errorf("got %v, want a syntactic error: the decoder cannot go on", err)
	}
}

func TestIntIsExact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"9223372036854775807": "9223372036854775807 true", "-9223372036854775808": "-9223372036854775808 true",
		"9223372036854775808": "0 false", "1234567890123456789.9": "1234567890123456789 true", "-1.9": "-1 true",
		`"1234567890123456789"`: "1234567890123456789 true", "1e3": "1000 true", "1e999999": "0 false", `"0x10"`: "0 false",
		`"inf"`: "0 false", `""`: "0 false", `"-"`: "0 false", "true": "0 false",
	} {
		i, ok := read(t, text).Int()
		if got := fmt.Sprint(i, ok); got != want && (ok || !strings.HasSuffix(want, "false")) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
