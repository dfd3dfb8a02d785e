package ui

import "strings"

// word is what stands for a part of a User-Agent.
type word struct{ part, name string }

// browsers in an order that finds those first that also name another one.
var browsers = []word{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	{"curl/", "curl"}}

var systems = []word{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
	{"CrOS", "ChromeOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}}

// Browser names the browser and the system of a User-Agent: "Firefox on Linux".
func Browser(agent string) string {
	browser, system := firstIn(browsers, agent), firstIn(systems, agent)
	switch {
	case browser == "" && system == "":
		return "Unknown browser"
	case system == "":
		return browser
	case browser == "":
		return "Unknown browser on " + system
	}
	return browser + " on " + system
}

func firstIn(words []word, agent string) string {
	for _, w := range words {
		if strings.Contains(agent, w.part) {
			return w.name
		}
	}
	return ""
}
