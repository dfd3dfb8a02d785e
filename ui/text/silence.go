package text

import (
	"fmt"

	"garner/health"
	"garner/health/alert"
)

// ofSilence and ofTrouble put each kind into words.
var ofSilence = map[alert.Kind]func(*speaker) Words{
	alert.NothingArrives: func(s *speaker) Words {
		return Words{
			Headline: "No data is arriving from Garmin",
			Known: []string{fmt.Sprintf("The last delivery arrived at %s. %s to send data regularly.", s.at(s.e.Began()),
				people(s.e.Evidence.Of, "person is known", "people are known"))},
			Follows: "When data stops for everyone at once, the cause is rarely a watch. It is the connection from Garmin to " +
				"this machine, or Garmin itself.",
			Next: "Check in Garmin's developer portal that the endpoints are enabled and not On Hold. Then check that your " +
				"public address, tunnel or proxy responds. Garmin retries what it could not deliver.",
		}
	},
	alert.TypeStopped: func(s *speaker) Words {
		return Words{
			Headline: s.n.Type + " has stopped arriving for everyone",
			Known: []string{
				fmt.Sprintf("It last arrived at %s. Other data of %d of the %d people who send it has arrived since.",
					s.at(s.e.Began()), s.e.Evidence.People, s.e.Evidence.Of),
			},
			Follows: "When one type stops for everyone at once, the cause is its endpoint at Garmin, not the watches.",
			Next: "Open the endpoints in Garmin's developer portal. Release this one if it is On Hold, or enable it if it " +
				"is disabled. Garmin keeps notices for 7 days while an endpoint is On Hold and drops them while it is disabled.",
		}
	},
	alert.PersonSilent: func(s *speaker) Words {
		w := Words{
			Headline: "No data from " + s.n.Person,
			Known: []string{fmt.Sprintf("The last data arrived at %s; nothing has arrived for %s.", s.at(s.e.Began()),
				length(s.until().Sub(s.e.Began()))), s.others()},
			Follows: "The cause is the watch, the phone or its connection to Garmin Connect.",
			Next: "Open Garmin Connect on the phone and sync the watch. If everything is already synced, check the sharing " +
				"settings there.",
		}
		if s.e.Evidence.Alone {
			w.Follows = "The cause may be the watch, the phone, or the connection from Garmin to this machine."
			w.Next += " If that does not help, check in Garmin's developer portal that the endpoints are enabled."
		}
		return w
	},
	alert.PersonTypeStopped: func(s *speaker) Words {
		w := Words{
			Headline: fmt.Sprintf("%s of %s has stopped arriving", s.n.Type, s.n.Person),
			Known: []string{
				fmt.Sprintf("It last arrived at %s. Other data from the same watch arrived at %s, so the watch syncs.",
					s.at(s.e.Began()), s.at(s.e.Evidence.Own)),
				fmt.Sprintf("The same type arrived for another person at %s.", s.at(s.e.Evidence.Others)),
			},
			Follows: "The watch no longer measures it, is not worn at that time, or the permission for it was withdrawn.",
			Next: "Check the watch's settings for this measurement and what is shared in Garmin Connect. If the new watch " +
				"cannot measure it, turn the alert off on the person's sync page.",
		}
		if !s.e.Evidence.Others.After(s.e.Began()) {
			w.Known[1] = "It has not arrived for anyone else since then either."
			w.Follows = "Either this watch no longer measures it or is not worn at that time, or its endpoint at Garmin is " +
				"disabled or On Hold."
			w.Next += " Check the endpoint in Garmin's developer portal too."
		}
		return w
	},
	alert.NeverCame: func(s *speaker) Words {
		if reach := s.e.Evidence.Own; !reach.IsZero() {
			return Words{
				Headline: "Only old data has arrived from " + s.n.Person,
				Known: []string{fmt.Sprintf("They were added at %s. The data that has arrived since ends on %s.",
					s.at(s.e.Since), reach.In(s.zone).Format("2 Jan 2006")), s.others()},
				Follows: "Garmin has sent history but nothing that the watch measured recently.",
				Next:    "Ask them to sync the watch, and whether they still use it.",
			}
		}
		return Words{
			Headline: "No data has ever arrived from " + s.n.Person,
			Known: []string{fmt.Sprintf("They were added at %s, and Garmin has sent no data for them.", s.at(s.e.Since)),
				s.others()},
			Follows: "Either they did not finish the consent at Garmin, or the user id is wrong.",
			Next: "Ask them to connect again and sync the watch. Check the inbox for data of unknown people, in case the " +
				"id was mistyped.",
		}
	},
	alert.PersonLeft: func(s *speaker) Words {
		return Words{
			Headline: s.n.Person + " is disconnected",
			Known: []string{fmt.Sprintf("Garmin reported at %s that the connection was ended. No data from after that time "+
				"has arrived.", s.at(s.e.Began()))},
			Follows: "No data can arrive until they connect again. Data that was received is kept.",
			Next:    "Nothing, if this was intended. Otherwise connect again in Garmin Connect.",
		}
	},
	alert.ReconnectNeeded: func(s *speaker) Words {
		cause := health.CauseTokensRefused
		if s.e.Evidence.AnswerLost {
			cause = health.CauseRefreshLost
		}
		return Words{
			Headline: s.n.Person + " must connect again",
			Known: []string{fmt.Sprintf("Garmin no longer accepts the connection; found at %s (%s).", s.at(s.e.Began()),
				ConnectionCause(cause))},
			Follows: "Garner can no longer ask Garmin for data of this person. Activity files and history cannot be fetched. " +
				"Data that was received is kept.",
			Next: "Connect again, or send the person a link with which they can.",
		}
	},
	alert.Withdrawn: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s no longer shares %s", s.n.Person, s.e.Evidence.Detail),
			Known:    []string{fmt.Sprintf("Garmin reported at %s that the permission was withdrawn.", s.at(s.e.Began()))},
			Follows:  "This data cannot arrive; other data is not affected.",
			Next:     "Nothing, if this was intended. Otherwise turn it on again in Garmin Connect under connected apps.",
		}
	},
	alert.Collapsed: func(s *speaker) Words {
		ev := s.e.Evidence
		return Words{
			Headline: fmt.Sprintf("Much less %s than usual", s.n.Type),
			Known:    []string{fmt.Sprintf("The last two days averaged %d a day; %d a day is usual.", ev.Count, ev.Usual)},
			Follows:  "It still arrives for some people, so the endpoint works. A device family or a region may be affected.",
			Next:     "Check the sync page for who is affected, and Garmin's status page.",
		}
	},
	alert.ParkedSome: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s could not be processed", people(int(s.e.Evidence.Count), "delivery", "deliveries")),
			Known:    []string{"Each is kept with the reason and can be processed again. Nothing is lost."},
			Follows:  "Garmin sent something unknown or malformed.",
			Next:     "Open the inbox. Process them again after updating Garner, or set aside those you do not need.",
		}
	},
	alert.WrongSender: func(s *speaker) Words {
		return Words{
			Headline: fmt.Sprintf("%s with the wrong client id", people(int(s.e.Evidence.Count), "delivery", "deliveries")),
			Known: []string{"They arrived at the correct secret address but named another application. They are " +
				"quarantined and not applied."},
			Follows: "The configured client id is mistyped, or someone else knows the callback address.",
			Next: "Compare client_id with Garmin's developer portal. Accept the deliveries in the inbox if they are " +
				"yours. Otherwise change the callback secret.",
		}
	},
	alert.Backlogged: func(s *speaker) Words {
		return Words{
			Headline: "Deliveries are not being processed",
			Known: []string{fmt.Sprintf("%s, the oldest since %s. All of them are stored on disk.",
				people(int(s.e.Evidence.Count), "delivery is waiting", "deliveries are waiting"), s.at(s.e.Began()))},
			Follows: "Pages and alerts lag behind. Data that is waiting does not count as missing.",
			Next:    "Check whether processing is paused (workers = 0) or the disk is full or slow, and read the log.",
		}
	},
}
