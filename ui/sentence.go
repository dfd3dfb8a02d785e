package ui

import (
	"fmt"
	"strings"

	"garner/health/alert"
	"garner/query"
)

// Summary says in one sentence whether all is well, in a second, which may be
// empty, what follows, and leads to the one thing that is wrong, if anything is.
type Summary struct {
	Sentence string
	// Status is the sentence's shape and colour.
	Status Status
	Detail string
	Fix    *Link
}

// Summarise says how the data of everyone arrives. While a demo loads its past,
// nothing is late yet.
func (n *Names) Summarise(s *query.Status, demoLoads bool) Summary {
	switch {
	case demoLoads:
		return Summary{"The demo is loading its past.", NoData, "The newest weeks arrive first.", nil}
	case s.Fault != nil:
		_, w := n.now(s.Fault)
		return Summary{w.Headline + ".", Down, w.Follows, seeAlerts()}
	case s.People == 0:
		return noPeople(n.Operates)
	case len(s.Overdue) > 0:
		return n.silent(s)
	case len(s.Waiting) == s.People:
		return Summary{"Waiting for first data.", NoData, "They usually arrive after the next watch sync.", nil}
	case len(s.Stopped) > 0:
		stopped := n.stopped(s.Stopped)
		return Summary{capital(some(stopped)) + " " + verb(stopped, "has", "have") + " stopped arriving.", Late,
			stillAsleep(s.AlsoAsleep), seeAlerts()}
	case len(s.Collapsed) > 0:
		return Summary{"Much less " + some(n.titles(s.Collapsed)) + " is arriving than usual.", Late, "", seeAlerts()}
	case len(s.Late) > 0:
		return Summary{"Everything is arriving; " + some(s.Late) + " " + verb(s.Late, "is", "are") + " later than usual.",
			OK, "", nil}
	case len(s.Waiting) > 0:
		return Summary{"Everything is arriving; " + some(s.Waiting) + " " + verb(s.Waiting, "is", "are") +
			" still waiting for first data.", OK, "", nil}
	}
	return Summary{"Everything is arriving.", OK, n.newest(s), nil}
}

// noPeople is what a page says to a reader who sees no one: an admin adds people, and
// everyone else waits for people to share.
func noPeople(operates bool) Summary {
	if operates {
		return Summary{"No people yet.", NoData, "", &Link{Text: "Add the first person", URL: "/people"}}
	}
	return Summary{"Nothing is shared with you yet.", NoData,
		"Your account has no person of its own. People choose in their settings who sees their data.", nil}
}

// silent is about people of whom no data come: data of others show that the way
// from Garmin works.
func (n *Names) silent(s *query.Status) Summary {
	detail := n.newest(s)
	if len(s.Overdue)+s.Paused+len(s.Waiting) < s.People {
		detail = "Data of others arrived " + Ago(s.News, n.Now) +
			", so the connection from Garmin works; the cause is the watch or the phone."
	}
	return Summary{"No data from " + some(s.Overdue) + ".", Late, detail, seeAlerts()}
}

func (n *Names) newest(s *query.Status) string {
	return "The newest data arrived " + Ago(s.News, n.Now) + "."
}

func seeAlerts() *Link { return &Link{Text: "See what is known", URL: "/alerts"} }

// stopped names what stopped, for one person or for everyone.
func (n *Names) stopped(list []alert.Subject) (out []string) {
	for i, s := range list {
		title := n.Types[s.Type].Title
		if i > 0 {
			title = inSentence(title)
		}
		if s.Kind == alert.TypeStopped {
			out = append(out, title+" of everyone")
		} else {
			out = append(out, title+" of "+n.People[s.Person].Name)
		}
	}
	return out
}

// stillAsleep says what of the types that stopped still arrives with the sleep data; empty
// for nothing.
func stillAsleep(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	return capital(some(labels)) + " " + verb(labels, "comes", "come") + " with the sleep data and still " +
		verb(labels, "arrives", "arrive") + "."
}

func (n *Names) titles(keys []string) (out []string) {
	for _, key := range keys {
		out = append(out, n.Types[key].Title)
	}
	return out
}

// verb is the form of a verb that goes with names.
func verb(names []string, one, many string) string {
	if len(names) == 1 {
		return one
	}
	return many
}

// some names a few and counts the rest.
func some(names []string) string {
	const few = 3
	switch {
	case len(names) > few:
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d others", len(names)-few)
	case len(names) == 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
