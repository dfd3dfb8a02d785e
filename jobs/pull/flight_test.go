package pull_test

import (
	"context"
	"garner/db"
	"testing"
	"time"

	"garner/garmin/personal"
	"garner/jobs/pull"
)

// late does something while an answer is on its way.
type late struct {
	pull.Garmin
	meanwhile func()
}

func (l *late) Get(ctx context.Context, bearer personal.Bearer, r personal.Request) (personal.Reply, error) {
	reply, err := l.Garmin.Get(ctx, bearer, r)
	if do := l.meanwhile; do != nil {
		l.meanwhile = nil
		do()
	}
	return reply, err
}

// stored is the newest delivery.
func (b *box) stored() int64 {
	b.T.Helper()
	_, _, newest, _, err := b.Inbox.Tail(b.T.Context(), 0)
	if err != nil {
		b.T.Fatal(err)
	}
	return newest
}

func TestAnAnswerThatComesAfterThePersonLeftOrGotANewKeyIsDropped(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(b *box) error{
		"erased": func(b *box) error {
			return b.Store.Erase(b.T.Context(), b.now, b.people[0].ID)
		},
		"removed": func(b *box) error { return b.Store.RemovePersonalKey(b.T.Context(), b.now, b.people[0].ID) },
		"replaced": func(b *box) error {
			_, err := b.Store.SetPersonalKey(b.T.Context(), b.now, b.people[0].ID, "GCDC_of_another_account", 0)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, 1, 5)
			b.runner.Parallel = 1
			b.run(3 * time.Second)
			l := &late{Garmin: b.runner.Garmin}
			b.runner.Garmin = l
			before, calls := b.stored(), len(b.targets(0))
			l.meanwhile = func() {
				if err := meanwhile(b); err != nil {
					t.Error(err)
				}
			}
			b.run(time.Minute)
			if n := b.stored(); n != before {
				t.Errorf("%d answers were stored afterwards", n-before)
			}
			if n := len(b.targets(0)) - calls; n != 1 {
				t.Errorf("%d calls, want the one that was under way", n)
			}
		})
	}
}

func TestAClockThatWasAMonthAheadLeavesNothingUnasked(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := open(t, 1, 5)
	b.run(time.Minute)
	now := b.now
	b.now = now.AddDate(0, 1, 0)
	b.run(5 * time.Minute)
	if !b.ledger(0)["heartRate"][int64(today)].Final {
		t.Fatal("the day does not count as over while the clock is ahead")
	}
	ahead := len(b.targets(0))
	b.now = now.Add(time.Minute)
	b.run(2 * time.Minute)
	if len(b.targets(0)) == ahead {
		t.Error("nothing is asked after the clock was set back")
	}
	row := b.ledger(0)["heartRate"][int64(today)]
	if row.Final || row.Asked.After(b.now) {
		t.Errorf("today counts as over: %+v", row)
	}
}

// ending ends the program while an answer is stored.
type ending struct {
	pull.Inbox
	end func()
}

func (e ending) Put(ctx context.Context, a db.Arrival, body []byte) (int64, error) {
	e.end()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return e.Inbox.Put(ctx, a, body)
}

func TestAnAnswerThatIsInHandWhenGarnerEndsIsKeptAndNoted(t *testing.T) {
	t.Parallel()
	b := open(t, 1, 20)
	ctx, end := context.WithCancel(t.Context())
	b.runner.Inbox = ending{b.Inbox, end}
	for ; ctx.Err() == nil; b.now, b.up = b.now.Add(time.Second), b.up+time.Second {
		if _, err := b.runner.Step(ctx, b.now, b.up); err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
	}
	if n := b.Ask(`select count(*) from pull_call where fault <> ''`); n > 0 || b.stored() == 0 {
		t.Errorf("%d calls have failed, the newest delivery is %d", n, b.stored())
	}
	if len(b.ledger(0)) == 0 {
		t.Error("the answer is not noted")
	}
}
