package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/jobs/backup"
	"garner/server/pages"
)

// backupSchedule is the cron line of backups; empty for none. A demo makes them only when
// a page asks.
func backupSchedule(cfg config.Config, demo bool) string {
	if demo {
		return ""
	}
	return cfg.Backup.Schedule
}

// backupRunner makes backups on schedule and when a page asks for one.
func backupRunner(cfg config.Config, f *files, live *live, log *slog.Logger) *backup.Runner {
	return &backup.Runner{Maker: backupMaker(cfg), Store: f.store, Receiving: f.inbox,
		Schedule: backupSchedule(cfg, live.demo), Log: log, Changed: live.server.Changed}
}

// backupPages are the backups as pages show them.
func backupPages(cfg config.Config, f *files, how appliance) (pages.Backups, error) {
	out := pages.Backups{Dir: cfg.BackupDir(), SecondDir: cfg.Backup.SecondDir, Daily: cfg.Backup.KeepDaily,
		Weekly: cfg.Backup.KeepWeekly, Monthly: cfg.Backup.KeepMonthly,
		Schedule: backupSchedule(cfg, how.demo),
		NewKey: func(ctx context.Context, replace bool) (string, error) {
			return backup.NewRecoveryKey(ctx, f.store, replace)
		}}
	if out.Schedule == "" {
		return out, nil
	}
	schedule, err := cron.ParseStandard(out.Schedule)
	if err != nil {
		return out, fmt.Errorf("backup.schedule: %w", err)
	}
	out.Next = func(now time.Time) time.Time { return schedule.Next(now.In(time.Local)) }
	return out, nil
}
