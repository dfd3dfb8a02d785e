package garmin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"

	"garner/garmin/element"
)

// sizes is a reader that gives as much at a time as it is told to.
type sizes struct {
	r   io.Reader
	all []byte // each how much; 0 counts as much
	at  int
}

func (s *sizes) Read(p []byte) (int, error) {
	if len(s.all) == 0 {
		return s.r.Read(p)
	}
	n := int(s.all[s.at%len(s.all)])
	s.at++
	if n == 0 {
		n = 3 * blockBytes
	}
	return s.r.Read(p[:min(n, len(p))])
}

func trimmed(t interface{ Fatal(...any) }, body string, most int, reads []byte) (string, *trimmer) {
	tr := &trimmer{r: &sizes{r: strings.NewReader(body), all: reads}, most: most}
	out, err := io.ReadAll(tr)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), tr
}

// tooLong says, by another way than the trimmer's, whether JSON holds
// something that it may shorten: a text of more than most bytes, or a run of
// more than run.
func tooLong(body string, most, run int) bool {
	for i := 0; i < len(body); {
		from, limit := i, run
		switch lexemes[body[i]] {
		case mark:
			i++
			if body[from] != '"' {
				continue
			}
			for from = i; body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
			i, limit = i+1, most+1 // with the quote
		default:
			for i < len(body) && lexemes[body[i]] == lexemes[body[from]] {
				i++
			}
		}
		if i-from > limit {
			return true
		}
	}
	return false
}

// parts are bits of JSON, short and long, that are hard to cut.
func parts(t *rapid.T) string {
	bits := []string{"a", "é", "漢", "😀", `\n`, `\"`, `\\`, `\u00e9`, `\ud83d\ude00`, `\uD83D\uDE00`, ` `, `,`, `{`}
	text := rapid.Custom(func(t *rapid.T) string {
		lead := strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 20).Draw(t, "lead"), "")
		long := strings.Repeat(rapid.SampledFrom(bits).Draw(t, "bit"), rapid.SampledFrom([]int{0, 1, 60, 400, 3000}).Draw(t,
			"times"))
		return `"` + lead + long + `"`
	})
	blank := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(rapid.SampledFrom([]string{" ", "\n\t"}).Draw(t, "blank"),
			rapid.SampledFrom([]int{0, 0, 0, 1, 5000}).Draw(t, "blanks"))
	})
	number := rapid.Custom(func(t *rapid.T) string {
		digits := func(name string) string {
			return strings.Repeat("7", rapid.SampledFrom([]int{1, 2, 4090, 4093, 4094, 4095, 4096, 9000}).Draw(t, name))
		}
		n := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign") + digits("whole")
		if rapid.Bool().Draw(t, "broken") {
			n += "." + digits("digits")
		}
		if rapid.Bool().Draw(t, "power") {
			n += rapid.SampledFrom([]string{"e", "E+", "e-"}).Draw(t, "e") + digits("exponent")
		}
		return n
	})
	var b strings.Builder
	b.WriteByte('[')
	for i := range rapid.IntRange(0, 6).Draw(t, "items") {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(blank.Draw(t, "before"))
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			b.WriteString(text.Draw(t, "text"))
		case 1:
			b.WriteString(number.Draw(t, "number"))
		case 2:
			b.WriteString(`{` + text.Draw(t, "name") + `:` + text.Draw(t, "value") + blank.Draw(t, "after") + `}`)
		default:
			b.WriteString(`true`)
		}
	}
	b.WriteByte(']')
	return b.String()
}

// wellTrimmed checks what a trimmer promises of any JSON.
func wellTrimmed(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, body string, most int, reads []byte) {
	out, tr := trimmed(t, body, most, reads)
	if !tooLong(body, most, runBytes) {
		if out != body || len(tr.cuts) > 0 {
			t.Fatalf("nothing is too long, and %.200q became %.200q", body, out)
		}
		return
	}
	if out == body && !tooLong(body, most+12, runBytes) {
		return // what is over ends a character
	}
	if len(tr.cuts) == 0 || int64(len(body)-len(out)) != tr.left {
		t.Fatalf("%d bytes became %d, with %d said to be left out in %d places", len(body), len(out), tr.left, len(tr.cuts))
	}
	if !json.Valid([]byte(out)) || utf8.ValidString(body) && !utf8.ValidString(out) {
		t.Fatalf("not JSON any more: %.300q became %.300q", body, out)
	}
	if !strings.Contains(body, `\u`) && tooLong(out, most+4, runBytes+1) {
		t.Fatalf("still too long: %d bytes became %d", len(body), len(out))
	}
	if tooLong(out, most+12, runBytes+1) {
		t.Fatalf("still too long: %d bytes became %d", len(body), len(out))
	}
	if whole, _ := trimmed(t, body, most, nil); whole != out {
		t.Fatal("the sizes of reads make a difference")
	}
}

func TestTrimShortensOnlyWhatIsTooLongAndKeepsItJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{1, 2, 7, 12, 50, 400, 2048, 5000, 1 << 20}).Draw(t, "most")
		body := parts(t)
		if !json.Valid([]byte(body)) {
			t.Fatalf("the test makes %q", body)
		}
		wellTrimmed(t, body, most, rapid.SliceOf(rapid.Byte()).Draw(t, "reads"))
	})
}

func FuzzTrim(f *testing.F) {
	f.Add(`{"a":["b\ud83d\ude00 é 😀 \\\"",-1.5e+10,true,null]}`, 3, []byte{1})
	f.Add(`[`+strings.Repeat(" ", 5000)+strings.Repeat("1", 5000)+`]`, 9, []byte{7, 200})
	f.Add(`["`+strings.Repeat(`\ud83d\ude00`, 50)+`"`, 20, []byte{})
	f.Fuzz(func(t *testing.T, body string, most int, reads []byte) {
		if most < 1 {
			return
		}
		if json.Valid([]byte(body)) {
			wellTrimmed(t, body, most, reads)
			return
		}
		if out, tr := trimmed(t, body, most, reads); int64(len(body)-len(out)) != tr.left {
			t.Errorf("%d bytes became %d, with %d said to be left out", len(body), len(out), tr.left)
		}
	})
}

// say words what a body splits into.
func say(t *testing.T, r io.Reader, lim Limits) (out []string, err error) {
	t.Helper()
	err = Split(r, "", lim, func(it Item) error {
		text := fmt.Sprintf("%.20s[%d] %s", it.Key, it.Index, it.UserID)
		if it.Type == nil {
			text += " unknown"
		}
		if it.Err != nil {
			text += it.Err.Error()
			if !errors.Is(it.Err, element.ErrLimit) {
				t.Errorf("%v is not about a limit", it.Err)
			}
		}
		out = append(out, text)
		return nil
	})
	return out, err
}

func TestAnElementWithATextTooLongIsToldAloneAndItsNeighboursAreRead(t *testing.T) {
	t.Parallel()
	lim := Limits{Depth: 8, ElementBytes: 1 << 20, TextBytes: 2048, Elements: 100}
	long, digits := strings.Repeat(`\u00e9y`, 2000), strings.Repeat("1", 9000)
	ok := `{"userId":"a"}`
	const text, number = "holds a text longer than 2 KiB: over the limit",
		"holds a number longer than 4 KiB: over the limit"
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"a text": {`{"hrv":[` + ok + `,{"x":"` + long + `"},` + ok + `]}`,
			[]string{"hrv[0] a", "hrv[1] " + text, "hrv[2] a"}},
		"a text at its end": {`{"hrv":[{"userId":"a","x":"` + strings.Repeat("y", 2048) + `"},` + ok + `]}`,
			[]string{"hrv[0] a", "hrv[1] a"}},
		"a name":   {`{"hrv":[{"` + long + `":1},` + ok + `]}`, []string{"hrv[0] " + text, "hrv[1] a"}},
		"a number": {`{"hrv":[{"x":` + digits + `},` + ok + `]}`, []string{"hrv[0] " + number, "hrv[1] a"}},
		"white space": {`{"hrv":[{"userId":"a"` + strings.Repeat(" ", 9000) + `},` + ok + `]}`,
			[]string{"hrv[0] a", "hrv[1] a"}},
		"in a null's place": {`{"hrv":null,"x":[],"hrv":[` + ok + `]}`, []string{"hrv[0] a"}},
		"a key": {`{"` + strings.Repeat("k", 9000) + `":[` + ok + `],"hrv":[` + ok + `]}`,
			[]string{strings.Repeat("k", 20) + "[0] a unknown", "hrv[0] a"}},
	} {
		for _, r := range []io.Reader{strings.NewReader(tt.body), iotest.OneByteReader(strings.NewReader(tt.body))} {
			got, err := say(t, r, lim)
			if err != nil || strings.Join(got, "; ") != strings.Join(tt.want, "; ") {
				t.Errorf("%s: got %q, %v\nwant %q", name, got, err, tt.want)
			}
		}
	}
}

func TestAKeyThatWasCutIsNotTheTypeThatIsLeftOfIt(t *testing.T) {
	t.Parallel()
	got, err := say(t, strings.NewReader(`{"hrvhrvhrv":[{"id":1}]}`),
		Limits{Depth: 8, ElementBytes: 1 << 20, TextBytes: 3, Elements: 100})
	if err != nil || len(got) != 1 || got[0] != "hrv[0]  unknown" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestOffsetsOfFaultsAreThoseOfTheBodyAsItCame(t *testing.T) {
	t.Parallel()
	head := `{"hrv":[{"x":"` + strings.Repeat("y", 100_000) + `"},` + strings.Repeat(" ", 100_000) + `{"x":`
	_, err := say(t, strings.NewReader(head+`x}]}`), Limits{Depth: 8, ElementBytes: 1 << 20, TextBytes: 2048,
		Elements: 100})
	var unreadable *UnreadableError
	if !errors.As(err, &unreadable) || unreadable.Offset != int64(len(head)-len(":")) {
		t.Errorf("want a fault before the colon at %d, got %v", len(head)-1, err)
	}
}

func TestABodyThatItsReaderReportsAsUnreadableIsUnreadable(t *testing.T) {
	t.Parallel()
	head := `{"hrv":[{"userId":"a"},`
	r := io.MultiReader(strings.NewReader(head), iotest.ErrReader(&UnreadableError{Err: errors.New("torn")}))
	got, err := say(t, r, Limits{Depth: 8, ElementBytes: 1 << 20, Elements: 100})
	var unreadable *UnreadableError
	if len(got) != 1 || !errors.As(err, &unreadable) || unreadable.Error() != "at byte 22: torn" {
		t.Errorf("%q, %v", got, err)
	}
}

func BenchmarkTrim(b *testing.B) {
	body := bytes.Repeat([]byte(`{"startTimeInSeconds":1710892800,"steps":17,"activityType":"WALKING"},`), 10_000)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		io.CopyBuffer(io.Discard, struct{ io.Reader }{&trimmer{r: bytes.NewReader(body), most: textBytes}},
			make([]byte, 4096))
	}
}
