package notify

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func parse(t testing.TB, raw []byte) *mail.Message {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("not a mail: %v\n%s", err, raw)
	}
	return msg
}

func decoded(t testing.TB, header string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Fatalf("%q: %v", header, err)
	}
	return text
}

// parts returns the parts of a mail by their types.
func parts(t testing.TB, msg *mail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(msg.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part) // multipart undoes quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		out[part.Header.Get("Content-Type")] = string(text)
	}
}

// wanted are the headers of a mail, each once, and no others: no library's
// name, and no injected recipient.
var wanted = []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
	"X-Auto-Response-Suppress"}

var headerLine = regexp.MustCompile(`^([A-Za-z-]+:[ \r]| \S)[\t\x20-\x7e]*$|^[A-Za-z-]+:$`)

// checkHeader looks at the header as it goes over the line.
func checkHeader(t testing.TB, raw []byte) {
	t.Helper()
	header, _, _ := strings.Cut(string(raw), "\r\n\r\n")
	for text := range strings.SplitSeq(header, "\r\n") {
		if len(text) > 998 || !headerLine.MatchString(text) {
			t.Errorf("not a line of a header: %q", text)
		}
	}
	got := parse(t, raw).Header
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, wanted) {
		t.Errorf("headers %q", names)
	}
	for name, values := range got {
		if len(values) != 1 {
			t.Errorf("%s: %q", name, values)
		}
	}
}

func FuzzMailHeaders(f *testing.F) {
	for _, s := range []string{"", "x", "a\r\nBcc: b@c", "Zoë 🚴‍♀️", "\x00\xff", strings.Repeat("long ", 100),
		strings.Repeat("x", 2000), strings.Repeat("ü", 300),
		"=?utf-8?q?=0D=0ABcc:_x?=", "a\u2028b", strings.Repeat("y", 70) + "  " + strings.Repeat("z", 90), `a"b\c`, `Zo\ë`,
		"<a@b>, c", strings.Repeat("x", 1200) + "@example.org", `"a b\"@c"@example.org`} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, subject, name string) {
		for _, from := range []string{(&mail.Address{Name: name, Address: "a@example.org"}).String(),
			name + " <a@example.org>", name} {
			m := Mail{Host: "127.0.0.1", Port: 25, From: from, To: from}
			if m.Check() != nil {
				continue // refused as a setting
			}
			n := notice()
			n.Subject = subject
			checkMail(t, m, n)
		}
	})
}

// checkMail looks at the mail of a notice as it would go over the line.
func checkMail(t *testing.T, m Mail, n Notification) {
	t.Helper()
	msg, err := m.message(n)
	if err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		t.Fatal(err)
	}
	checkHeader(t, raw.Bytes())
	got := parse(t, raw.Bytes())
	if s := decoded(t, got.Header.Get("Subject")); s != label(n.Subject, mostSubject) {
		t.Errorf("subject %q became %q", n.Subject, s)
	}
	for _, name := range []string{"From", "To"} {
		list, err := got.Header.AddressList(name)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s %q: %v", name, got.Header.Get(name), err)
		}
	}
	if len(parts(t, got)) != 2 {
		t.Errorf("not two parts:\n%s", &raw)
	}
}
