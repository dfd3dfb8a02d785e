package alert

import "time"

// Backups is what is known of the backups.
type Backups struct {
	// Scheduled means that they are made on a schedule. Since is when Garner first ran, as
	// far as is known: before the first backup, the time counts from then.
	Scheduled bool
	Since     time.Time
	// Last is when the last one was made that is whole and verified; zero if there is
	// none.
	Last time.Time
	// Failed is when one failed after that, the newest of them, and Fault why; zero if
	// none did.
	Failed time.Time
	Fault  string
}

// backupAfter is how old the last backup may be.
const backupAfter = 3 * 24 * time.Hour

// backups reports a backup that failed, and one that is overdue while Garner ran.
func (e *evaluation) backups() {
	b := &e.Inside.Backups
	if !b.Failed.IsZero() {
		e.add(Condition{Subject: Subject{Kind: BackupFailed}, Since: b.Failed, Evidence: Evidence{Detail: b.Fault,
			Ends: b.Last}})
	}
	since := later(b.Last, b.Since)
	if b.Scheduled && !since.IsZero() && e.Running.Between(since, e.Now) > backupAfter {
		e.add(Condition{Subject: Subject{Kind: BackupMissing}, Since: since, Evidence: Evidence{Ends: b.Last}})
	}
}
