package alert

import "time"

const (
	// backlogAfter is how long a delivery may wait to be processed.
	backlogAfter = 15 * time.Minute
	// unreachableAfter is how long the public address may not answer.
	unreachableAfter = 15 * time.Minute
	// logAfter is how long a log may be longer than it should.
	logAfter = 10 * time.Minute
	// mailAfter is how long a notification may wait to be delivered.
	mailAfter = time.Hour
	// OffNotice is how long Garner may be off before it is reported, OffSince for
	// how long afterwards it still is.
	OffNotice = time.Hour
	OffSince  = 7 * 24 * time.Hour
	// clockOff is how wrong the clock may be.
	clockOff = 5 * time.Minute
)

// inside evaluates the state of Garner itself.
func (e *evaluation) inside() {
	in := &e.Inside
	when := func(holds bool, kind Kind, since time.Time, ev Evidence) {
		if holds {
			if since.IsZero() {
				since = e.Now
			}
			e.add(Condition{Subject: Subject{Kind: kind}, Since: since, Evidence: ev})
		}
	}
	when(!in.OldestWaiting.IsZero() && e.Running.Between(in.OldestWaiting, e.Now) > backlogAfter, Backlogged,
		in.OldestWaiting, Evidence{Count: in.Waiting})
	when(in.Parked > 0, ParkedSome, in.ParkedSince, Evidence{Count: in.Parked})
	when(in.Quarantined > 0, WrongSender, time.Time{}, Evidence{Count: in.Quarantined})
	when(in.DiskWanted > 0 && in.DiskFree >= 0 && in.DiskFree < in.DiskWanted, DiskLow, time.Time{},
		Evidence{Bytes: in.DiskFree, Wanted: in.DiskWanted})
	when(!in.LogLongSince.IsZero() && e.Running.Between(in.LogLongSince, e.Now) > logAfter, LogLong, in.LogLongSince,
		Evidence{Bytes: in.LogBytes, Detail: in.LogFile})
	when(!in.MailSince.IsZero() && e.Running.Between(in.MailSince, e.Now) > mailAfter, MailFailing, in.MailSince,
		Evidence{Detail: in.MailError})
	when(in.ClockAhead.Abs() > clockOff, ClockWrong, time.Time{}, Evidence{Ahead: in.ClockAhead})
	when(!in.UnreachableSince.IsZero() && e.Running.Between(in.UnreachableSince, e.Now) > unreachableAfter, Unreachable,
		in.UnreachableSince, Evidence{Detail: in.UnreachableError})
	when(!in.FilesReplaced.IsZero(), FilesReplaced, in.FilesReplaced, Evidence{Detail: in.FilesReplacedDetail})
	when(!in.DamagedSince.IsZero(), Damaged, in.DamagedSince, Evidence{Count: in.DamagedCount, Detail: in.DamagedDetail})
	e.certificates()
	e.backups()
	for _, s := range in.Off {
		e.off(s)
	}
}

// off reports a time in which Garner did not run, once the grace after it is
// over and the data queued at Garmin has arrived.
func (e *evaluation) off(s Span) {
	if s.Length() < OffNotice || e.Now.Sub(s.To) < min(e.Rules.Grace, s.Length()) || e.Now.Sub(s.To) > OffSince ||
		e.Until.Before(e.Now) {
		return
	}
	e.add(Condition{Subject: Subject{Kind: WasOff}, Since: s.From, Over: s.To, Evidence: Evidence{Silence: s.Length()}})
}
