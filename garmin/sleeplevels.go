package garmin

import (
	"iter"
	"strings"

	"garner/garmin/element"
)

// Level is a span of one sleep level, in unix seconds.
type Level struct {
	// Name is deep, light, rem or awake, or a word that Garmin may add.
	Name     string
	From, To int64
}

// Levels yields the sleep levels of an element, by level and then as sent.
func Levels(v element.Value) iter.Seq[Level] {
	return func(yield func(Level) bool) {
		for name, list := range mapIn(v.Get("sleepLevelsMap")).Members() {
			name = strings.ToLower(name)
			for item := range list.Items() {
				from, ok1 := item.Get("startTimeInSeconds").Int()
				to, ok2 := item.Get("endTimeInSeconds").Int()
				if ok1 && ok2 && !yield(Level{name, from, to}) {
					return
				}
			}
		}
	}
}

// levelRows yields the levels as rows of a table, the level's name among them.
func levelRows(v element.Value) iter.Seq[element.Value] {
	return func(yield func(element.Value) bool) {
		for name, list := range mapIn(v.Get("sleepLevelsMap")).Members() {
			for item := range list.Items() {
				if !yield(item.With("level", name)) {
					return
				}
			}
		}
	}
}
