package notify

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

var written = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)

func notice() Notification {
	return Notification{ID: "e12openedt1", Subject: "No data from Zoë 🚴‍♀️\r\nBcc: evil@example.org",
		Text: "Plain.\n.\nAfter a dot.\n", HTML: "<p>Rich.</p>",
		Type: "incident.opened", At: written, Link: "http://127.0.0.1:8080/alerts/12", Event: map[string]any{"id": 12}}
}

// oneLine is the subject of notice as it is to arrive.
const oneLine = "No data from Zoë 🚴‍♀️ Bcc: evil@example.org"

func TestAMailArrivesOnceWithItsIDAndBothParts(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{})
	answer, err := s.mail().Send(t.Context(), notice())
	if err != nil || answer != "250 2.0.0 OK: queued" {
		t.Fatalf("%q, %v", answer, err)
	}
	if len(s.mails()) != 1 {
		t.Fatalf("%d mails", len(s.mails()))
	}
	msg := parse(t, s.mails()[0])
	for name, value := range map[string]string{"Message-Id": "<e12openedt1@example.org>", "To": "<admin@example.org>",
		"From":           `"Garner" <garner@example.org>`,
		"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"} {
		if got := msg.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if date, err := msg.Header.Date(); err != nil || !date.Equal(written) {
		t.Errorf("dated %v, %v", date, err)
	}
	if subject := decoded(t, msg.Header.Get("Subject")); subject != oneLine {
		t.Errorf("subject %q", subject)
	}
	checkHeader(t, s.mails()[0])
	parts := parts(t, msg)
	if parts["text/plain; charset=UTF-8"] != "Plain.\r\n.\r\nAfter a dot.\r\n" ||
		parts["text/html; charset=UTF-8"] != "<p>Rich.</p>" || len(parts) != 2 {
		t.Errorf("parts %q", parts)
	}
}

func TestAGreylistedMailIsSentAgainUnderTheSameID(t *testing.T) {
	t.Parallel()
	tries := 0
	s := newServer(t, temper{data: func() error {
		if tries++; tries == 1 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back in a minute"}
		}
		return nil
	}})
	_, err := s.mail().Send(t.Context(), notice())
	if err == nil || !strings.Contains(err.Error(), "451 4.7.1 come back in a minute") || Uncertain(err) {
		t.Errorf("first: %v (uncertain %t)", err, Uncertain(err))
	}
	if _, err := s.mail().Send(t.Context(), notice()); err != nil {
		t.Fatalf("second: %v", err)
	}
	if id := parse(t, s.mails()[0]).Header.Get("Message-Id"); id != "<e12openedt1@example.org>" {
		t.Errorf("id %s", id)
	}
}

func TestARefusalIsToldInTheServersOwnWords(t *testing.T) {
	t.Parallel()
	refuse := func() error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no user\nof that name"}
	}
	for at, how := range map[string]temper{"recipient": {rcpt: func(string) error { return refuse() }}, "mail": {data: refuse}} {
		s := newServer(t, how)
		_, err := s.mail().Send(t.Context(), notice())
		if err == nil || !strings.Contains(err.Error(), "550") || !strings.Contains(err.Error(), "of that name") ||
			strings.Contains(err.Error(), "\n") || Uncertain(err) {
			t.Errorf("%s: %v", at, err)
		}
		if len(s.mails()) != 0 {
			t.Errorf("%s: %d mails", at, len(s.mails()))
		}
	}
}

func TestAWrongPasswordIsToldWithoutThePassword(t *testing.T) {
	t.Parallel()
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		for how, temper := range map[string]temper{"none": {}, "starttls": {starttls: true}, "implicit": {implicit: true}} {
			temper.password, temper.mechanism = "right-horse", mechanism
			s := newServer(t, temper)
			m := s.mail()
			m.TLS, m.RootCAs, m.Username, m.Password = how, s.ca, "garner", "wrong-horse"
			_, err := m.Send(t.Context(), notice())
			if err == nil || !strings.Contains(err.Error(), "535 5.7.8 that is not the word") ||
				strings.Contains(err.Error(), "wrong-horse") || Uncertain(err) {
				t.Errorf("%s, %s: %v", mechanism, how, err)
			}
			m.Password = "right-horse"
			if _, err := m.Send(t.Context(), notice()); err != nil || len(s.mails()) != 1 {
				t.Errorf("%s, %s, with the right one: %v", mechanism, how, err)
			}
		}
	}
}

func TestAPasswordIsHiddenHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const password = `wrong  "horse"`
	m := Mail{Host: "h", Username: "garner", Password: password}
	encode := base64.StdEncoding.EncodeToString
	for _, said := range []string{password, encode([]byte(password)), encode([]byte("\x00garner\x00" + password)),
		`wrong "horse"`} {
		err := m.failed(t.Context(), fmt.Errorf("AUTH: %w", &textproto.Error{Code: 535, Msg: "no: " + said + "\nnever"}))
		if err.Error() != "h: AUTH: 535 no: *** never" {
			t.Error(err)
		}
	}
}

func TestAServerAtAnIPv6AddressIsReached(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here:", err)
	}
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			conn.Write([]byte("554 closed on Mondays\r\n")) //nolint:errcheck // a test
			conn.Close()
		}
	}()
	m := Mail{Host: "::1", Port: l.Addr().(*net.TCPAddr).Port, From: "a@example.org", To: "b@example.org"}
	if _, err := m.Send(t.Context(), notice()); err == nil || !strings.Contains(err.Error(), "554 closed on Mondays") {
		t.Error(err)
	}
}
