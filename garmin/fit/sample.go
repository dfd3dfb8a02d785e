package fit

import (
	"strconv"

	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/profile/untyped/fieldnum"
	"github.com/muktihari/fit/proto"
)

// sample is what a record says, in FIT's units. What it does not say has FIT's
// invalid value of the type.
type sample struct {
	at       uint32
	lat, lon int32  // semicircles
	altitude uint32 // fifths of a metre above -500 m
	speed    uint32 // mm/s
	distance uint32 // cm
	power    uint16 // W
	cadence  uint16 // 1/128 of a turn, stroke or stride per minute
	pulse    uint8  // bpm
	celsius  int8
}

var noSample = sample{
	at: basetype.Uint32Invalid, lat: basetype.Sint32Invalid, lon: basetype.Sint32Invalid,
	altitude: basetype.Uint32Invalid, speed: basetype.Uint32Invalid, distance: basetype.Uint32Invalid,
	power: basetype.Uint16Invalid, cadence: basetype.Uint16Invalid, pulse: basetype.Uint8Invalid,
	celsius: basetype.Sint8Invalid,
}

// sampleOf reads a record. Enhanced fields have more bits than the plain ones that
// old devices write, and come first.
func sampleOf(m *proto.Message) sample {
	s := noSample
	altitude, speed := uint16(basetype.Uint16Invalid), uint16(basetype.Uint16Invalid)
	whole, part := uint8(basetype.Uint8Invalid), uint8(basetype.Uint8Invalid)
	for i := range m.Fields {
		v := m.Fields[i].Value
		switch m.Fields[i].Num {
		case fieldnum.RecordTimestamp:
			s.at = v.Uint32()
		case fieldnum.RecordPositionLat:
			s.lat = v.Int32()
		case fieldnum.RecordPositionLong:
			s.lon = v.Int32()
		case fieldnum.RecordEnhancedAltitude:
			s.altitude = v.Uint32()
		case fieldnum.RecordAltitude:
			altitude = v.Uint16()
		case fieldnum.RecordEnhancedSpeed:
			s.speed = v.Uint32()
		case fieldnum.RecordSpeed:
			speed = v.Uint16()
		case fieldnum.RecordDistance:
			s.distance = v.Uint32()
		case fieldnum.RecordPower:
			s.power = v.Uint16()
		case fieldnum.RecordCadence:
			whole = v.Uint8()
		case fieldnum.RecordFractionalCadence:
			part = v.Uint8()
		case fieldnum.RecordHeartRate:
			s.pulse = v.Uint8()
		case fieldnum.RecordTemperature:
			s.celsius = v.Int8()
		}
	}
	s.altitude, s.speed = enhanced(s.altitude, altitude), enhanced(s.speed, speed)
	s.cadence = cycles(whole, part)
	if s.pulse == 0 { // no contact
		s.pulse = basetype.Uint8Invalid
	}
	const pole = 1 << 30
	if s.lat < -pole || s.lat > pole || s.lon == basetype.Sint32Invalid {
		s.lat, s.lon = noSample.lat, noSample.lon
	}
	return s
}

// enhanced is the enhanced value, or else the plain one.
func enhanced(long uint32, short uint16) uint32 {
	if long == basetype.Uint32Invalid && short != basetype.Uint16Invalid {
		return uint32(short)
	}
	return long
}

// cycles joins a cadence with its fraction, in 1/128.
func cycles(whole, part uint8) uint16 {
	if whole == basetype.Uint8Invalid {
		return basetype.Uint16Invalid
	}
	if part > 127 {
		part = 0
	}
	return uint16(whole)*128 + uint16(part)
}

// over is a second record of the same second over the first.
func (s sample) over(first sample) sample {
	if s.lat != noSample.lat {
		first.lat, first.lon = s.lat, s.lon
	}
	first.altitude = later(first.altitude, s.altitude, noSample.altitude)
	first.speed = later(first.speed, s.speed, noSample.speed)
	first.distance = later(first.distance, s.distance, noSample.distance)
	first.power = later(first.power, s.power, noSample.power)
	first.cadence = later(first.cadence, s.cadence, noSample.cadence)
	first.pulse = later(first.pulse, s.pulse, noSample.pulse)
	first.celsius = later(first.celsius, s.celsius, noSample.celsius)
	return first
}

func later[T comparable](first, second, none T) T {
	if second == none {
		return first
	}
	return second
}

// cadence is the member of activityDetails for the cadence of a sport, and how many
// of it are one cycle: FIT counts strides, Garmin's JSON steps. The name is empty
// for strokes of oars and paddles, and if the sport is not known.
func (s sport) cadence() (name string, each float64) {
	switch {
	case s.Sport == typedef.SportInvalid, s.sub == typedef.SubSportIndoorRowing:
		return "", 0
	}
	switch s.Sport {
	case typedef.SportCycling, typedef.SportEBiking:
		return "bikeCadenceInRPM", 1
	case typedef.SportSwimming:
		return "swimCadenceInStrokesPerMinute", 1
	case typedef.SportWheelchairPushWalk, typedef.SportWheelchairPushRun:
		return "directWheelchairCadence", 1
	case typedef.SportRowing, typedef.SportPaddling, typedef.SportStandUpPaddleboarding, typedef.SportKayaking,
		typedef.SportRafting:
		return "", 0
	}
	return "stepsPerMinute", 2
}

// appendSample writes a sample as an item of activityDetails.
func appendSample(b []byte, s *sample, in sport, c clocks) []byte {
	b = appendInt(append(b, '{'), "startTimeInSeconds", unix(s.at))
	if s.lat != noSample.lat {
		b = appendFloat(b, "latitudeInDegree", degrees(s.lat))
		b = appendFloat(b, "longitudeInDegree", degrees(s.lon))
	}
	if s.altitude != noSample.altitude {
		b = appendFloat(b, "elevationInMeters", float64(int64(s.altitude)-2500)/5)
	}
	if s.celsius != noSample.celsius {
		b = appendFloat(b, "airTemperatureCelcius", float64(s.celsius)) // so spelled by Garmin
	}
	if s.pulse != noSample.pulse {
		b = appendInt(b, "heartRate", int64(s.pulse))
	}
	if s.speed != noSample.speed {
		b = appendFloat(b, "speedMetersPerSecond", float64(s.speed)/1000)
	}
	if s.distance != noSample.distance {
		b = appendFloat(b, "totalDistanceInMeters", float64(s.distance)/100)
	}
	if s.power != noSample.power {
		b = appendFloat(b, "powerInWatts", float64(s.power))
	}
	if name, each := in.cadence(); name != "" && s.cadence != noSample.cadence {
		b = appendFloat(b, name, float64(s.cadence)/128*each)
	}
	b = appendInt(b, "timerDurationInSeconds", c.timer)
	b = appendInt(b, "clockDurationInSeconds", c.clock)
	b = appendInt(b, "movingDurationInSeconds", c.moving)
	return append(b, '}')
}

func degrees(semicircles int32) float64 { return float64(semicircles) * (180.0 / (1 << 31)) }

// appendName begins a member of an object.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(append(b, '"'), name...)
	return append(b, '"', ':')
}

func appendInt(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(appendName(b, name), n, 10)
}

// appendFloat writes a number with a point, as Garmin does.
func appendFloat(b []byte, name string, x float64) []byte {
	b = appendName(b, name)
	if x == float64(int64(x)) {
		return append(strconv.AppendInt(b, int64(x), 10), '.', '0')
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}
