package simulator

import (
	"slices"
	"time"
)

// The kinds of stories.
const (
	StoryOutage     = "outage"     // the receiver was off; what was to come came afterwards
	StoryLate       = "late"       // days without the phone; everything came afterwards
	StoryHoliday    = "holiday"    // the same, and not over when the history ends
	StoryStopped    = "stopped"    // a type comes no more
	StoryWithdrawn  = "withdrawn"  // the permission for activities was taken back
	StoryNights     = "nights"     // the watch is never worn at night
	StoryUnreadable = "unreadable" // a body came that cannot be understood
)

// Story is something that happens in a world with stories.
type Story struct {
	// Person is the index of whom it happens to, -1 for everyone.
	Person int
	Kind   string
	// Type is the callback key that it is about, empty for all. Of a
	// withdrawal it stands for all that need the same permission.
	Type string
	// From and To are its ends, To not included. Without From it was always
	// so, without To it goes on.
	From, To time.Time
}

// Stories lists what happens in a world with stories to those who are there;
// none in others. No seed changes it, only the date of Config.Until.
func (w *World) Stories() []Story { return slices.Clone(w.stories) }

// Outages lists when the receiver is out of reach: those of Config.Faults and
// that of the stories.
func (w *World) Outages() []Outage { return slices.Clone(w.faults.Outages) }

// Dates of the stories, in days before the end of the history.
const (
	lateFrom, lateTo       = 21, 16
	holidayFrom, holidayTo = 4, -3
)

// enact makes one of the household live their part.
func (w *World) enact(p *Person) {
	switch p.Index {
	case 0:
		w.race(p)
	case 1:
		w.overDateLine(p)
		p.entered = []dates{w.back(enteredBack, enteredBack)}
		p.unsynced = append(w.beforeStories(p.unsynced), w.back(lateFrom, lateTo), w.back(holidayFrom, holidayTo))
	case 2:
		p.nightless = true
		p.unworn = w.beforeStories(p.unworn)
	}
}

// beforeStories leaves out what would mix with the stories.
func (w *World) beforeStories(spans []dates) (out []dates) {
	for _, s := range spans {
		if s.last < w.end-telling {
			out = append(out, s)
		}
	}
	return out
}

// plot lists the stories of those who are there. Ada's heart rate variability
// and, for all at once, respiration stop after the morning's sync, so that
// both end with a whole night.
func (w *World) plot() []Story {
	ago := func(days, hour, minute int) time.Time {
		return (w.end - civil(days)).utc().Add(time.Duration(hour*60+minute) * time.Minute)
	}
	all := []Story{
		{Person: 2, Kind: StoryNights},
		w.away(1, StoryLate, w.back(lateFrom, lateTo)),
		{Person: -1, Kind: StoryOutage, From: ago(11, 19, 0), To: ago(10, 7, 30)},
		{Person: 2, Kind: StoryWithdrawn, Type: "activities", From: ago(6, 16, 45)},
		{Person: -1, Kind: StoryStopped, Type: heldType, From: ago(5, 10, 30)},
		{Person: 0, Kind: StoryStopped, Type: "hrv", From: ago(5, 14, 0)},
		w.away(1, StoryHoliday, w.back(holidayFrom, holidayTo)),
		{Person: 0, Kind: StoryUnreadable, Type: "dailies", From: ago(2, 9, 10), To: ago(2, 9, 10)},
	}
	return slices.DeleteFunc(all, func(s Story) bool { return s.Person >= len(w.people) })
}

// heldType is what stops for everyone, as if its endpoint had been put on
// hold. It is one that most watches send: what one person alone sends cannot
// stop for all.
const heldType = "allDayRespiration"

// away is a time without the phone, by the person's own midnights.
func (w *World) away(person int, kind string, d dates) Story {
	s := Story{Person: person, Kind: kind}
	if person < len(w.people) {
		p := &w.people[person]
		s.From, s.To = time.Unix(p.start(d.first), 0).UTC(), time.Unix(p.start(d.last+1), 0).UTC()
	}
	return s
}

// comesHome reports whether the phone is back on the date; in a world with
// stories it then meets the watch without fail.
func (w *World) comesHome(p *Person, c civil) bool {
	return w.cfg.Stories && anyHas(p.unsynced, c-1)
}

// needActivities are the types that come only with the permission for
// activities.
var needActivities = [...]string{"activities", "activityDetails", "activityFiles", "manuallyUpdatedActivities",
	"moveIQActivities"}

// over reports whether what a delivery holds comes no more at an instant.
func (w *World) over(d *Delivery, at time.Time) bool {
	return w.within(d, at, func(s *Story) bool {
		return s.Kind == StoryStopped && s.Type == d.Type ||
			s.Kind == StoryWithdrawn && slices.Contains(needActivities[:], d.Type)
	})
}

// spoils reports whether a delivery that was delayed until an instant would
// contradict a story.
func (w *World) spoils(d *Delivery, at time.Time) bool {
	return w.over(d, at) || w.within(d, at, func(s *Story) bool {
		return s.Kind == StoryLate || s.Kind == StoryHoliday
	})
}

// within reports whether one of some stories of one of the people in a
// delivery is under way at an instant.
func (w *World) within(d *Delivery, at time.Time, some func(*Story) bool) bool {
	for i := range w.stories {
		s := &w.stories[i]
		if some(s) && !at.Before(s.From) && (s.To.IsZero() || at.Before(s.To)) &&
			(s.Person < 0 || slices.Contains(d.people, s.Person)) {
			return true
		}
	}
	return false
}

// asides are the deliveries from one instant until before another that no
// sync brings, and that faults leave alone.
func (w *World) asides(from, to int64) (out []Delivery) {
	for i := range w.stories {
		s := &w.stories[i]
		at := s.From.Unix()
		if at < from || at >= to {
			continue
		}
		switch s.Kind {
		case StoryWithdrawn:
			out = append(out, w.held(w.withdrawal(s.Person, at)))
		case StoryUnreadable:
			out = append(out, w.held(w.unreadable(s.Person, at)))
		}
	}
	return out
}

func (w *World) withdrawal(person int, at int64) Delivery {
	b := body{kind: "userPermissionsChange"}
	b.granted(&w.people[person], at, true)
	return w.deliver(b.kind, person, at, b.bytes())
}

// unreadable is a daily summary that says neither its day nor its start.
func (w *World) unreadable(person int, at int64) Delivery {
	b := body{kind: "dailies"}
	b.open(&w.people[person], at)
	b.str("activityType", "GENERIC")
	b.int("durationInSeconds", 3600)
	b.int("steps", 4711)
	b.close()
	return w.deliver(b.kind, person, at, b.bytes())
}
