package notify

import (
	"fmt"
	"time"
)

// QuietHours are hours of the day in which nothing is sent, in minutes after
// midnight; none if both are equal. From may lie after To: over midnight.
type QuietHours struct{ From, To int }

// ParseQuietHours reads "22:00-07:00"; the empty text is no quiet hours.
func ParseQuietHours(text string) (q QuietHours, err error) {
	if text == "" {
		return q, nil
	}
	var fh, fm, th, tm int
	n, err := fmt.Sscanf(text, "%d:%d-%d:%d", &fh, &fm, &th, &tm)
	in := func(v, most int) bool { return v >= 0 && v <= most }
	if err != nil || n != 4 || !in(fh, 23) || !in(th, 23) || !in(fm, 59) || !in(tm, 59) ||
		fmt.Sprintf("%02d:%02d-%02d:%02d", fh, fm, th, tm) != text {
		return q, fmt.Errorf("must be hours such as \"22:00-07:00\", got %q", text)
	}
	return QuietHours{fh*60 + fm, th*60 + tm}, nil
}

// Next is when something that is ready at t may be sent, on the clock of zone.
// When the clock goes back, hours that occur twice are quiet both times.
func (q QuietHours) Next(t time.Time, zone *time.Location) time.Time {
	if q.From == q.To {
		return t
	}
	year, month, day := t.In(zone).Date()
	for _, from := range []int{day - 1, day} {
		to := from
		if q.From > q.To {
			to++
		}
		begins := WallClock(year, month, from, q.From/60, q.From%60, zone, false)
		ends := WallClock(year, month, to, q.To/60, q.To%60, zone, true)
		if !t.Before(begins) && t.Before(ends) {
			return ends
		}
	}
	return t
}
