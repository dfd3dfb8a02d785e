package cli

import (
	"context"
	"log/slog"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/client"
	"garner/health/history"
	"garner/jobs/backfill"
	"garner/jobs/connect"
	"garner/query"
)

// mostBacklog is how many deliveries may wait to be processed while Garmin is asked
// for more.
const mostBacklog = 100

// historyLimits are the configured ones.
func historyLimits(cfg config.Config) history.Limits {
	return history.Limits{WindowDays: cfg.Backfill.WindowDays, Floor: cfg.Backfill.Floor()}
}

// backfillRunner asks for open windows. garmin returns the client in force, nil while
// none is configured.
func backfillRunner(cfg config.Config, store *db.Store, garmin func() *client.Client, keeper *connect.Keeper,
	log *slog.Logger) *backfill.Runner {
	return &backfill.Runner{Store: store, Keeper: keeper, Log: log, DaysPerMinute: cfg.Backfill.DaysPerMinute(),
		Limits: historyLimits(cfg),
		Garmin: func() backfill.Garmin {
			if c := garmin(); c != nil {
				return c
			}
			return nil // no interface with a nil pointer in it
		},
		Permissions: func(ctx context.Context, connection int64) error {
			return keeper.Do(ctx, connection, func(cred client.Credential) error {
				granted, err := garmin().Permissions(ctx, cred)
				if err != nil {
					return err
				}
				return store.PutPermissions(ctx, time.Now(), connection, granted)
			})
		}}
}

// liveBackfill is what asks for history while Garner serves. Live data go first.
func liveBackfill(cfg config.Config, f *files, live *live, keeper *connect.Keeper, log *slog.Logger) *backfill.Runner {
	runner := backfillRunner(cfg, f.store, live.garmin.Load, keeper, log)
	runner.Changed = live.server.Changed
	runner.Busy = func() bool {
		waiting, _ := f.inbox.Backlog()
		return f.inbox.Queued() > 0 || waiting > mostBacklog
	}
	return runner
}

// backfillPlanner plans windows that no person asks for.
func backfillPlanner(cfg config.Config, f *files, live *live, log *slog.Logger) *backfill.Planner {
	return &backfill.Planner{Store: f.store, Log: log, Limits: historyLimits(cfg),
		OnConnectDays: cfg.Backfill.OnConnectDays, Schedule: cfg.Backfill.Schedule,
		Gaps: func(ctx context.Context) ([]backfill.Gap, error) {
			return historyGaps(ctx, &query.Reader{Viewer: query.Operator(), Store: f.store, Watch: live.watch,
				Now: time.Now()})
		}}
}

// historyGaps are the gaps of everyone that Garmin could fill.
func historyGaps(ctx context.Context, q *query.Reader) ([]backfill.Gap, error) {
	home, err := q.Household(ctx)
	if err != nil {
		return nil, err
	}
	list, err := home.HistoryGaps(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]backfill.Gap, 0, len(list))
	for _, g := range list {
		out = append(out, backfill.Gap{Person: g.Person, Type: g.Type, From: g.From, To: g.To, Offset: g.Offset})
	}
	return out, nil
}
