package ui

import (
	"math"
	"strings"
)

// Rate is how the speed of a sport is read: as a speed, or as a pace, the time
// for a length.
type Rate struct {
	// Unit is such as "km/h", "/mi" or "/100 yd".
	Unit string
	// Pace means that less is faster.
	Pace   bool
	meters float64 // the length
}

// slowest is the slowest pace that is still one, in metres per second: below it
// a person stands.
const slowest = 0.2

// Rate is how speed is read for a sport, which is Garmin's activity type: those on
// foot and those in water have a pace, all others a speed.
func (u Units) Rate(sport string) Rate {
	long := u.long()
	switch name := strings.ToUpper(sport); {
	case hasAny(name, "SWIM"):
		s := u.pool()
		return Rate{"/100" + thin + s.name, true, 100 / s.factor}
	case hasAny(name, "ROWING"):
		return Rate{"/500" + thin + "m", true, 500}
	case hasAny(name, "RUN", "WALK", "HIK", "TREADMILL", "SNOW_SHOE"):
		return Rate{"/" + long.name, true, 1 / long.factor}
	}
	if u.imperial() {
		return Rate{"mph", false, metersPerMile}
	}
	return Rate{"km/h", false, 1000}
}

func hasAny(name string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}

// Of is a speed in metres per second on the axis of the rate: lengths an hour, or
// minutes for a length. ok is false for the pace of who stands.
func (r Rate) Of(metersPerSecond float64) (x float64, ok bool) {
	if !r.Pace {
		return metersPerSecond * secondsPerHour / r.meters, true
	}
	return r.meters / metersPerSecond / 60, metersPerSecond >= slowest
}

// Text is a number of the axis: "5:30" or "28.4".
func (r Rate) Text(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return missing
	case r.Pace:
		return minutes(x)
	}
	return grouped(x, 1)
}

// Number is a speed in metres per second without its unit.
func (r Rate) Number(metersPerSecond float64) string {
	x, ok := r.Of(metersPerSecond)
	if !ok {
		return missing
	}
	return r.Text(x)
}

// Format is a speed in metres per second with its unit.
func (r Rate) Format(metersPerSecond float64) string {
	switch number := r.Number(metersPerSecond); {
	case number == missing:
		return missing
	case r.Pace:
		return number + r.Unit
	default:
		return number + thin + r.Unit
	}
}

// Pace is a speed in metres per second as people of a sport read it.
func (u Units) Pace(sport string, metersPerSecond float64) string {
	return u.Rate(sport).Format(metersPerSecond)
}
