package text

import (
	"fmt"

	"garner/health/alert"
)

// ofSilence and ofTrouble put each kind into words.
var ofSilence = map[alert.Kind]func(*speaker) Words{
	alert.NothingArrives: func(s *speaker) Words {
		return Words{
			Headline: "Nothing arrives from Garmin for anybody",
			Known:    []string{fmt.Sprintf("The last data of anybody came at %s. %s to send regularly.", s.at(s.e.Began()), people(s.e.Evidence.Of, "person is known", "people are known"))},
			Follows:  "When everybody is silent at once, the reason is rarely a watch: it is the way from Garmin to here, or Garmin itself.",
			Next:     "Look in Garmin's developer portal whether the endpoints are enabled and not On Hold, then whether your public address, tunnel or proxy answers. Garmin repeats what it could not deliver.",
		}
	},
	alert.TypeStopped: func(s *speaker) Words {
		return Words{
			Headline: s.n.Type + " stopped for everybody",
			Known: []string{
				fmt.Sprintf("It came last at %s; other data of %d of the %d people who send it came since.", s.at(s.e.Began()), s.e.Evidence.People, s.e.Evidence.Of),
			},
			Follows: "One type missing for all at once is a matter of its endpoint at Garmin, not of the watches.",
			Next:    "Open the endpoints in Garmin's developer portal: release this one if it is On Hold, enable it if it is off. On Hold keeps notices for 7 days; switched off, they are dropped.",
		}
	},
	alert.PersonSilent: func(s *speaker) Words {
		w := Words{
			Headline: "No data from " + s.n.Person,
			Known:    []string{fmt.Sprintf("The last came at %s; nothing has come for %s.", s.at(s.e.Began()), length(s.until().Sub(s.e.Began()))), s.others()},
			Follows:  "The silence is on the side of the watch, the phone or the connection to Garmin Connect.",
			Next:     "Open Garmin Connect on the phone and let it sync with the watch. If it says that all is synced, look at the sharing settings there.",
		}
		if s.e.Evidence.Alone {
			w.Follows = "It may be the watch or the phone, or the way from Garmin to here."
			w.Next += " If that changes nothing, look in Garmin's developer portal whether the endpoints are enabled."
		}
		return w
	},
	alert.PairStopped: func(s *speaker) Words {
		w := Words{
			Headline: fmt.Sprintf("%s of %s stopped", s.n.Type, s.n.Person),
			Known: []string{
				fmt.Sprintf("It came last at %s; other data of the same watch came at %s, so it syncs.", s.at(s.e.Began()), s.at(s.e.Evidence.Own)),
				fmt.Sprintf("The same type came for somebody else at %s.", s.at(s.e.Evidence.Others)),
			},
			Follows: "The watch no longer measures it, is not worn at that time, or the permission for it was taken back.",
			Next:    "Look at the watch's settings for this measurement, and in Garmin Connect at what is shared. If the watch was changed for one that cannot measure it, say so on its sync page.",
		}
		if !s.e.Evidence.Others.After(s.e.Began()) {
			w.Known[1] = "Nobody else's came since then either."
			w.Follows = "Either this watch no longer measures it or is not worn at that time, or its endpoint at Garmin is off or On Hold."
			w.Next += " Look at the endpoint in Garmin's developer portal too."
		}
		return w
	},
	alert.NeverCame: func(s *speaker) Words {
		if reach := s.e.Evidence.Own; !reach.IsZero() {
			return Words{
				Headline: "Only old data came from " + s.n.Person,
				Known: []string{fmt.Sprintf("They were added at %s. What came since reaches to %s and no further.",
					s.at(s.e.Since), reach.In(s.zone).Format("2 Jan 2006")), s.others()},
				Follows: "Garmin sent history, and nothing that the watch measured of late.",
				Next:    "Ask them to sync the watch, and whether it is still in use.",
			}
		}
		return Words{
			Headline: "Nothing ever came from " + s.n.Person,
			Known:    []string{fmt.Sprintf("They were added at %s, and Garmin has sent nothing of theirs.", s.at(s.e.Since)), s.others()},
			Follows:  "Either the consent at Garmin was not finished, or the user id is not theirs.",
			Next:     "Ask them to connect once more and to sync the watch, and look in the inbox for data of unknown people: the id may be mistyped.",
		}
	},
	alert.PersonLeft: func(s *speaker) Words {
		return Words{
			Headline: s.n.Person + " is disconnected",
			Known:    []string{fmt.Sprintf("Garmin said at %s that the connection was ended. No data from after that have come.", s.at(s.e.Began()))},
			Follows:  "No data can come until the connection is made again. What was received stays.",
			Next:     "If that was wanted, nothing. If not, connect again in Garmin Connect.",
		}
	},
	alert.Withdrawn: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s no longer shares %s", s.n.Person, s.e.Evidence.Detail),
			Known:    []string{fmt.Sprintf("Garmin said at %s that the permission was taken back.", s.at(s.e.Began()))},
			Follows:  "These data cannot come; the others are not touched by it.",
			Next:     "If that was wanted, nothing. If not, switch it on again in Garmin Connect under connected apps.",
		}
	},
	alert.Collapsed: func(s *speaker) Words {
		ev := s.e.Evidence
		return Words{
			Headline: fmt.Sprintf("Far less %s than usual", s.n.Type),
			Known:    []string{fmt.Sprintf("The last two days brought %d a day; usual are %d.", ev.Count, ev.Usual)},
			Follows:  "It still comes for some, so the endpoint works; a device family or a region may be affected.",
			Next:     "Look on the sync page who is without it, and at Garmin's status page.",
		}
	},
	alert.ParkedSome: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s could not be understood", people(int(s.e.Evidence.Count), "message", "messages")),
			Known:    []string{"They are kept with their reason and can be tried again; nothing is lost."},
			Follows:  "Garmin sent something new or damaged.",
			Next:     "Open the inbox: try again after an update of Garner, or set aside what is of no use.",
		}
	},
	alert.WrongSender: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s with a wrong client id", people(int(s.e.Evidence.Count), "message", "messages")),
			Known:    []string{"They came to the right secret address and named another application than yours. They are kept apart and not applied."},
			Follows:  "The client id in the settings is mistyped, or somebody knows the callback address.",
			Next:     "Compare client_id with Garmin's portal; accept the messages in the inbox if they are yours. Otherwise change the callback secret.",
		}
	},
	alert.Backlogged: func(s *speaker) Words {
		return Words{
			Headline: "Received messages are not being processed",
			Known:    []string{fmt.Sprintf("%s, the oldest since %s. All of them are safe on disk.", people(int(s.e.Evidence.Count), "message waits", "messages wait"), s.at(s.e.Began()))},
			Follows:  "Pages and alerts lag behind; nobody is called silent for what waits here.",
			Next:     "Look whether processing is paused (workers = 0), the disk is full or slow, and at the log.",
		}
	},
}
