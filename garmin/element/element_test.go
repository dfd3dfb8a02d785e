package element_test

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"garner/garmin/element"
)

var roomy = element.Limits{Depth: 100, Bytes: 1 << 30}

func decoder(text string) *jsontext.Decoder {
	return jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))
}

func read(t testing.TB, text string) element.Value {
	t.Helper()
	v, err := element.Read(decoder(text), roomy)
	if err != nil {
		t.Fatalf("read %.200s: %v", text, err)
	}
	return v
}

// tokens returns JSON as a list of kinds and contents: names and strings
// unquoted, numbers by their literal.
func tokens(t testing.TB, text string) (out []string) {
	t.Helper()
	dec := decoder(text)
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return out
		}
		out = append(out, fmt.Sprint(tok.Kind(), " ", tok.String()))
	}
}

func sameTokens(t testing.TB, want, got string) {
	t.Helper()
	w, g := tokens(t, want), tokens(t, got)
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			t.Fatalf("not the same from token %d on:\nwant %.500s\ngot  %.500s", i, want, got)
		}
	}
}

func roundTrip(t testing.TB, text string) {
	t.Helper()
	v := read(t, text)
	sameTokens(t, text, string(v.AppendJSON(nil)))
	packed := v.AppendPacked(nil)
	back, err := element.Unpack(packed)
	if err != nil {
		t.Fatalf("unpack %.200s: %v", text, err)
	}
	sameTokens(t, text, string(back.AppendJSON(nil)))
	if v.Sum() != back.Sum() {
		t.Errorf("the sum of %.200s changed", text)
	}
}

func TestEveryLiteralNameAndOrderComesBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `[]`, `null`, `{"a":null,"b":true,"c":false,"d":"","e":{},"f":[]}`,
		`{"n":[0,-0,72,72.0,7.20e1,1e999999,-1.50,0.1,123456789012345678,1234567890123456789,-9223372036854775808]}`,
		`{"m":{"0":72,"15":73,"30":71.5,"45":-1}}`, `{"m":{"30":1,"0":2,"15":3}}`, `{"m":{"0":1,"0":2}}`,
		`{"m":{"0":1,"015":2}}`, `{"m":{"0":1,"15":"x"}}`, `{"m":{"0":1,"15":null,"30":3}}`, `{"a":1,"a":2}`,
		`{"samples":[{"t":1,"v":1.5},{"t":2},{"v":2.25,"t":3},{"t":4,"v":null},{"t":5,"s":"x","v":-0}]}`,
		`[{"t":1},{"t":2},{"t":3},{"t":4,"u":[1]},{"t":5}]`, `[{"t":1},{"t":2},{"t":3},{"t":4},5,{"t":6}]`,
		`[{"t":1,"t":2},{"t":1},{"t":1},{"t":1},{"t":1}]`, `[{},{},{},{},{}]`, `[[],[],[[]]]`,
		`[{"t":-0.00000008381903171539307},{"t":0.000008549541234970093},{"t":6535173658},{"t":0.3256502151489258}]`,
		`{"n":[0.009300000034272671,-0.0,0.00,9.3E-4,999999999999999999,1000000000000000000]}`,
		"{\"a\\n\xff\":\"b\\t\xc3\"}", `{"\ud800\n":"\udc00\""}`,
		`{"x":"a\"b\\c\u0001ä😀\n"}`,
		`[{"lat":51.05323252268136,"spd":3.4560000896453857},{"lat":51.05323260650039,"spd":3.5},{"lat":51.0532,` +
			`"spd":3.25},{"lat":51.1,"spd":0.1}]`,
		`[{"v":0.1},{"v":100000000000000000},{"v":0.000000000000000001},{"v":5}]`,
	} {
		roundTrip(t, text)
	}
}

// oneByte returns a reader's bytes one at a time, so that no token outlives the
// next call of the decoder.
func oneByte(text string) *jsontext.Decoder {
	return jsontext.NewDecoder(iotest.OneByteReader(strings.NewReader(text)), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))
}

func TestNothingIsReadFromATokenThatIsGone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"30":[1],"15":{"7":null}}`, `{"0":1,"15":"x","value":2}`,
		`{"a":[{"b":1,"c":"d"},{"b":2,"c":"e"},{"b":3},{"b":4,"f":[5]}]}`,
	} {
		v, err := element.Read(oneByte(text), roomy)
		if err != nil {
			t.Fatal(err)
		}
		sameTokens(t, text, string(v.AppendJSON(nil)))
	}
}

func TestAnyJSONComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) { roundTrip(t, string(anyJSON(rt, 4, nil))) })
}

func anyJSON(rt *rapid.T, depth int, b []byte) []byte {
	kinds := 6
	if depth == 0 {
		kinds = 3
	}
	switch rapid.IntRange(0, kinds).Draw(rt, "kind") {
	case 0:
		return append(b, rapid.SampledFrom([]string{"null", "true", "false"}).Draw(rt, "word")...)
	case 1, 2:
		return append(b, number(rt)...)
	case 3:
		q, err := jsontext.AppendQuote(b, rapid.String().Draw(rt, "text"))
		if err != nil {
			rt.Skip("not valid UTF-8")
		}
		return q
	case 4: // an object, often of points
		b = append(b, '{')
		for i := range rapid.IntRange(0, 12).Draw(rt, "members") {
			if i > 0 {
				b = append(b, ',')
			}
			name := rapid.SampledFrom([]string{"0", "15", "30", "-5", "007", "value", "startTimeInSeconds", "ü"}).Draw(rt,
				"name")
			b = append(strconv.AppendQuote(b, name), ':')
			if rapid.IntRange(0, 3).Draw(rt, "odd") == 0 {
				b = anyJSON(rt, depth-1, b)
			} else {
				b = append(b, number(rt)...)
			}
		}
		return append(b, '}')
	default: // an array, often of flat objects
		b = append(b, '[')
		for i := range rapid.IntRange(0, 12).Draw(rt, "items") {
			if i > 0 {
				b = append(b, ',')
			}
			if rapid.IntRange(0, 7).Draw(rt, "odd") == 0 {
				b = anyJSON(rt, depth-1, b)
				continue
			}
			b = append(append(b, `{"t":`...), number(rt)...)
			if rapid.Bool().Draw(rt, "v") {
				b = append(append(b, `,"v":`...), number(rt)...)
			}
			b = append(b, '}')
		}
		return append(b, ']')
	}
}

func number(rt *rapid.T) string {
	return rapid.OneOf(
		rapid.Map(rapid.Int64(), func(i int64) string { return strconv.FormatInt(i, 10) }),
		rapid.Map(rapid.Float64(), func(f float64) string {
			if math.IsNaN(f) || math.IsInf(f, 0) {
				return "0"
			}
			return strconv.FormatFloat(f, 'g', -1, 64)
		}),
		rapid.Map(rapid.Int32(), func(n int32) string { return strconv.FormatFloat(float64(n)*180/(1<<31), 'f', -1, 64) }),
		rapid.Map(rapid.Float32Range(-100, 100), func(f float32) string {
			return strconv.FormatFloat(float64(f), 'f', -1,
				64)
		}),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?`),
	).Draw(rt, "number")
}

func TestQuotingReplacesInvalidUTF8(t *testing.T) {
	t.Parallel()
	if got, want := string(element.AppendQuoted([]byte("x"), "a\"\xffb\n")), "x\"a\\\"\ufffdb\\n\""; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSumDependsOnContentAndNotOnWhiteSpace(t *testing.T) {
	t.Parallel()
	a, b, c := read(t, `{"a":1,"m":{"0":1}}`), read(t, " { \"a\" : 1 ,\n\"m\":{ \"0\":1}}"),
		read(t, `{"a":1,"m":{"0":1.0}}`)
	if a.Sum() != b.Sum() {
		t.Error("white space changed the sum")
	}
	if a.Sum() == c.Sum() {
		t.Error("another literal has the same sum")
	}
}

func TestPointsAreSortedAndTheLastOfRepeatedNamesCounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"30":3,"0":1,"15":2}`:         "0=1 15=2 30=3 ",
		`{"0":1,"15":2,"0":9}`:          "0=9 15=2 ",
		`{"0":1,"x":5,"15":"y","30":3}`: "0=1 30=3 ",
	} {
		got := ""
		for at, n := range read(t, text).Points() {
			got += fmt.Sprintf("%d=%s ", at, n.AppendText(nil))
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestRowsReadsColumnsOfAnyArrayOfObjects(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`[{"a":1,"b":2},{"b":3},{"a":"x","b":4},{"a":5}]`,
		`[{"a":1,"b":2},{"b":3},{"a":"x","b":4},{"a":5,"c":[1]}]`,
	} {
		got := ""
		read(t, text).Rows([]string{"b", "a"}, func(nums []element.Num, ok []bool) bool {
			for i := range nums {
				if ok[i] {
					got += string(nums[i].AppendText(nil))
				}
				got += ","
			}
			got += " "
			return true
		})
		if want := "2,1, 3,, 4,, ,5, "; got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestAValueOverALimitIsSkippedToItsEnd(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	wide := "[" + strings.Repeat("[],", 1_000_000) + "[]]"
	literal := "[" + strings.Repeat("9", 3_000_000) + "]"
	for name, text := range map[string]string{"deep": deep, "wide": wide, "long number": literal,
		"long text": `{"a":"` + strings.Repeat("x", 3<<20) + `"}`, "points": points(400_000)} {
		dec := decoder(`[` + text + `,{"next":1}]`)
		if _, err := dec.ReadToken(); err != nil {
			t.Fatal(err)
		}
		if _, err := element.Read(dec, element.Limits{Depth: 64, Bytes: 2 << 20}); !errors.Is(err, element.ErrLimit) {
			t.Errorf("%s: got %v, want ErrLimit", name, err)
		}
		v, err := element.Read(dec, roomy)
		if err != nil || v.Get("next").Text() != "1" {
			t.Errorf("%s: the next value was not found: %v", name, err)
		}
	}
}
