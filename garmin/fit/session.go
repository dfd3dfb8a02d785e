package fit

import (
	"math"

	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/proto"
)

// session is the totals of a sport. What it does not say is NaN.
type session struct {
	start                 uint32 // the message's own timestamp may equal it, or be the end
	sport                 sport
	seconds, metres, kcal float64
	up, down              float64 // metres
	speed, topSpeed       float64 // m/s
	pulse, topPulse       float64 // bpm
	cadence, topCadence   float64 // cycles per minute
	cycles, lengths       float64
	latitude, longitude   float64 // degrees
}

func sessionOf(m *proto.Message) session {
	s := mesgdef.NewSession(m)
	out := session{
		start: s.StartTimeUint32(), sport: sport{s.Sport, s.SubSport},
		seconds:  scaled(s.TotalTimerTime, 1000),
		metres:   scaled(s.TotalDistance, 100),
		kcal:     scaled(s.TotalCalories, 1),
		up:       scaled(s.TotalAscent, 1),
		down:     scaled(s.TotalDescent, 1),
		speed:    scaled(enhanced(s.EnhancedAvgSpeed, s.AvgSpeed), 1000),
		topSpeed: scaled(enhanced(s.EnhancedMaxSpeed, s.MaxSpeed), 1000),
		pulse:    scaled(s.AvgHeartRate, 1),
		topPulse: scaled(s.MaxHeartRate, 1),
		cadence:  scaled(cycles(s.AvgCadence, s.AvgFractionalCadence), 128),
		cycles:   scaled(s.TotalCycles, 1),
		lengths:  scaled(s.NumActiveLengths, 1),
		latitude: math.NaN(), longitude: math.NaN(),
	}
	out.topCadence = scaled(cycles(s.MaxCadence, s.MaxFractionalCadence), 128)
	if s.TotalFractionalCycles < 128 {
		out.cycles += float64(s.TotalFractionalCycles) / 128
	}
	if s.StartPositionLat != basetype.Sint32Invalid && s.StartPositionLong != basetype.Sint32Invalid {
		out.latitude, out.longitude = degrees(s.StartPositionLat), degrees(s.StartPositionLong)
	}
	return out
}

// scaled is a field's value; NaN if it is FIT's invalid one, the highest of its type.
func scaled[T uint8 | uint16 | uint32](n T, scale float64) float64 {
	if n == ^T(0) {
		return math.NaN()
	}
	return float64(n) / scale
}

// join is the totals of a multisport activity: sums and highest values. Averages
// over several sports mean nothing.
func (s session) join(next session) session {
	nan := math.NaN()
	return session{
		start: s.start, sport: sport{typedef.SportMultisport, typedef.SubSportGeneric},
		seconds: sum(s.seconds, next.seconds), metres: sum(s.metres, next.metres), kcal: sum(s.kcal, next.kcal),
		up: sum(s.up, next.up), down: sum(s.down, next.down),
		topSpeed: highest(s.topSpeed, next.topSpeed), topPulse: highest(s.topPulse, next.topPulse),
		speed: nan, pulse: nan, cadence: nan, topCadence: nan, cycles: nan, lengths: nan,
		latitude: s.latitude, longitude: s.longitude,
	}
}

func sum(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return a + b
}

func highest(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

// appendTotals writes a session as members of an activity.
func (s *session) appendTotals(b []byte) []byte {
	b = appendWhole(b, "durationInSeconds", s.seconds)
	b = appendWhole(b, "averageHeartRateInBeatsPerMinute", s.pulse)
	b = appendWhole(b, "maxHeartRateInBeatsPerMinute", s.topPulse)
	b = s.appendCadence(b)
	b = appendTotal(b, "averageSpeedInMetersPerSecond", s.speed)
	b = appendTotal(b, "maxSpeedInMetersPerSecond", s.topSpeed)
	b = appendTotal(b, "averagePaceInMinutesPerKilometer", pace(s.speed))
	b = appendTotal(b, "maxPaceInMinutesPerKilometer", pace(s.topSpeed))
	b = appendTotal(b, "distanceInMeters", s.metres)
	b = appendWhole(b, "activeKilocalories", s.kcal)
	b = appendWhole(b, "numberOfActiveLengths", s.lengths)
	b = appendTotal(b, "totalElevationGainInMeters", s.up)
	b = appendTotal(b, "totalElevationLossInMeters", s.down)
	b = appendTotal(b, "startingLatitudeInDegree", s.latitude)
	return appendTotal(b, "startingLongitudeInDegree", s.longitude)
}

// appendCadence writes the cadence of a session under the names of its sport.
func (s *session) appendCadence(b []byte) []byte {
	switch name, each := s.sport.cadence(); name {
	case "stepsPerMinute":
		b = appendTotal(b, "averageRunCadenceInStepsPerMinute", s.cadence*each)
		b = appendTotal(b, "maxRunCadenceInStepsPerMinute", s.topCadence*each)
		b = appendWhole(b, "steps", s.cycles*each)
	case "bikeCadenceInRPM":
		b = appendTotal(b, "averageBikeCadenceInRoundsPerMinute", s.cadence)
		b = appendTotal(b, "maxBikeCadenceInRoundsPerMinute", s.topCadence)
	case "swimCadenceInStrokesPerMinute":
		b = appendTotal(b, "averageSwimCadenceInStrokesPerMinute", s.cadence)
	case "directWheelchairCadence":
		b = appendTotal(b, "averagePushCadenceInPushesPerMinute", s.cadence)
		b = appendTotal(b, "maxPushCadenceInPushesPerMinute", s.topCadence)
		b = appendWhole(b, "pushes", s.cycles)
	}
	return b
}

// pace is in minutes per kilometre; NaN while standing still.
func pace(speed float64) float64 {
	if speed == 0 {
		return math.NaN()
	}
	return 1000 / speed / 60
}

func appendTotal(b []byte, name string, x float64) []byte {
	if math.IsNaN(x) {
		return b
	}
	return appendFloat(b, name, x)
}

func appendWhole(b []byte, name string, x float64) []byte {
	if math.IsNaN(x) {
		return b
	}
	return appendInt(b, name, int64(math.Round(x)))
}
