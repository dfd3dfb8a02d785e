package text

import (
	"fmt"
	"time"

	"garner/health/alert"
)

// newKey is how a key is replaced.
const newKey = "Make a new key at Garmin Connect on the web, under settings, Personal API token, and enter it on the " +
	"connection page."

// ofKeys puts what concerns the Personal API into words.
var ofKeys = map[alert.Kind]func(*speaker) Words{
	alert.KeyExpiring: func(s *speaker) Words {
		ends := s.e.Evidence.Ends
		w := Words{
			Headline: "The key of " + s.n.Person + " ends soon",
			Known:    []string{fmt.Sprintf("Its last day is %s, in %s.", s.lastDay(), length(ends.Sub(s.until())))},
			Follows:  "After that day Garmin refuses the key, and Garner can no longer ask for this person's data.",
			Next:     newKey + " A new key replaces the old one at once.",
		}
		if !ends.After(s.until()) {
			w.Headline = "The key of " + s.n.Person + " has ended"
			w.Known = []string{fmt.Sprintf("Its last day was %s.", s.lastDay())}
		}
		return w
	},
	alert.KeyRefused: func(s *speaker) Words {
		w := Words{
			Headline: "Garmin refuses the key of " + s.n.Person,
			Known:    []string{fmt.Sprintf("It was refused at %s.", s.at(s.e.Began()))},
			Follows: "Garner does not use the key again, so nothing more is asked for this person. Data that was received " +
				"is kept. Another program may have replaced the key: only one can exist at a time.",
			Next: newKey + " Garner then asks for everything that was missed, as far as Garmin still has it.",
		}
		if s.e.Evidence.Pull == alert.PullEnded {
			w.Known = append(w.Known, fmt.Sprintf("Its last day was %s.", s.lastDay()))
			w.Follows = "The key has ended, so nothing more is asked for this person. Data that was received is kept."
		}
		if d := s.e.Evidence.Detail; d != "" {
			w.Known = append(w.Known, "Garmin's answer: "+d)
		}
		return w
	},
	alert.PullFailing: func(s *speaker) Words {
		ev := &s.e.Evidence
		w := Words{
			Headline: "Garmin's Personal API does not answer",
			Known: []string{fmt.Sprintf("All calls have failed since %s, with %d of %s.", s.at(s.e.Began()), ev.People,
				people(ev.Of, "key", "keys"))},
			Follows: "Nothing is lost: Garner keeps asking, less and less often, and then asks for what was missed.",
			Next: "If other internet services do not work on this machine either, check its connection. Otherwise wait: " +
				"the fault is at Garmin.",
		}
		if ev.Detail != "" {
			w.Known = append(w.Known, "The last fault: "+ev.Detail)
		}
		return w
	},
}

// lastDay is the last day of a key, which is over at the time in the evidence.
func (s *speaker) lastDay() string {
	return s.e.Evidence.Ends.Add(-time.Second).In(s.zone).Format("2 Jan 2006")
}

// pulled replaces what a silence says where calls of the Personal API tell more.
func (s *speaker) pulled(w *Words) {
	ev := &s.e.Evidence
	if !s.e.Kind.Silence() && s.e.Kind != alert.NeverCame {
		return
	}
	asked := "Garmin has not answered a call of the Personal API yet."
	if !ev.Answered.IsZero() {
		asked = fmt.Sprintf("Garmin last answered a call of the Personal API at %s.", s.at(ev.Answered))
	}
	switch ev.Pull {
	case alert.PullAsked:
		if !ev.Answered.IsZero() {
			asked = fmt.Sprintf("Garmin was asked at %s and had nothing newer.", s.at(ev.Answered))
		}
		w.Follows = "Garmin answers, so the watch has not synced with Garmin Connect, or was not worn."
		w.Next = "Open Garmin Connect on the phone and sync the watch. Garner then asks by itself."
	case alert.PullRefused:
		w.Follows = "Garmin refuses the key, so Garner cannot ask. The watch may sync as usual."
		w.Next = newKey
	case alert.PullEnded:
		w.Follows = "The key has ended, so Garner cannot ask. The watch may sync as usual."
		w.Next = newKey
	case alert.PullErrors:
		w.Follows = "The calls fail, so the cause is Garmin or the way to it. The watch may sync as usual."
		w.Next = "Wait: Garner keeps asking, and then asks for what was missed. If it lasts, check the internet " +
			"connection of this machine."
	case alert.PullNotAsked:
		w.Follows = "Garner did not ask, so the cause is here. The watch may sync as usual."
		w.Next = "Read the log. Garner asks for what was missed when it runs again."
	default:
		return
	}
	w.Known = append(w.Known, asked)
}
