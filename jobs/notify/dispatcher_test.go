package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/jobs/jobstest"
	"garner/ui/mail"
)

// letterbox is a place that keeps what it gets; what, where not nil, answers.
type letterbox struct {
	mu   sync.Mutex
	got  []Notification
	what func(n Notification) error
}

func (l *letterbox) Send(_ context.Context, n Notification) (string, error) {
	if l.what != nil {
		if err := l.what(n); err != nil {
			return "", err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, n)
	return "250 thanks", nil
}

func (l *letterbox) subjects() (out []string) {
	for _, n := range l.got {
		out = append(out, n.Subject)
	}
	return out
}

// friday is the morning on which these stories begin.
var friday = time.Date(2026, 10, 2, 6, 0, 0, 0, time.UTC)

func newPost(t *testing.T, change func(*Dispatcher)) (*Dispatcher, *letterbox) {
	t.Helper()
	return newPostOf(jobstest.Open(t), change)
}

// newPostOf is newPost over a box.
func newPostOf(b *jobstest.Box, change func(*Dispatcher)) (*Dispatcher, *letterbox) {
	l := &letterbox{}
	p := &Dispatcher{Store: b.Store, Log: slog.New(slog.DiscardHandler), Zone: time.UTC, PerHour: 5, Base: "http://garner.test",
		Destinations: []Destination{{Kind: KindMail, Address: "admin@example.org", Channel: l}}}
	if change != nil {
		change(p)
	}
	return NewDispatcher(p), l
}

// notices writes some notices.
func notices(t *testing.T, p *Dispatcher, now time.Time, from, n int) {
	t.Helper()
	var list []db.Notification
	for i := range n {
		m, err := p.write(t.Context(), now, p.destinations()[0], fmt.Sprintf("n%d", from+i), "opened",
			mail.View{Title: fmt.Sprintf("Notice %d", from+i), Foot: foot}, Notification{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	if err := p.Store.PutNotifications(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, p *Dispatcher, now time.Time) {
	t.Helper()
	for range 3 { // a digest is sent by the look after the one that made it
		if err := p.RunOnce(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAHundredNoticesAtOnceComeAsOne(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	notices(t, p, friday, 0, 100)
	send(t, p, friday)
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] 100 notifications"}) {
		t.Fatalf("%q", got)
	}
	for _, want := range []string{"Notice 0", "Notice 99"} {
		if !strings.Contains(box.got[0].Text, "- "+want+"\n") {
			t.Errorf("the digest does not name %s", want)
		}
	}
}

// However notices come, no hour holds more than the limit, and all of them are
// told, by themselves or in a digest.
func TestNoHourHoldsMoreNoticesThanTheLimit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p, box := newPost(t, nil)
		var sent []time.Time
		now, n := friday, 0
		box.what = func(Notification) error {
			if rng.IntN(6) == 0 {
				return errors.New("421 not now")
			}
			sent = append(sent, now)
			return nil
		}
		for range 200 {
			now = now.Add(time.Duration(1+rng.IntN(9)) * time.Minute)
			if rng.IntN(3) == 0 {
				k := 1 + rng.IntN(4)*rng.IntN(10)
				notices(t, p, now, n, k)
				n += k
			}
			send(t, p, now)
		}
		for range 60 {
			now = now.Add(11 * time.Minute)
			send(t, p, now)
		}
		for i := p.PerHour; i < len(sent); i++ {
			if d := sent[i].Sub(sent[i-p.PerHour]); d < time.Hour {
				t.Fatalf("seed %d: %d notices within %s", seed, p.PerHour+1, d)
			}
		}
		if left, err := p.Store.UnsentNotifications(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("seed %d: %d of %d notices left, %v", seed, len(left), n, err)
		}
	}
}

func TestWhatIsRefusedIsTriedForTwoDaysAndThenSeldomUntilItIsTaken(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	tries := 0
	box.what = func(Notification) error { tries++; return errors.New("550 no such user") }
	notices(t, p, friday, 0, 1)
	now := friday
	until := func(end time.Time) {
		for ; now.Before(end); now = now.Add(10 * time.Minute) {
			send(t, p, now)
		}
	}
	until(friday.Add(48 * time.Hour))
	if tries < 40 || tries > 70 {
		t.Errorf("%d tries in two days", tries)
	}
	tries = 0
	until(friday.Add(10 * 24 * time.Hour))
	if tries < 8 || tries > 40 {
		t.Errorf("%d tries in the eight days after", tries)
	}
	list, err := p.Store.RecentNotifications(t.Context(), 2)
	if err != nil || list[0].State != db.Unsent || list[1].State != db.Digested ||
		list[1].Answer != "550 no such user" {
		t.Fatalf("%+v, %v", list, err)
	}
	box.what = nil
	until(friday.Add(11 * 24 * time.Hour))
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] Late: Notice 0"}) {
		t.Errorf("%q", got)
	}
}

func TestARetryKeepsItsIDAndOneThatMayHaveArrivedCounts(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	var ids []string
	box.what = func(n Notification) error {
		ids = append(ids, n.ID)
		if len(ids) == 1 {
			return errors.New("451 greylisted")
		}
		return nil
	}
	notices(t, p, friday, 0, 1)
	send(t, p, friday)
	send(t, p, friday.Add(30*time.Second))
	send(t, p, friday.Add(2*time.Minute))
	if len(ids) != 2 || ids[0] != ids[1] || ids[0] == "" {
		t.Errorf("ids %q", ids)
	}
}

func TestQuietHoursHoldNoticesAndWhatIsOverByThenIsNotTold(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p, box := newPost(t, func(p *Dispatcher) { p.Zone, p.Quiet = berlin, QuietHours{From: 22 * 60, To: 7 * 60} })
	night := time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC) // 23:30 there, and the clock goes back at 3
	f := &alert.Facts{Now: night, Types: []alert.Type{}}
	put := func(now time.Time, e alert.Incident, ev alert.Event) {
		t.Helper()
		f.Now = now
		record(t, p, f, &e, ev)
	}
	put(night, alert.Incident{Subject: alert.Subject{Kind: alert.DiskLow}, Since: night, Opened: night}, alert.Opened)
	put(night, alert.Incident{Subject: alert.Subject{Kind: alert.Backlogged}, Since: night, Opened: night}, alert.Opened)
	send(t, p, night.Add(8*time.Hour+20*time.Minute)) // 06:50 there
	if len(box.got) != 0 {
		t.Fatalf("sent in quiet hours: %q", box.subjects())
	}
	over := night.Add(time.Hour)
	put(over, alert.Incident{ID: 1, Subject: alert.Subject{Kind: alert.DiskLow}, Since: night, Opened: night,
		Closed: over},
		alert.Recovered)
	send(t, p, night.Add(8*time.Hour+31*time.Minute))
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] Deliveries are not being processed"}) {
		t.Errorf("after quiet hours: %q", got)
	}
}

func TestANoticeThatIsTakenHurriesWhatFailedBefore(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	down := true
	box.what = func(Notification) error {
		if down {
			return errors.New("421 down")
		}
		return nil
	}
	notices(t, p, friday, 0, 1)
	now := friday
	for range 300 { // the next try is an hour away
		now = now.Add(time.Minute)
		send(t, p, now)
	}
	down = false
	notices(t, p, now, 1, 1)
	send(t, p, now)
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] Notice 1", "[Garner] Notice 0"}) {
		t.Errorf("told %q", got)
	}
}

func TestAnEndOfTheProgramWhileANoticeIsTakenMakesNoSecondOne(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	box.what = func(Notification) error { cancel(); return nil } // the end comes while the server says yes
	notices(t, p, friday, 0, 1)
	if err := p.RunOnce(ctx, friday); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	box.what = nil
	send(t, p, friday.Add(time.Minute))
	if len(box.got) != 1 {
		t.Errorf("sent %d times", len(box.got))
	}
}
