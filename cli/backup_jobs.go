package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"garner/config"
	"garner/jobs/backup"
	"garner/server/pages"
)

// backupRunner makes backups on schedule and when a page asks for one. A demo makes them
// only then.
func backupRunner(cfg config.Config, f *files, live *live, log *slog.Logger) *backup.Runner {
	r := &backup.Runner{Maker: backupMaker(cfg), Store: f.store, Receiving: f.inbox, Schedule: cfg.Backup.Schedule,
		Log: log, Changed: live.server.Changed}
	if live.demo {
		r.Schedule = ""
	}
	return r
}

// backupPages are the backups as pages show them.
func backupPages(cfg config.Config, f *files, how appliance) (pages.Backups, error) {
	out := pages.Backups{Dir: cfg.BackupDir(), SecondDir: cfg.Backup.SecondDir, Daily: cfg.Backup.KeepDaily,
		Weekly: cfg.Backup.KeepWeekly, Monthly: cfg.Backup.KeepMonthly,
		NewKey: func(ctx context.Context) (string, error) { return backup.NewRecoveryKey(ctx, f.store, true) }}
	if cfg.Backup.Schedule == "" || how.demo {
		return out, nil
	}
	schedule, err := cron.ParseStandard(cfg.Backup.Schedule)
	if err != nil {
		return out, err
	}
	out.Schedule = cfg.Backup.Schedule
	out.Next = func(now time.Time) time.Time { return schedule.Next(now.In(time.Local)) }
	return out, nil
}
