package notify

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestNtfyGetsTitleTextAndLink(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	n := notice()
	n.Urgent = true
	if answer, err := (Ntfy{URL: address + "/topic", Token: "tk"}).Send(t.Context(), n); err != nil ||
		answer != "200 OK fine" {
		t.Fatalf("%q, %v", answer, err)
	}
	r := (*requests)[0]
	if title := decoded(t, r.Header.Get("Title")); title != oneLine {
		t.Errorf("title %q", title)
	}
	for name, want := range map[string]string{"Priority": "high", "Tags": "warning", "Click": n.Link,
		"Authorization": "Bearer tk"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if body := sent(t, r); body != n.Text || r.URL.Path != "/topic" || r.Method != http.MethodPost {
		t.Errorf("%s %s %q", r.Method, r.URL, body)
	}
}

func TestATextThatIsTooLongForNtfyIsCutAndNoFile(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	n := notice()
	n.Text = strings.Repeat("🚴", 5000)
	if _, err := (Ntfy{URL: address}).Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if body := sent(t, (*requests)[0]); len(body) > 4096 || !strings.HasSuffix(body, "🚴…") {
		t.Errorf("%d bytes", len(body))
	}
}

func FuzzNtfyHeaders(f *testing.F) {
	f.Add("a\r\nX: y", "http://127.0.0.1/\r\nEvil: 1", "test")
	f.Add("Zoë 🚴‍♀️ =?utf-8?q?=0D=0A?=", "https://example.org/ä b?c d", "incident.opened")
	f.Add(strings.Repeat("ü", 300), "https://ex\xffample.org/", "\x00")
	f.Fuzz(func(t *testing.T, subject, link, kind string) {
		n := Notification{Subject: subject, Link: link, Type: kind, Text: "x"}
		req, err := http.NewRequest(http.MethodPost, "https://ntfy.example.org/t", strings.NewReader(n.Text))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = Ntfy{Token: "tk"}.headers(n)
		want := len(req.Header)
		var raw bytes.Buffer
		if err := req.Write(&raw); err != nil {
			t.Fatal(err)
		}
		got, err := http.ReadRequest(bufio.NewReader(&raw))
		if err != nil {
			t.Fatal(err)
		}
		got.Header.Del("User-Agent") // added on the way, as Content-Length is, which is no header here
		got.Header.Del("Content-Length")
		if len(got.Header) != want || decoded(t, got.Header.Get("Title")) != label(subject, mostSubject) {
			t.Errorf("%q", got.Header)
		}
	})
}
