package ui

import (
	"strings"

	"garner/health"
)

// originWords say how data came in. What is simulated is said elsewhere.
var originWords = []struct {
	of    health.Origin
	words string
}{
	{health.Push, "pushed"},
	{health.Ping, "fetched after a ping"},
	{health.Backfill, "sent as history"},
	{health.Personal, "asked for with a key"},
	{health.Import, "imported"},
}

// sourceWords name Garmin's devices, and how data came in where that is worth a word.
func sourceWords(devices []string, origins health.Origins) string {
	words := make([]string, 0, len(devices)+1)
	for _, d := range devices {
		words = append(words, "Garmin "+d)
	}
	if len(devices) == 0 {
		words = append(words, "Garmin")
	}
	if came := cameIn(origins); came != "" {
		words = append(words, came)
	}
	return strings.Join(words, ", ")
}

// cameIn is how data came in; empty if it is simulated only.
func cameIn(origins health.Origins) string {
	var words []string
	for _, o := range originWords {
		if origins&o.of.Of() != 0 {
			words = append(words, o.words)
		}
	}
	return strings.Join(words, ", ")
}
