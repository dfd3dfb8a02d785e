package notify

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
)

// rude is a server that answers a step in its own way; empty closes the
// connection instead. It counts the mails that it got to the last dot.
func rude(t *testing.T, at, answer string) (port int, dots func() int) {
	t.Helper()
	l, port := listen(t)
	n := make(chan int, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			n <- 0
			return
		}
		defer conn.Close()
		n <- rudely(conn, at, answer)
	}()
	return port, func() int { return <-n }
}

func rudely(conn net.Conn, at, answer string) (dots int) {
	answers := map[string]string{"greeting": "220 localhost", "EHLO": "250 localhost", "MAIL": "250 ok", "RCPT": "250 ok",
		"DATA": "354 go", "body": "", ".": "250 mine now", "QUIT": "221 bye", "HELO": "250 localhost", "RSET": "250 ok"}
	say := func(step string) bool {
		text := answers[step]
		if step == at {
			text = answer
		}
		if text == "" {
			return step != at
		}
		_, err := fmt.Fprint(conn, text+"\r\n")
		return err == nil
	}
	if !say("greeting") {
		return 0
	}
	body := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		step, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		if body && step != "." {
			step = "body"
		}
		if step == "." {
			dots++
		}
		if !say(step) {
			return dots
		}
		body = step == "DATA" || step == "body"
	}
	return dots
}

// A mail counts as sent only by the server's word after the last dot; whether
// it may have arrived is in doubt only where the server had all of it.
func TestWhateverAServerAnswersAtAnyStepTheMailIsSentOrNotAsItSays(t *testing.T) {
	t.Parallel()
	unclear := map[string]bool{"closes": true, "odd code": true, "zeros": true}
	for _, at := range []string{"greeting", "EHLO", "MAIL", "RCPT", "DATA", "body", "."} {
		for name, answer := range map[string]string{"closes": "", "for now": "451 4.3.0 not now",
			"for good": "554 5.7.1 never", "shuts down": "421 4.3.2 closing", "odd code": "99", "zeros": "250\x00\x00",
			"many lines": strings.Repeat("550-no\r\n", 1000) + "550 no"} {
			t.Run(at+" "+name, func(t *testing.T) {
				t.Parallel()
				port, dots := rude(t, at, answer)
				m := Mail{Host: "127.0.0.1", Port: port, From: "a@example.org", To: "b@example.org"}
				said, err := m.Send(t.Context(), notice())
				got := dots()
				if err == nil && got != 1 {
					t.Errorf("sent, %q, although the server never had all of it", said)
				}
				if err == nil && at != "EHLO" { // after which HELO may do
					t.Errorf("sent, %q", said)
				}
				// An answer before the end of the text is taken for the one after it.
				if at != "body" && Uncertain(err) != (at == "." && unclear[name]) {
					t.Errorf("uncertain %t: %v", Uncertain(err), err)
				}
				if err != nil && len(err.Error()) > 2000 {
					t.Errorf("%d bytes say why", len(err.Error()))
				}
			})
		}
	}
}
