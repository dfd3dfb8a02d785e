package notify

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

var written = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)

func notice() Notice {
	return Notice{ID: "e12openedt1", Subject: "No data from Zoë 🚴‍♀️\r\nBcc: evil@example.org", Text: "Plain.\n", HTML: "<p>Rich.</p>",
		Type: "episode.opened", At: written, Link: "http://127.0.0.1:8080/alerts/12", Event: map[string]any{"id": 12}}
}

func parse(t testing.TB, raw []byte) *mail.Message {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("not a mail: %v\n%s", err, raw)
	}
	return msg
}

func TestAMailArrivesWithBothPartsAndAnIDThatStays(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{})
	answer, err := s.mail().Send(t.Context(), notice())
	if err != nil || !strings.HasPrefix(answer, "2") {
		t.Fatalf("%q, %v", answer, err)
	}
	msg := parse(t, s.mails()[0])
	want := map[string]string{"Message-Id": "<e12openedt1@example.org>", "To": "<keeper@example.org>", "Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Bcc": ""}
	for name, value := range want {
		if got := msg.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if date, err := msg.Header.Date(); err != nil || !date.Equal(written) {
		t.Errorf("dated %v, %v", date, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != "No data from Zoë 🚴‍♀️ Bcc: evil@example.org" || len(msg.Header["Subject"]) != 1 {
		t.Errorf("subject %q, %v", subject, err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	var types []string
	for r := multipart.NewReader(msg.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, part.Header.Get("Content-Type"))
	}
	if len(types) != 2 || !strings.HasPrefix(types[0], "text/plain") || !strings.HasPrefix(types[1], "text/html") {
		t.Errorf("parts %v", types)
	}
}

func TestAGreylistedMailCanBeSentAgainUnderItsID(t *testing.T) {
	t.Parallel()
	tries := 0
	s := newServer(t, temper{rcpt: func() error {
		if tries++; tries == 1 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back in a minute"}
		}
		return nil
	}})
	_, err := s.mail().Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "come back in a minute") || Uncertain(err) {
		t.Errorf("first: %v (uncertain %t)", err, Uncertain(err))
	}
	if _, err := s.mail().Send(t.Context(), notice()); err != nil {
		t.Errorf("second: %v", err)
	}
	if id := parse(t, s.mails()[0]).Header.Get("Message-Id"); id != "<e12openedt1@example.org>" {
		t.Errorf("id %s", id)
	}
}

func TestARefusalIsToldInTheServersOwnWords(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{rcpt: func() error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	}})
	_, err := s.mail().Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "550") || !strings.Contains(err.Error(), "nobody of that name") || Uncertain(err) {
		t.Errorf("%v", err)
	}
}

func TestAServerThatSaysNothingIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	m := Mail{Host: "127.0.0.1", Port: silent(t), From: "a@example.org", To: "b@example.org"}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := m.Send(ctx, notice()); err == nil || Uncertain(err) {
		t.Errorf("%v", err)
	}
}

func TestAServerThatHangsAfterTheMailMayHaveTakenIt(t *testing.T) {
	t.Parallel()
	open := make(chan struct{})
	s := newServer(t, temper{hang: open})
	defer close(open)
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	if _, err := s.mail().Send(ctx, notice()); err == nil || !Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
}

func TestNothingIsSentToWhomNoCertificateProves(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]temper{"starttls": {starttls: true}, "implicit": {implicit: true}} {
		s := newServer(t, how)
		m := s.mail()
		m.TLS = name
		if _, err := m.Send(t.Context(), notice()); err == nil || !strings.Contains(err.Error(), "certificate") || len(s.mails()) != 0 {
			t.Errorf("%s: %v, %d mails", name, err, len(s.mails()))
		}
		m.RootCAs = s.ca
		if _, err := m.Send(t.Context(), notice()); err != nil || len(s.mails()) != 1 {
			t.Errorf("%s, trusted: %v, %d mails", name, err, len(s.mails()))
		}
	}
}

func TestThereIsNoFallingBackToClearText(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{})
	m := s.mail()
	m.TLS = "starttls"
	if _, err := m.Send(t.Context(), notice()); err == nil || len(s.mails()) != 0 {
		t.Errorf("%v, %d mails", err, len(s.mails()))
	}
	for _, m := range []Mail{{Host: "smtp.example.org", Port: 25, TLS: "none"}, {Host: "127.0.0.2.example.org", Port: 25, TLS: "none"}} {
		m.From, m.To = "a@example.org", "b@example.org"
		if err := m.Check(); err == nil {
			t.Errorf("%s may be spoken to in clear text", m.Host)
		}
	}
	for _, m := range []Mail{{Host: "smtp.example.org", Port: 587}, {Host: "smtp.example.org", Port: 25}} {
		if m.tls() != "starttls" {
			t.Errorf("%s:%d gets %s", m.Host, m.Port, m.tls())
		}
	}
}

func TestAWrongPasswordIsToldWithoutThePassword(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{password: "right-horse"})
	m := s.mail()
	m.Username, m.Password = "garner", "wrong-horse"
	_, err := m.Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "535") || strings.Contains(err.Error(), "wrong-horse") {
		t.Errorf("%v", err)
	}
	m.Password = "right-horse"
	if _, err := m.Send(t.Context(), notice()); err != nil || len(s.mails()) != 1 {
		t.Errorf("with the right one: %v", err)
	}
}

func FuzzMailHeaders(f *testing.F) {
	for _, s := range []string{"", "x", "a\r\nBcc: b@c", "Zoë 🚴‍♀️", "\x00\xff", strings.Repeat("long ", 100), "=?utf-8?q?=0D=0ABcc?=", "a\u2028b"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, subject, name string) {
		m := Mail{Host: "127.0.0.1", Port: 25, From: (&mail.Address{Name: name, Address: "a@example.org"}).String(), To: "b@example.org"}
		if m.Check() != nil {
			t.Skip("refused as a setting")
		}
		n := notice()
		n.Subject = subject
		msg, err := m.message(n)
		if err != nil {
			return
		}
		var raw bytes.Buffer
		if _, err := msg.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		got := parse(t, raw.Bytes())
		for _, h := range []string{"Subject", "From", "To", "Message-Id", "Date"} {
			if len(got.Header[h]) != 1 {
				t.Errorf("%d headers %s", len(got.Header[h]), h)
			}
		}
		if got.Header.Get("Bcc")+got.Header.Get("Cc") != "" {
			t.Errorf("somebody was let in:\n%s", &raw)
		}
	})
}
