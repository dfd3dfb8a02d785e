package backfill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/history"
)

// Gap is a run of days, both included, that a person's type lacks. Offset is how far
// their clock is ahead of UTC, in seconds.
type Gap struct {
	Person   int64
	Type     string
	From, To health.Day
	Offset   int32
}

// Planner plans windows for what no person has asked for: the history of new
// connections, and gaps.
type Planner struct {
	Store  *db.Store
	Log    *slog.Logger
	Limits history.Limits
	// OnConnectDays is how many days before its beginning a new connection asks for.
	OnConnectDays int
	// Schedule is when all connections and gaps are looked at, as a cron line in UTC.
	Schedule string
	// Gaps returns those of everyone; nil for none.
	Gaps func(ctx context.Context) ([]Gap, error)

	planned map[int64]time.Time // when connections began: one that begins again is planned again
}

const (
	// connectPoll is how often new connections are looked for.
	connectPoll = 5 * time.Second
	// atOnce is how many windows are planned in one transaction.
	atOnce = 200
)

// Run plans until ctx ends.
func (p *Planner) Run(ctx context.Context) error {
	logger := cron.PrintfLogger(slog.NewLogLogger(p.Log.Handler(), slog.LevelError))
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(logger),
		cron.SkipIfStillRunning(cron.DiscardLogger)))
	report := func(err error) {
		if err != nil && ctx.Err() == nil {
			p.Log.Error("plan backfill", "err", err)
		}
	}
	if _, err := c.AddFunc(p.Schedule, func() { report(p.Plan(ctx, time.Now())) }); err != nil {
		return fmt.Errorf("schedule backfill: %w", err)
	}
	c.Schedule(cron.Every(connectPoll), cron.FuncJob(func() { report(p.Connected(ctx, time.Now())) }))
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Connected plans the history of connections that it has not planned yet.
func (p *Planner) Connected(ctx context.Context, now time.Time) error {
	list, err := p.Store.Connections(ctx)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(c db.Connection) bool {
		return p.planned[c.ID].Equal(c.Began) || !sharesHistory(&c)
	})
	if err := p.connections(ctx, list, now); err != nil {
		return err
	}
	if p.planned == nil {
		p.planned = map[int64]time.Time{}
	}
	for _, c := range list {
		p.planned[c.ID] = c.Began
	}
	return nil
}

// Plan plans what can be asked for of all connections, and the gaps.
func (p *Planner) Plan(ctx context.Context, now time.Time) error {
	list, err := p.Store.Connections(ctx)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(c db.Connection) bool { return !sharesHistory(&c) })
	return errors.Join(p.connections(ctx, list, now), p.gaps(ctx, now))
}

// sharesHistory reports whether Garmin confirmed that history may be asked for.
func sharesHistory(c *db.Connection) bool {
	return c.Usable() && !c.GrantedAt.IsZero() && c.Has(history.Permission)
}

func (p *Planner) connections(ctx context.Context, list []db.Connection, now time.Time) error {
	for i := range list {
		c := &list[i]
		wanted := p.before(c, now)
		ledgers, err := p.Store.Ledgers(ctx, []int64{c.Person}, time.Unix(wanted.From, 0))
		if err != nil {
			return err
		}
		var windows []db.Window
		for _, t := range garmin.Types {
			windows = append(windows, p.windows(ledgers[c.Person], t.History(), wanted, db.OnConnect, now)...)
		}
		if err := p.put(ctx, now, windows); err != nil {
			return err
		}
	}
	return nil
}

// before is the range that a connection asks for: the days before it began, without
// the last of them until all of these can be asked for at once.
func (p *Planner) before(c *db.Connection, now time.Time) history.Range {
	began := health.DayOf(c.Began.Unix(), 0)
	end := began - history.RetryDays
	if health.DayOf(now.Unix(), 0) > began+history.RetryDays {
		end = began + 1
	}
	return history.OfDays(began-health.Day(p.OnConnectDays), end-1, 0)
}

// gaps plans windows for the gaps of everyone.
func (p *Planner) gaps(ctx context.Context, now time.Time) error {
	if p.Gaps == nil {
		return nil
	}
	list, err := p.Gaps(ctx)
	if err != nil {
		return err
	}
	of := map[int64][]Gap{}
	for _, g := range list {
		of[g.Person] = append(of[g.Person], g)
	}
	for person, gaps := range of {
		ledgers, err := p.Store.Ledgers(ctx, []int64{person}, time.Time{})
		if err != nil {
			return err
		}
		var windows []db.Window
		for _, g := range gaps {
			windows = append(windows, p.windows(ledgers[person], lookup(g.Type), history.OfDays(g.From, g.To, g.Offset),
				db.ForGap, now)...)
		}
		if err := p.put(ctx, now, windows); err != nil {
			return err
		}
	}
	return nil
}

func (p *Planner) windows(ledger *db.Ledger, t history.Type, wanted history.Range, cause db.BackfillCause,
	now time.Time) []db.Window {
	q := ledger.Question(t, p.Limits, now, wanted)
	q.Automatic = true
	if q.Access != history.Granted {
		return nil
	}
	return db.NewWindows(ledger.Connection.ID, t.Key, q.Plan(), cause)
}

// put plans windows in short transactions.
func (p *Planner) put(ctx context.Context, now time.Time, windows []db.Window) error {
	for some := range slices.Chunk(windows, atOnce) {
		if _, err := p.Store.PlanWindows(ctx, now, some); err != nil {
			return err
		}
	}
	return nil
}

func lookup(key string) history.Type {
	if t, ok := garmin.Lookup(key); ok {
		return t.History()
	}
	return history.Type{Key: key}
}
