package query

import (
	"context"
	"slices"
	"time"

	"garner/garmin"
	"garner/health/alert"
)

// Status is how the data of everyone whom the viewer may see arrive: what Home and
// Sync say first.
type Status struct {
	// People counts them, and Paused those who are paused.
	People, Paused int
	// News is when the newest of their data came, zero for never.
	News time.Time
	// NothingArrives means that nothing comes of anyone.
	NothingArrives bool
	// Fault is what ails Garner, or the way from Garmin to it, as a whole: the most
	// far-reaching condition, nil for none.
	Fault *alert.Condition
	// Overdue, Waiting and Late are the names of those in the state.
	Overdue, Waiting, Late []string
	// Stopped is what stopped arriving: a type of everyone, or of one person.
	Stopped []alert.Subject
	// AlsoAsleep are the labels of what the stopped types measure and sleep records too, while
	// these arrive.
	AlsoAsleep []string
	// Collapsed are the keys of the types of which much less comes than usual.
	Collapsed []string
}

// Status returns it as of now.
func (h *Household) Status() *Status {
	out := &Status{NothingArrives: h.has(alert.NothingArrives), Fault: h.fault()}
	for _, at := range h.seen() {
		out.People++
		if news := h.Facts.People[at].News; news.After(out.News) {
			out.News = news
		}
		switch name := h.Facts.People[at].Name; h.Found.People[at].State {
		case alert.Paused:
			out.Paused++
		case alert.Overdue:
			out.Overdue = append(out.Overdue, name)
		case alert.Waiting:
			out.Waiting = append(out.Waiting, name)
		case alert.Late:
			out.Late = append(out.Late, name)
		}
	}
	for _, c := range h.Found.Conditions {
		switch {
		case h.Viewer.seesSubject(c.Person) != nil:
		case c.Kind == alert.Collapsed:
			out.Collapsed = append(out.Collapsed, c.Type)
		case c.Kind == alert.TypeStopped, c.Kind == alert.PersonTypeStopped:
			out.Stopped = append(out.Stopped, c.Subject)
		}
	}
	out.AlsoAsleep = alsoAsleep(out.Stopped)
	return out
}

func alsoAsleep(stopped []alert.Subject) (labels []string) {
	for _, s := range stopped {
		if s.Type == garmin.Sleeps.Key {
			return nil
		}
		labels = append(labels, garmin.AlsoAsleep(s.Type)...)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// faults are the kinds of conditions that concern everything, most far-reaching
// first.
var faults = []alert.Kind{alert.FilesReplaced, alert.Damaged, alert.NothingArrives, alert.Unreachable, alert.Backlogged,
	alert.DiskLow, alert.BackupFailed, alert.BackupMissing}

func (h *Household) fault() *alert.Condition {
	if h.Viewer.operates() != nil {
		return nil
	}
	for _, kind := range faults {
		at := slices.IndexFunc(h.Found.Conditions, func(c alert.Condition) bool { return c.Kind == kind })
		if at >= 0 {
			return &h.Found.Conditions[at]
		}
	}
	return nil
}

// Badges are the numbers beside the navigation.
type Badges struct {
	// Parked counts deliveries, 0 for a viewer who does not run the installation.
	// OpenIncidents counts incidents of which the viewer may know.
	Parked, OpenIncidents int
}

// Badges returns them as of now.
func (q *Reader) Badges(ctx context.Context) (b Badges, err error) {
	if q.Viewer.operates() != nil {
		open, err := q.Store.OpenIncidents(ctx)
		b.OpenIncidents = len(q.visible(open))
		return b, err
	}
	parked, err := q.Store.ParkedCount(ctx)
	if err != nil {
		return b, err
	}
	b.Parked = int(parked)
	b.OpenIncidents, err = q.Store.CountOpenIncidents(ctx)
	return b, err
}

// Backlog counts deliveries that are not settled. Both numbers are 0 for a viewer
// who does not run the installation.
type Backlog struct {
	// Waiting are still to be processed. Unsettled want someone to look: they are
	// parked, quarantined, or of unknown people.
	Waiting, Unsettled int
}

// Backlog returns it as of now.
func (q *Reader) Backlog(ctx context.Context) (Backlog, error) {
	if q.Viewer.operates() != nil {
		return Backlog{}, nil
	}
	c, err := q.Store.Counts(ctx, q.Inbox, q.Now)
	return Backlog{int(c.Waiting), int(c.Parked + c.Quarantined + c.Orphaned)}, err
}
