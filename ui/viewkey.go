package ui

import (
	"fmt"
	"time"

	"garner/query"
)

// KeyForm is the form for a key of the Personal API with what was typed, but for the key.
type KeyForm struct {
	// Life is how many days the key lasts, Ends its last day.
	Life, Ends          string
	KeyError, EndsError string
	// RemoveError stands at the box that confirms the removal.
	RemoveError string
}

// Wrong reports whether it cannot be saved.
func (f KeyForm) Wrong() bool { return f.KeyError+f.EndsError+f.RemoveError != "" }

// keyLives are how long Garmin lets a key live, in days (Personal API).
var keyLives = []string{"30", "90", "180", "365"}

// WaysIn says how the data of a person come in: pushed, asked for with a key, both, or
// neither; and with a key, how far the history is.
func WaysIn(c query.ConnectionDetail, pull *query.Pull) (Status, string) {
	switch {
	case c.Pushed && pull.InUse():
		return OK, "Garmin pushes the data, and Garner asks for the rest with a key" + reach(pull.Left)
	case pull.InUse():
		return OK, "Garner asks Garmin for the data with a key" + reach(pull.Left)
	case c.Pushed && pull.HasKey():
		return Late, "Garmin pushes the data, but refuses the key with which Garner asks for the rest."
	case pull.HasKey():
		return Down, "No new data comes in: Garmin refuses the key. What is stored stays."
	case c.Pushed:
		return OK, "Garmin pushes the data."
	}
	return NoData, "No data comes in: there is no connection and no key."
}

// reach ends a sentence with how far back the history is.
func reach(l query.Left) string {
	switch {
	case l.From == 0:
		return ". The first days come within a minute."
	case !l.FromFirst:
		return ": back to " + Date(l.From) + " so far."
	case l.Calls > 0:
		return ": back to " + Date(l.From) + ", with days in between still to come."
	}
	return ": everything since " + Date(l.From) + "."
}

// keyState is a key as a lamp and a few words.
func keyState(p Page, k *query.Key) (Status, string) {
	since := "since " + p.Dated(k.Since, p.Now)
	switch {
	case !k.Refused.IsZero():
		words := "Garmin refused the key " + p.Dated(k.Refused, p.Now) + ": a new one is needed"
		if k.Fault != "" {
			words += " (" + k.Fault + ")"
		}
		return Down, words
	case k.LastDay == 0:
		return OK, "the key is in use " + since + "; its last day is not known"
	case !p.Now.Before(k.Ends):
		return Down, "the last day of the key was " + Date(k.LastDay)
	case k.Ends.Sub(p.Now) < 30*24*time.Hour:
		return Late, fmt.Sprintf("the key is in use %s; its last day is %s, in %s", since, Date(k.LastDay),
			Plural(int(k.Ends.Sub(p.Now).Hours()/24), "day", "days"))
	}
	return OK, "the key is in use " + since + ", until " + Date(k.LastDay)
}

// leftWords is what is still to be fetched, in words.
func leftWords(l query.Left) string {
	until := "back to " + Date(l.From) + ", the first day of the account"
	if !l.FromFirst {
		until = "back to " + Date(l.From) + "; how far back the account goes is not known yet"
	}
	switch {
	case l.From == 0:
		return ""
	case l.Calls == 0:
		return "Everything has been asked for, " + until + "."
	}
	calls := Plural(l.Calls, "call", "calls")
	if l.AtMost > l.Calls {
		calls = Count(l.Calls) + " to " + Plural(l.AtMost, "call", "calls")
	}
	least, most := roughly(l.Least), roughly(l.Most)
	if least != most {
		least = "between " + least + " and " + most
	}
	return fmt.Sprintf("About %s are left, %s. That takes %s.", calls, until, least)
}

// pulledWords count the days and activities by how Garmin answered; empty if it was not
// asked yet.
func pulledWords(p *query.Pull) string {
	if p.Data+p.Nothing+p.Failed == 0 {
		return ""
	}
	words := Plural(p.Data, "answer", "answers") + " with data, " + Count(p.Nothing) + " where Garmin has nothing"
	if p.Failed > 0 {
		words += ", " + Count(p.Failed) + " to be asked again after a failure"
	}
	return words + "."
}

// keyNameHint says what the name is for in the set-up.
func keyNameHint(v SetUpView) string {
	if len(v.People) > 0 {
		return "For a person who is not in Garner yet."
	}
	return "The name to show on pages."
}

// roughly is a length of time without false precision.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return "a minute or two"
	case d < 90*time.Minute:
		return Plural(int((d + 30*time.Second).Minutes()), "minute", "minutes")
	case d < 48*time.Hour:
		return Plural(int((d + 30*time.Minute).Hours()), "hour", "hours")
	}
	return Plural(int((d+12*time.Hour).Hours()/24), "day", "days")
}

var callWords = map[query.CallAnswer]string{
	query.CallRunning: "under way", query.CallData: "data", query.CallNothing: "Garmin has nothing",
	query.CallEmpty: "Garmin has an empty record", query.CallRefused: "Garmin refused it",
	query.CallTooMany: "too many calls: Garner waits", query.CallUnavailable: "Garmin did not answer: asked again later",
	query.CallLost: "the answer was lost: asked again",
}

// callAnswer is how a call was answered, in words.
func callAnswer(c query.Call) string {
	words := callWords[c.Answer]
	if c.Status >= 500 {
		words = fmt.Sprintf("error %d at Garmin: asked again later", c.Status)
	}
	if c.Fault != "" && c.Status == 0 {
		words += " (" + c.Fault + ")"
	}
	return words
}

// callDays are the days that a call was about; empty for none.
func callDays(c query.Call) string {
	switch {
	case c.From == 0 && c.To == 0:
		return ""
	case c.From == c.To:
		return ShortDate(c.From)
	}
	return ShortDate(c.From) + " to " + ShortDate(c.To)
}

func keyURL(slug string) string { return connectionURL(slug) + "/key" }
