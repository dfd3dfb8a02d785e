package text

import "fmt"

// Clock is how times of day are written: 19:05 or 7:05 pm. The zero value is
// Clock24.
type Clock string

// The clocks.
const (
	Clock24 Clock = "24"
	Clock12 Clock = "12"
)

// Minutes is the layout of a time of day for time.Time.Format: "07:05", "7:05 am".
// A narrow no-break space keeps am and pm on the line of their number.
func (c Clock) Minutes() string { return c.pick("15:04", "3:04\u202fpm") }

// Seconds is the layout of a time of day with seconds: "07:05:09", "7:05:09 am".
func (c Clock) Seconds() string { return c.pick("15:04:05", "3:04:05\u202fpm") }

// Hours is the layout of a full hour on an axis: "07:00", "7 am".
func (c Clock) Hours() string { return c.pick("15:04", "3\u202fpm") }

func (c Clock) pick(by24, by12 string) string {
	if c == Clock12 {
		return by12
	}
	return by24
}

// Zone names a clock by the seconds that it is ahead of UTC: "UTC+9", "UTC+5:30".
func Zone(offset int) string {
	if offset == 0 {
		return "UTC"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	name := fmt.Sprintf("UTC%s%d", sign, offset/3600)
	if rest := offset % 3600 / 60; rest != 0 {
		name += fmt.Sprintf(":%02d", rest)
	}
	return name
}
