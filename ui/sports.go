package ui

import (
	"cmp"
	"strings"

	"garner/health"
)

// sport is how pages show the activities of one kind.
type sport struct {
	// Word is the kind in words, Icon its icon.
	Word, Icon string
	// pace is the unit of its pace; empty for kinds that are told by speed.
	pace health.Unit
	// pool is true for what is swum in a pool.
	pool bool
}

// families are kinds by a part of Garmin's name; the first that fits counts.
var families = []struct {
	part, icon string
	pace       health.Unit
}{
	{"MULTI", "multisport", ""},
	{"TRIATHLON", "multisport", ""},
	{"SWIM", "swim", health.MinutePer100M},
	{"RUN", "run", health.MinutePerKM},
	{"WALK", "walk", health.MinutePerKM},
	{"HIK", "walk", health.MinutePerKM},
	{"SNOW_SHOE", "walk", health.MinutePerKM},
	{"BIK", "bike", ""},
	{"CYCL", "bike", ""},
}

// sportOf reads Garmin's name of a kind, such as ROAD_BIKING.
func sportOf(key string) sport {
	s := sport{Word: cmp.Or(garminWord(strings.TrimSuffix(key, "_V2")), "Activity"), Icon: "activities"}
	for _, f := range families {
		if strings.Contains(strings.ToUpper(key), f.part) {
			s.Icon, s.pace = f.icon, f.pace
			break
		}
	}
	s.pool = strings.Contains(strings.ToUpper(key), "LAP_SWIM")
	return s
}

// garminWord writes one of Garmin's constants, such as SECOND_TRIMESTER, as words.
func garminWord(key string) string {
	return capital(strings.ToLower(strings.ReplaceAll(key, "_", " ")))
}

// distance is that of an activity or a lap of the kind; nothing for 0 and NaN.
func (s sport) distance(meters float64) Value {
	return Value{V: meters, OK: meters > 0, Unit: health.Meter, Pool: s.pool}
}

// standing is the speed, in m/s, below which there is no pace.
const standing = 0.2

// pace is the pace of a speed in m/s, in minutes; ok is false where the person stood.
func (s sport) paceOf(metersPerSecond float64) (minutes float64, ok bool) {
	meters := 1000.0
	if s.pace == health.MinutePer100M {
		meters = 100
	}
	if !(metersPerSecond >= standing) {
		return 0, false
	}
	return meters / 60 / metersPerSecond, true
}

// speed is a speed in m/s as the kind is told: its pace, or in km/h; nothing for 0.
func (s sport) speed(metersPerSecond float64) Value {
	if s.pace == "" {
		return Value{V: metersPerSecond, OK: metersPerSecond > 0, Unit: health.MeterPerSecond}
	}
	x, ok := s.paceOf(metersPerSecond)
	return Value{V: x, OK: ok, Unit: s.pace}
}

// speedLabel is what speed says: "Pace" or "Speed".
func (s sport) speedLabel() string {
	if s.pace == "" {
		return "Speed"
	}
	return "Pace"
}

// Pace is a speed in m/s as people of a sport read it, as a pace or a speed; sport is
// Garmin's name of the kind.
func (u Units) Pace(sport string, metersPerSecond float64) string {
	v := sportOf(sport).speed(metersPerSecond)
	return u.Format(v)
}
