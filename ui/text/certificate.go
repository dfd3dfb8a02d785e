package text

import "fmt"

func certificateEnds(s *speaker) Words {
	ev := &s.e.Evidence
	w := Words{
		Follows: "Garmin and browsers refuse to connect by HTTPS without a valid certificate, unless a proxy in front of " +
			"Garner has its own.",
		Next: "With tls.mode acme, check that the DNS entry of this name points here and that port 80 or 443 can be " +
			"reached from outside; Garner keeps trying. With files, replace them: Garner loads them without a restart. " +
			"\"garner check\" lists all certificates.",
	}
	switch {
	case ev.Ends.IsZero():
		w.Headline = "There is no valid certificate for " + ev.Name
		w.Known = []string{fmt.Sprintf("There has been none since %s.", s.at(s.e.Since))}
	case ev.Ends.Before(s.now):
		w.Headline = "The certificate for " + ev.Name + " has expired"
		w.Known = []string{fmt.Sprintf("It ended at %s.", s.at(ev.Ends))}
	default:
		w.Headline = "The certificate for " + ev.Name + " ends soon"
		w.Known = []string{fmt.Sprintf("It ends at %s, in %s, and should have been renewed by now.", s.at(ev.Ends),
			length(ev.Ends.Sub(s.now)))}
	}
	if ev.Detail != "" {
		w.Known = append(w.Known, "The last error: "+ev.Detail)
	}
	return w
}
