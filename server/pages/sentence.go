package pages

import (
	"garner/health/alert"
	"garner/ui"
)

// sentence states in one sentence whether all is well, in a second what follows,
// and links to what is wrong.
func (v *statusPage) sentence() (text string, status ui.Status, detail string, fix *ui.Link) {
	if v.demoLoads() {
		return "The demo is loading its past.", ui.NoData, "The newest weeks arrive first.", nil
	}
	for _, kind := range alert.Kinds {
		for i := range v.found.Conditions {
			c := &v.found.Conditions[i]
			if c.Kind != kind || kind == alert.WasOff || kind == alert.PersonSilent || kind == alert.PersonTypeStopped {
				continue
			}
			e := &alert.Incident{Subject: c.Subject, Since: c.Since, Evidence: c.Evidence}
			w := v.Words(e)
			if kind.Acknowledged() || kind == alert.NothingArrives || kind == alert.Unreachable || kind == alert.Backlogged ||
				kind == alert.DiskLow {
				return w.Headline + ".", ui.Down, w.Follows, v.alertsLink()
			}
		}
	}
	if len(v.facts.People) == 0 {
		return "No people yet.", ui.NoData, "", &ui.Link{Text: "Add the first person", URL: "/people"}
	}
	return v.peopleSentence()
}

// demoLoads reports whether a demo is still loading past data. Its watches never
// stop all at once, so if no data arrives, it is still loading.
func (v *statusPage) demoLoads() bool {
	return v.p.Demo && (v.found.News.IsZero() || v.has(alert.NothingArrives))
}

// peopleSentence is about people, if the connection from Garmin works.
func (v *statusPage) peopleSentence() (text string, status ui.Status, detail string, fix *ui.Link) {
	silent, waiting, late := v.home.Names(alert.Overdue), v.home.Names(alert.Waiting), v.home.Names(alert.Late)
	news := "Data of others arrived " + ui.Ago(v.found.News, v.p.Now) +
		", so the connection from Garmin works; the cause is the watch or the phone."
	all := len(v.facts.People)
	switch {
	case len(silent) > 0:
		if len(silent)+len(v.home.Names(alert.Paused))+len(waiting) == all {
			news = "The newest data arrived " + ui.Ago(v.found.News, v.p.Now) + "."
		}
		return "No data from " + some(silent) + ".", ui.Late, news, v.alertsLink()
	case len(waiting) == all:
		return "Waiting for first data.", ui.NoData, "They usually arrive after the next watch sync.", nil
	case len(v.stopped()) > 0:
		return some(v.stopped()) + " " + hasOrHave(len(v.stopped())) + " stopped arriving.", ui.Late, "", v.alertsLink()
	case len(v.collapsed()) > 0:
		return "Much less " + some(v.collapsed()) + " is arriving than usual.", ui.Late, "", v.alertsLink()
	case len(late) > 0:
		return "Everything is arriving; " + some(late) + " " + isOrAre(len(late)) + " later than usual.", ui.OK, "", nil
	case len(waiting) > 0:
		return "Everything is arriving; " + some(waiting) + " " + isOrAre(len(waiting)) + " still waiting for first data.",
			ui.OK, "", nil
	}
	return "Everything is arriving.", ui.OK, "The newest data arrived " + ui.Ago(v.found.News, v.p.Now) + ".", nil
}

// stopped names what has stopped for some or all people.
func (v *statusPage) stopped() (out []string) {
	for i := range v.found.Conditions {
		c := &v.found.Conditions[i]
		switch c.Kind {
		case alert.TypeStopped:
			out = append(out, v.types[c.Type].Title+" (everyone)")
		case alert.PersonTypeStopped:
			if p := v.link(c.Person); p != nil {
				out = append(out, v.types[c.Type].Title+" of "+p.Name)
			}
		}
	}
	return out
}

// collapsed names the types of which much less arrives than usual.
func (v *statusPage) collapsed() (out []string) {
	for i := range v.found.Conditions {
		if c := &v.found.Conditions[i]; c.Kind == alert.Collapsed {
			out = append(out, v.types[c.Type].Title)
		}
	}
	return out
}

func hasOrHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

func (v *statusPage) alertsLink() *ui.Link {
	return &ui.Link{Text: "See what is known", URL: "/alerts"}
}
