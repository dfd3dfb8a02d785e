package notify

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAnInvitationIsMailedAtOnceAndNotKept(t *testing.T) {
	t.Parallel()
	s := newServer(t, temper{})
	p, _ := newPost(t, nil)
	until := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	p.Redirect(nil, time.UTC)
	if err := p.Invite(t.Context(), "ada@example.org", "Ada", "https://garner.example.org/connect/x", until); !errors.Is(err,
		ErrNoMail) {
		t.Errorf("without a server: %v", err)
	}
	m := s.mail()
	p.Redirect([]Destination{{Kind: KindMail, Address: m.To, Channel: m}}, time.UTC)
	if err := p.Invite(t.Context(), "no address", "Ada", "x", until); err == nil {
		t.Error("no address is taken")
	}
	if err := p.Invite(t.Context(), "ada@example.org", "Ada", "https://garner.example.org/connect/x", until); err != nil {
		t.Fatal(err)
	}
	if mails, to := s.mails(), s.recipients(); len(mails) != 1 || strings.Join(to, " ") != "ada@example.org" ||
		!strings.Contains(string(mails[0]), "/connect/x") {
		t.Errorf("%d mails to %v", len(mails), to)
	}
	if kept, err := p.Store.RecentNotifications(t.Context(), 9); err != nil || len(kept) != 0 {
		t.Errorf("%v, %v", kept, err)
	}
}
