package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/argon2id"

	"garner/db"
)

func TestWrongNamesAndPasswordsAndDisabledAccountsAreOneError(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Root", db.RoleAdmin)
	off := s.account("Off", db.RoleMember)
	if err := s.store.SetDisabled(t.Context(), off.ID, true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.AddAccount(t.Context(), time.Now(), db.Account{Name: "New", Role: db.RoleMember}, ""); err != nil {
		t.Fatal(err)
	}
	b := s.browser("192.0.2.1")
	for name, given := range map[string]string{"Root": "wrong", "No one": password, "Off": password, "New": "", "": "",
		"root ": strings.Repeat("x", 1<<20)} {
		if err := b.signIn(name, given); err != ErrWrong { //nolint:errorlint // nothing may tell them apart
			t.Errorf("%q: %v, want ErrWrong", name, err)
		}
	}
	if err := b.signIn(" ROOT ", password); err != nil || b.who() != "Root true" {
		t.Errorf("%v, %q", err, b.who())
	}
}

func TestAfterTwentyWrongTriesAtMostTheAnswerIsTooMany(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]func(s *site, i int) error{
		"one account": func(s *site, _ int) error { return s.browser("192.0.2.1").signIn("Ada", "wrong") },
		"many accounts": func(s *site, i int) error {
			return s.browser("192.0.2.1").signIn(fmt.Sprint("name", i), "wrong")
		},
		"a network of IPv6": func(s *site, i int) error {
			return s.browser(fmt.Sprintf("2001:db8::%x", i+1)).signIn(fmt.Sprint("name", i), "wrong")
		},
		"links": func(s *site, i int) error {
			return s.browser("192.0.2.1").post("/accept", "token", fmt.Sprint(i), "password", password)
		},
		"set-up links": func(s *site, i int) error {
			return s.browser("192.0.2.1").post("/setup", "token", fmt.Sprint(i), "name", "Eve", "password", password)
		},
	} {
		s := newSite(t)
		s.account("Ada", db.RoleAdmin)
		tries := 0
		for ; tries < 25; tries++ {
			if err := try(s, tries); tooMany(err) {
				break
			} else if !errors.Is(err, ErrWrong) && !errors.Is(err, ErrLink) {
				t.Fatal(name, err)
			}
		}
		if tries > 20 {
			t.Errorf("%s: %d wrong tries", name, tries)
		}
	}
}

func TestTenThousandGuessesFailAndLockNoAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		s.account("Ada", db.RoleAdmin)
		home := s.signedIn("Ada") // from the address that the guesses come from
		attacker := s.browser(home.addr)
		// The right password is among the guesses, too late to be checked.
		checked := 0
		for i := range 10_000 {
			err := attacker.signIn("Ada", fmt.Sprint("guess", i))
			if i >= 100 {
				err = errors.Join(err, attacker.signIn("Ada", password))
			}
			if !tooMany(err) {
				checked++
			}
		}
		if checked > 20 || attacker.who() != "" {
			t.Errorf("%d guesses were checked; signed in as %q", checked, attacker.who())
		}
		if err := s.browser("198.51.100.1").signIn("Ada", password); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		if err := home.signIn("Ada", password); err != nil {
			t.Errorf("from the same address with the browser of before: %v", err)
		}
		if err := home.post("/again", "password", password); err != nil {
			t.Errorf("again, in a session: %v", err)
		}
		time.Sleep(30 * time.Second)
		if err := s.browser(home.addr).signIn("Ada", password); err != nil {
			t.Errorf("from the same address after half a minute: %v", err)
		}
	})
}

func TestADeviceCookieHelpsItsAccountOnlyAndIsLimitedToo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	s.account("Bea", db.RoleMember)
	ada := s.signedIn("Ada")
	device := func(name string) (tries int) {
		b := s.browser("203.0.113.1")
		b.cookies["__Host-garner-device"] = ada.cookies["__Host-garner-device"]
		for ; tries < 100; tries++ {
			if err := b.signIn(name, "wrong"); tooMany(err) {
				return tries
			}
		}
		return tries
	}
	// Guesses at Bea use up the address; the cookie is no way around that.
	for range 20 {
		for _, name := range []string{"someone", "another"} {
			if err := s.browser("203.0.113.1").signIn(name, "wrong"); !errors.Is(err, ErrWrong) && !tooMany(err) {
				t.Fatal(err)
			}
		}
	}
	if n := device("Bea"); n != 0 {
		t.Errorf("the cookie of Ada gives %d tries at Bea", n)
	}
	if n := device("Ada"); n != 10 {
		t.Errorf("the cookie gives %d tries at its account, want 10", n)
	}
}

func TestASuccessCostsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	for i := range 30 {
		if err := s.browser("192.0.2.1").signIn("Ada", password); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
	}
}

func TestAFloodOfAddressesFillsNoMemory(t *testing.T) {
	t.Parallel()
	l, now := NewLimiter(), time.Now()
	for i := range 3 * maxBuckets {
		addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if _, err := l.take(now, ofBlock(addr), ofNameAndBlock("ada", addr)); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.kept) != maxBuckets || l.recent.Len() != maxBuckets {
		t.Errorf("%d buckets, %d in order", len(l.kept), l.recent.Len())
	}
}

func TestATryThatIsRefusedTakesNothingFromOtherBuckets(t *testing.T) {
	t.Parallel()
	l, now := NewLimiter(), time.Now()
	addr := netip.MustParseAddr("192.0.2.1")
	for range 10 {
		if _, err := l.take(now, ofBlock(addr), ofNameAndBlock("ada", addr)); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		var e *TooMany
		if _, err := l.take(now, ofBlock(addr), ofNameAndBlock("ada", addr)); !errors.As(err, &e) || e.After != 30*time.Second {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		if _, err := l.take(now, ofBlock(addr)); err != nil {
			t.Fatalf("try %d of others: %v", i, err)
		}
	}
	if _, err := l.take(now, ofBlock(addr)); !tooMany(err) {
		t.Error(err)
	}
}

func TestTriesAtOnceAreLimitedLikeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	var mu sync.Mutex
	wrong := 0
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if err := s.browser("192.0.2.1").signIn("Ada", "wrong"); errors.Is(err, ErrWrong) {
				mu.Lock()
				defer mu.Unlock()
				wrong++
			}
		})
	}
	group.Wait()
	if wrong > 10 {
		t.Errorf("%d were checked", wrong)
	}
}

func TestTwoPasswordsAreHashedAtOnceSixteenWaitAndTheNextIsBusyUnlessKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher()
		var ends []func()
		for range hashesAtOnce {
			end, err := h.enter(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			ends = append(ends, end)
		}
		ctx, leave := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		wait := func(n int, known bool) {
			for range n {
				waiting.Go(func() {
					if _, err := h.enter(ctx, known); !errors.Is(err, ErrBusy) || ctx.Err() == nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
		}
		wait(hashesWaiting, false)
		if _, err := h.enter(t.Context(), false); !errors.Is(err, ErrBusy) {
			t.Errorf("one more: %v, want ErrBusy", err)
		}
		wait(placesKept, true)
		if _, err := h.Hash(t.Context(), password); !errors.Is(err, ErrBusy) {
			t.Errorf("one more who is known: %v, want ErrBusy", err)
		}
		leave()
		waiting.Wait()
		ends[0]()
		if _, err := h.Hash(t.Context(), password); err != nil {
			t.Errorf("when there is room again: %v", err)
		}
		ends[1]()
		if len(h.room)+len(h.kept)+len(h.run) != 0 {
			t.Error("a place was not given back")
		}
	})
}

// It reads what the whole process allocates, so nothing runs beside it.
func TestAnUnknownNameCostsAHashLikeAWrongPassword(t *testing.T) {
	used, salt, key, err := argon2id.DecodeHash(noHash)
	if err != nil || *used != params || len(salt) != 16 || len(key) != 32 {
		t.Errorf("%+v, %v: not what a hash costs", used, err)
	}
	for _, hash := range []string{"", noHash} {
		for _, given := range []string{"", password, strings.Repeat("x", 1<<20)} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if ok, _, err := NewHasher().check(t.Context(), false, given, hash); ok || err != nil {
				t.Errorf("%d bytes match %q: %v", len(given), hash, err)
			}
			if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc < uint64(params.Memory)*1024 {
				t.Errorf("%d bytes and %q are not hashed", len(given), hash)
			}
		}
	}
}

func TestAHashOfOtherParametersIsReplacedAtSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	weak := params
	weak.Iterations = 1
	hash, err := argon2id.CreateHash(password, &weak)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.store.AddAccount(t.Context(), time.Now(), db.Account{Name: "Ada", Role: db.RoleAdmin}, hash)
	if err != nil {
		t.Fatal(err)
	}
	before := s.signedIn("Ada")
	now, err := s.store.PasswordHash(t.Context(), a.ID)
	if err != nil || now == hash || !strings.Contains(now, "t=2") {
		t.Errorf("%q, %v", now, err)
	}
	if s.signedIn("Ada").who() != "Ada true" || before.who() != "Ada true" {
		t.Error("the password or a session does not survive")
	}
}
