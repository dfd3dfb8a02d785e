package query

import (
	"context"
	"math"
	"slices"
	"time"

	"garner/health"
	"garner/health/alert"
)

// Chain is the state of the path of the data: from Garmin to Garner, from there
// into the database, and from there to the people who are notified.
type Chain struct {
	// News is when the newest data came, zero for never.
	News time.Time
	// NothingArrives and TypeStopped are current conditions.
	NothingArrives, TypeStopped bool
	// UnreachableSince is since when the public address has not responded, zero
	// if it does. Probed is when it was last probed, zero for never, with whether
	// it Answered and the response.
	UnreachableSince, Probed time.Time
	Answered                 bool
	ProbeDetail              string

	// Waiting counts the deliveries to be processed, the oldest of OldestWaiting;
	// Backlogged means that there are too many. Parked could not be processed.
	Waiting, Parked int64
	OldestWaiting   time.Time
	Backlogged      bool
	DiskLow         bool

	// UnsentSince is since when notifications cannot be sent, and why; zero if
	// they can. Sent is when the last one was sent, zero for never.
	UnsentSince time.Time
	UnsentError string
	Sent        time.Time
}

// Chain returns it as of now.
func (h *Household) Chain(ctx context.Context) (*Chain, error) {
	if err := h.Viewer.operates(); err != nil {
		return nil, err
	}
	in := h.Facts.Inside
	out := &Chain{News: h.Found.News, NothingArrives: h.has(alert.NothingArrives), TypeStopped: h.has(alert.TypeStopped),
		UnreachableSince: in.UnreachableSince, Waiting: in.Waiting, Parked: in.Parked, OldestWaiting: in.OldestWaiting,
		Backlogged: h.has(alert.Backlogged), DiskLow: h.has(alert.DiskLow), UnsentSince: in.MailSince,
		UnsentError: in.MailError}
	signals, err := h.Store.Signals(ctx)
	if err != nil {
		return nil, err
	}
	probe := signals["probe"]
	out.Probed, out.Answered, out.ProbeDetail = probe.At, probe.Value == 1, probe.Detail
	sent, _, err := h.Store.LastNotifications(ctx)
	for _, m := range sent {
		if m.Ended.After(out.Sent) {
			out.Sent = m.Ended
		}
	}
	return out, err
}

// has reports whether a condition of a kind holds that the viewer may know of.
func (h *Household) has(kind alert.Kind) bool {
	return slices.ContainsFunc(h.Found.Conditions, func(c alert.Condition) bool {
		return c.Kind == kind && h.Viewer.seesSubject(c.Person) == nil
	})
}

// Volume is how much of one type, by its key, came from all people.
type Volume struct {
	Type string
	// Days are UTC days, oldest first; the last is today.
	Days []VolumeDay
	// Usual is the median of the days before today.
	Usual int
	// StoppedSince is since when it has stopped for all people, zero if it has not;
	// Collapsed means that much less comes than usual.
	StoppedSince time.Time
	Collapsed    bool
}

// VolumeDay counts the elements that came on a day. State is Present if
// Garner could receive data that day, so that 0 is a count, Awaited for today, and
// NotExpected if Garner was off or had not begun.
type VolumeDay struct {
	Day   health.Day
	Count int
	State health.Absence
}

// Volumes returns those of the types that came in the last days.
func (h *Household) Volumes(ctx context.Context) ([]Volume, error) {
	if err := h.Viewer.operates(); err != nil {
		return nil, err
	}
	counts, err := h.Store.Volumes(ctx, h.Facts.Now, alert.LearnDays-1)
	if err != nil {
		return nil, err
	}
	today := dayAt(h.Facts.Now, time.UTC)
	var out []Volume
	for _, t := range h.Facts.Types {
		n := counts[t.Key]
		if n == nil {
			continue
		}
		v := Volume{Type: t.Key, Usual: int(math.Round(health.Median(n[:len(n)-1])))}
		for i, count := range n {
			day := today - health.Day(len(n)-1-i)
			v.Days = append(v.Days, VolumeDay{day, count, h.heard(day, today)})
		}
		for _, c := range h.Found.Conditions {
			if c.Type == t.Key && c.Kind == alert.TypeStopped {
				v.StoppedSince = c.Since
			} else if c.Type == t.Key && c.Kind == alert.Collapsed {
				v.Collapsed = true
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// heard reports whether a day's count means something.
func (h *Household) heard(day, today health.Day) health.Absence {
	from := day.Midnight()
	switch {
	case day == today:
		return health.Awaited
	case h.Facts.ObservableTime.Between(from, from.Add(24*time.Hour)) == 0:
		return health.NotExpected
	}
	return health.Present
}
