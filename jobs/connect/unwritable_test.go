package connect

import (
	"testing"
	"time"
)

// unwritable makes each change of a column of connections fail, as on a full disk,
// until writable is called.
func (s *site) unwritable(column string) (writable func()) {
	s.T.Helper()
	s.Harm(`create trigger unwritable before update of ` + column + ` on connection
		begin select raise(abort, 'database or disk is full'); end`)
	return func() { s.Harm(`drop trigger unwritable`) }
}

func TestARefreshDoesNotBeginWhileTheStoreCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Minute, everything...)
	writable := s.unwritable("refreshing_ms")
	for range 3 {
		if err := s.asksUser(id); err != nil {
			t.Error("the older token is still valid:", err)
		}
	}
	if n := s.calls(tokens); n != 0 {
		t.Errorf("%d refreshes", n)
	}
	writable()
	if err := s.asksUser(id); err != nil || s.calls(tokens) != 1 {
		t.Errorf("%d refreshes when it can be written again, %v", s.calls(tokens), err)
	}
}

func TestTokensThatCannotBeStoredAreKeptUntilTheyCan(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, -time.Minute, everything...)
	writable := s.unwritable("rotation")
	for range 3 {
		if err := s.asksUser(id); err == nil {
			t.Error("a token was used that is not stored")
		}
	}
	writable()
	if err := s.Keeper.maintain(t.Context(), time.Now()); err != nil {
		t.Error(err)
	}
	if c := s.connection(id); c.Rotation != 2 || !c.Refreshing.IsZero() {
		t.Errorf("%+v", c)
	}
	if err := s.asksUser(id); err != nil || s.calls(tokens) != 1 {
		t.Errorf("%d refreshes, %v", s.calls(tokens), err)
	}
}
