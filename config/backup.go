package config

import "path/filepath"

// Backup is when backups are made, and where they are kept.
type Backup struct {
	// Schedule is when a backup is made, as a cron line in the time zone of the machine.
	// Default each day at 3:30; empty for never.
	Schedule string `toml:"schedule"`
	// Dir is the folder that backups are kept in. Default backups in DataDir.
	Dir string `toml:"dir"`
	// SecondDir is another folder that each backup is copied to, such as a mounted share.
	// Each Garner needs one of its own. Default none.
	SecondDir string `toml:"second_dir"`
	// KeepDaily, KeepWeekly and KeepMonthly are of how many days, weeks and months the
	// newest backup is kept, 0 to 1000. Defaults 7, 4 and 6. The newest of all is always
	// kept.
	KeepDaily   int `toml:"keep_daily"`
	KeepWeekly  int `toml:"keep_weekly"`
	KeepMonthly int `toml:"keep_monthly"`
}

// validateBackup adds the faults of [backup].
func (l *loading) validateBackup(c *Config) {
	if c.Backup.Schedule != "" {
		l.validateSchedule("backup.schedule", "the time zone of the machine", c.Backup.Schedule)
	}
	for key, n := range map[string]int{
		"backup.keep_daily":   c.Backup.KeepDaily,
		"backup.keep_weekly":  c.Backup.KeepWeekly,
		"backup.keep_monthly": c.Backup.KeepMonthly,
	} {
		if n < 0 || n > 1000 {
			l.fault(key, "must be 0 to 1000, got %d", n)
		}
	}
	if dir := c.Backup.SecondDir; dir != "" && filepath.Clean(dir) == filepath.Clean(c.BackupDir()) {
		l.fault("backup.second_dir", "must be another folder than that of the backups")
	}
}

// BackupDir is the folder that backups are kept in.
func (c *Config) BackupDir() string {
	if c.Backup.Dir != "" {
		return c.Backup.Dir
	}
	return filepath.Join(c.DataDir, "backups")
}
