package text

import (
	"fmt"
	"time"

	"garner/health/alert"
)

var ofTrouble = map[alert.Kind]func(*speaker) Words{
	alert.FilesReplaced: func(s *speaker) Words {
		return Words{
			Headline: "Garner's databases do not match",
			Known:    []string{fmt.Sprintf("Found at startup at %s. %s", s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows:  "Everything that arrives from now on is stored and applied. The data named above is missing.",
			Next:     "Stop Garner and restore the right file, or close this alert on its page once it is resolved.",
		}
	},
	alert.Damaged: func(s *speaker) Words {
		return Words{
			Headline: "Stored data is damaged",
			Known: []string{fmt.Sprintf("%s found since %s. The most recent: %s.",
				people(int(s.e.Evidence.Count), "damaged place was", "damaged places were"),
				s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows: "All other data is shown and exported as usual; damaged records are left out.",
			Next: "Run \"garner check --deep\" to list all of them. Damage usually comes from a failing disk or memory: " +
				"test both, then restore a backup. A deep check that finds nothing closes this alert.",
		}
	},
	alert.DiskLow: func(s *speaker) Words {
		return Words{
			Headline: "The disk is nearly full",
			Known: []string{fmt.Sprintf("%d MB are free. Below min_free_bytes Garner answers callbacks with 503 and stores "+
				"nothing.", s.e.Evidence.Bytes>>20)},
			Follows: "Garmin retries for some days; after that, data is lost.",
			Next:    fmt.Sprintf("Free up space: at least %d MB are needed.", s.e.Evidence.Wanted>>20),
		}
	},
	alert.LogLong: func(s *speaker) Words {
		return Words{
			Headline: "The log of a database keeps growing",
			Known: []string{fmt.Sprintf("%s has had more than it should since %s; now it has %d MB.", s.e.Evidence.Detail,
				s.at(s.e.Since), s.e.Evidence.Bytes>>20)},
			Follows: "Nothing is lost, but the log takes disk space, and pages become slower.",
			Next: "A program that reads the database without an end keeps it from getting shorter: end exports, backups " +
				"and sqlite3 shells that have been running for long, or restart Garner.",
		}
	},
	alert.MailFailing: func(s *speaker) Words {
		return Words{
			Headline: "Notifications cannot be sent",
			Known:    []string{fmt.Sprintf("Since %s. The server answered: %s", s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows:  "Notifications wait and are retried for 48 hours.",
			Next:     "Check the [mail] settings and send a test from the alerts page.",
		}
	},
	alert.ClockWrong: func(s *speaker) Words {
		side := "ahead of"
		if s.e.Evidence.Ahead < 0 {
			side = "behind"
		}
		return Words{
			Headline: "This machine's clock is wrong",
			Known:    []string{fmt.Sprintf("It is %s %s other time sources.", length(s.e.Evidence.Ahead.Abs()), side)},
			Follows:  "Arrival times are wrong by the same amount, and certificates may be rejected.",
			Next:     "Set the clock and enable time synchronisation (NTP).",
		}
	},
	alert.Unreachable: func(s *speaker) Words {
		return Words{
			Headline: "Garner's public address does not respond",
			Known: []string{fmt.Sprintf("It has not responded since %s, and no request has arrived from outside: %s",
				s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows: "Garmin cannot deliver data. It retries for some days, so nothing is lost yet.",
			Next:    "Check the internet connection, the DNS entry, the tunnel or proxy, and its certificate.",
		}
	},
	alert.CertificateEnds: certificateEnds,
	alert.BackupFailed: func(s *speaker) Words {
		return Words{
			Headline: "The last backup failed",
			Known:    []string{fmt.Sprintf("At %s: %s.", s.at(s.e.Since), s.e.Evidence.Detail), lastBackup(s)},
			Follows:  "Garner works as usual. Earlier backups are still there.",
			Next: "Mend the cause, and make a backup on Settings, Backup, or with \"garner backup\": one that succeeds closes " +
				"this alert.",
		}
	},
	alert.BackupMissing: func(s *speaker) Words {
		return Words{
			Headline: "There is no recent backup",
			Known:    []string{lastBackup(s)},
			Follows:  "If the disk fails now, everything after that is lost: Garmin does not send again what it has delivered.",
			Next: "Make a backup on Settings, Backup, or with \"garner backup\", and look at the log for why none was made " +
				"at night.",
		}
	},
	alert.WasOff: func(s *speaker) Words {
		end := s.e.Closed
		if end.IsZero() {
			end = s.now
		}
		w := Words{
			Headline: "Garner was off for " + length(end.Sub(s.e.Since)),
			Known: []string{fmt.Sprintf("It did not run from %s to %s. That time does not count as silence.",
				s.at(s.e.Since), s.at(end))},
			Follows: "Garmin retries what it could not deliver in that time, as long as it keeps it.",
			Next:    "Nothing, if this was intended. The coverage page lists what is still missing.",
		}
		if end.Sub(s.e.Since) > 7*24*time.Hour {
			w.Next = "Garmin keeps undelivered data for 7 days. For older data, see the coverage page."
		}
		return w
	},
}

func lastBackup(s *speaker) string {
	if s.e.Evidence.Ends.IsZero() {
		return "No backup was ever made."
	}
	return fmt.Sprintf("The last good backup was made at %s.", s.at(s.e.Evidence.Ends))
}

func people(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
