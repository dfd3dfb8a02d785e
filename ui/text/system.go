package text

import (
	"fmt"
	"time"

	"garner/health/alert"
)

var ofTrouble = map[alert.Kind]func(*speaker) Words{
	alert.FilesReplaced: func(s *speaker) Words {
		return Words{
			Headline: "Garner's databases do not belong together",
			Known:    []string{fmt.Sprintf("Found at the start at %s. %s", s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows:  "Everything that arrives from now on is kept and applied. What is named above is missing.",
			Next:     "Put the right file back while Garner is stopped, or close this alert on its page once you have seen to it.",
		}
	},
	alert.Damaged: func(s *speaker) Words {
		return Words{
			Headline: "Stored data are damaged",
			Known: []string{fmt.Sprintf("%s found since %s. The newest: %s.", people(int(s.e.Evidence.Count), "damaged place was", "damaged places were"),
				s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows: "All other data are read and exported as usual; the damaged are left out.",
			Next: "Run \"garner check --deep\" to list all of them. Bits that flip come from a failing disk or memory: " +
				"check both, then restore a backup. A deep check that finds nothing closes this alert.",
		}
	},
	alert.DiskLow: func(s *speaker) Words {
		return Words{
			Headline: "The disk is nearly full",
			Known:    []string{fmt.Sprintf("%d MB are free. Below the limit of min_free_bytes Garner answers Garmin with \"later\" and takes nothing in.", s.e.Evidence.Bytes>>20)},
			Follows:  "Garmin repeats for some days; after that data are lost.",
			Next:     fmt.Sprintf("Make room: at least %d MB free.", s.e.Evidence.Wanted>>20),
		}
	},
	alert.MailFailing: func(s *speaker) Words {
		return Words{
			Headline: "Notices cannot be sent",
			Known:    []string{fmt.Sprintf("Since %s. The other side said: %s", s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows:  "Notices wait and are tried again for 48 hours.",
			Next:     "Look at the settings of [mail] and send a test from the alerts page.",
		}
	},
	alert.ClockWrong: func(s *speaker) Words {
		side := "ahead of"
		if s.e.Evidence.Ahead < 0 {
			side = "behind"
		}
		return Words{
			Headline: "This machine's clock is wrong",
			Known:    []string{fmt.Sprintf("It is %s %s the time that others tell.", length(s.e.Evidence.Ahead.Abs()), side)},
			Follows:  "Times of arrival are off by as much, and certificates may be refused.",
			Next:     "Set the clock, and switch on its synchronisation (NTP).",
		}
	},
	alert.Unreachable: func(s *speaker) Words {
		return Words{
			Headline: "Garner's public address does not answer",
			Known:    []string{fmt.Sprintf("It has not since %s, and nothing came from outside: %s", s.at(s.e.Since), s.e.Evidence.Detail)},
			Follows:  "Garmin cannot deliver. It repeats for some days, so nothing is lost yet.",
			Next:     "Look at the internet line, the name's DNS entry, the tunnel or proxy and its certificate.",
		}
	},
	alert.WasOff: func(s *speaker) Words {
		end := s.e.Closed
		if end.IsZero() {
			end = s.now
		}
		w := Words{
			Headline: "Garner was off for " + length(end.Sub(s.e.Since)),
			Known:    []string{fmt.Sprintf("From %s to %s it did not run. That time is held against nobody.", s.at(s.e.Since), s.at(end))},
			Follows:  "Garmin has delivered again what it could not deliver meanwhile, as long as it keeps it.",
			Next:     "Nothing, unless it was not meant to be off. The coverage page lists what is still missing.",
		}
		if end.Sub(s.e.Since) > 7*24*time.Hour {
			w.Next = "Garmin keeps what it could not deliver for 7 days; for what is older, see the coverage page."
		}
		return w
	},
}

func people(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
