package notify

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAServerThatHangsIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	port, _ := stuck(t, "")
	m := Mail{Host: "127.0.0.1", Port: port, From: "a@example.org", To: "b@example.org"}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := m.Send(ctx, notice()); !errors.Is(err, context.DeadlineExceeded) || Uncertain(err) ||
		time.Since(began) > mailWithin/2 {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

func TestWhereverAServerHangsOnlyAfterTheLastDotIsItUncertain(t *testing.T) {
	t.Parallel()
	for at, line := range map[string]string{"": "none", "EHLO": "none", "STARTTLS": "starttls", "handshake": "starttls",
		"MAIL": "none", "RCPT": "none", "DATA": "none", ".": "none"} {
		t.Run("at "+at, func(t *testing.T) {
			t.Parallel()
			port, reached := stuck(t, at)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-reached; cancel() }()
			m := Mail{Host: "127.0.0.1", Port: port, From: "a@example.org", To: "b@example.org", TLS: line}
			if _, err := m.Send(ctx, notice()); !errors.Is(err, context.Canceled) || Uncertain(err) != (at == ".") {
				t.Errorf("uncertain %t: %v", Uncertain(err), err)
			}
		})
	}
}

func TestAServerThatHangsAtTheGoodByeHasTheMail(t *testing.T) {
	t.Parallel()
	port, reached := stuck(t, "QUIT")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	m := Mail{Host: "127.0.0.1", Port: port, From: "a@example.org", To: "b@example.org"}
	if answer, err := m.Send(ctx, notice()); err != nil || answer != "250 mine now" {
		t.Errorf("%q, %v", answer, err)
	}
}

func TestAServerThatHangsUpAfterTheLastDotMayHaveTheMail(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{hangUp: true})
	if _, err := s.mail().Send(t.Context(), notice()); err == nil || !Uncertain(err) {
		t.Errorf("uncertain %t: %v", Uncertain(err), err)
	}
}
