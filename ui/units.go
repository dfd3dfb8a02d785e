package ui

import (
	"cmp"

	"garner/health"
)

// Units are those in which a person reads values. Values are always kept as
// Garmin sends them. The zero value is metric.
type Units health.Units

// The systems, with all that follows them.
var (
	Metric   = Units{System: health.SystemMetric}
	Imperial = Units{System: health.SystemImperial}
)

// scale says how a unit is shown: multiplied, added to, then called name.
type scale struct {
	name     string
	factor   float64
	offset   float64
	decimals int // added to the metric's own precision
}

const (
	metersPerMile   = 1609.344
	metersPerYard   = 0.9144
	gramsPerPound   = 453.59237
	poundsPerStone  = 14
	metersPerFoot   = 0.3048
	mlPerOunce      = 29.5735295625 // the fluid ounce of the US
	centiPerInch    = 2.54
	secondsPerHour  = 3600
	joulePerCalorie = 4.184
)

var plain = map[health.Unit]string{
	health.None: "", health.BPM: "bpm", health.Millisecond: "ms",
	health.Percent: "%", health.BreathsPerMin: "brpm", health.MMHG: "mmHg", health.VO2Max: "ml/kg/min",
	health.Degree: "°", health.StepsPerMin: "spm", health.RoundsPerMin: "rpm",
	health.StrokesPerMin: "strokes/min", health.PushesPerMin: "pushes/min", health.Watt: "W",
	health.Year: "years", health.Days: "days", health.MET: "MET", health.MilligramPerDL: "mg/dl",
	health.Minute: "min",
}

var metricScales = map[health.Unit]scale{
	health.Meter:          {name: "m", factor: 1},
	health.MeterPerSecond: {name: "km/h", factor: secondsPerHour / 1000.0, decimals: 1},
	health.MinutePerKM:    {name: "/km", factor: 1},
	health.MinutePer100M:  {name: "/100" + thin + "m", factor: 1},
	health.Centimeter:     {name: "cm", factor: 1},
	health.Milliliter:     {name: "ml", factor: 1},
}

var imperialScales = map[health.Unit]scale{
	health.Meter:          {name: "ft", factor: 1 / metersPerFoot},
	health.MeterPerSecond: {name: "mph", factor: secondsPerHour / metersPerMile, decimals: 1},
	health.MinutePerKM:    {name: "/mi", factor: metersPerMile / 1000},
	health.MinutePer100M:  {name: "/100" + thin + "yd", factor: 3 * metersPerFoot},
	health.Centimeter:     {name: "in", factor: 1 / centiPerInch},
	health.Milliliter:     {name: "fl" + thin + "oz", factor: 1 / mlPerOunce},
}

// stored are the names of the units in which values are stored, besides plain.
var stored = map[health.Unit]string{
	health.Second: "s", health.Meter: "m", health.MeterPerSecond: "m/s", health.MinutePerKM: "min/km",
	health.MinutePer100M: "min/100" + thin + "m", health.Gram: "g", health.Kilocalorie: "kcal", health.Celsius: "°C",
	health.Centimeter: "cm", health.Milliliter: "ml",
}

// storedUnit is the name of a unit as Garmin sends it, whatever the reader prefers.
func storedUnit(u health.Unit) string { return cmp.Or(stored[u], plain[u]) }

// The scales that can be chosen apart from the system.
var (
	kilograms  = scale{name: "kg", factor: 1.0 / 1000, decimals: 1}
	pounds     = scale{name: "lb", factor: 1 / gramsPerPound, decimals: 1}
	stones     = scale{name: "st", factor: 1 / (gramsPerPound * poundsPerStone), decimals: 1}
	celsius    = scale{name: "°C", factor: 1}
	fahrenheit = scale{name: "°F", factor: 1.8, offset: 32}
	calories   = scale{name: "kcal", factor: 1}
	joules     = scale{name: "kJ", factor: joulePerCalorie}
)

// ones are the units that are words, of one.
var ones = map[string]string{plain[health.Year]: "year", plain[health.Days]: "day"}

// far is a distance that is better read in kilometres or miles.
const far = 1000

// fine is a length below which fractions of a metre say something.
const fine = 100

func (u Units) imperial() bool { return u.System == health.SystemImperial }

func (u Units) scale(unit health.Unit) scale {
	switch unit {
	case health.Gram:
		return u.weight()
	case health.Celsius:
		if u.Temperature == health.InFahrenheit || u.Temperature == "" && u.imperial() {
			return fahrenheit
		}
		return celsius
	case health.Kilocalorie:
		if u.Energy == health.InKilojoules {
			return joules
		}
		return calories
	}
	scales := metricScales
	if u.imperial() {
		scales = imperialScales
	}
	if s, ok := scales[unit]; ok {
		return s
	}
	if name, ok := plain[unit]; ok {
		return scale{name: name, factor: 1}
	}
	return scale{name: string(unit), factor: 1}
}

func (u Units) weight() scale {
	switch {
	case u.Weight == health.InStones:
		return stones
	case u.Weight == health.InPounds, u.Weight == "" && u.imperial():
		return pounds
	}
	return kilograms
}

// long is the scale of distances.
func (u Units) long() scale {
	if u.imperial() {
		return scale{name: "mi", factor: 1 / metersPerMile}
	}
	return scale{name: "km", factor: 1.0 / 1000}
}

// pool is the scale of what is swum in a pool.
func (u Units) pool() scale {
	if u.imperial() {
		return scale{name: "yd", factor: 1 / metersPerYard}
	}
	return scale{name: "m", factor: 1}
}

// Axis is how values of one unit stand on the axis of a chart: all in one unit.
type Axis struct {
	// Unit is the name of the unit.
	Unit  string
	scale scale
}

// Axis is the axis of values as great as v. Lengths of a kilometre and more are
// in kilometres or miles, times in hours or minutes; weights in stones are decimal,
// and in pounds below a stone.
func (u Units) Axis(v Value) Axis {
	s := u.scale(v.Unit)
	switch {
	case v.Unit == health.Meter:
		s = u.lengthScale(v)
	case v.Unit == health.Second && v.V >= 2*secondsPerHour:
		s = scale{name: "h", factor: 1.0 / secondsPerHour}
	case v.Unit == health.Second:
		s = scale{name: "min", factor: 1.0 / 60}
	case s == stones && v.V < gramsPerPound*poundsPerStone:
		s = pounds
	case v.Unit == health.Gram && v.V < 1000:
		s = scale{name: "g", factor: 1}
	}
	if v.Delta {
		s.offset = 0
	}
	return Axis{s.name, s}
}

// Of is a value, as Garmin sends it, on the axis.
func (a Axis) Of(v float64) float64 { return v*a.scale.factor + a.scale.offset }
