package ui

import "garner/health"

// Units is the system in which a person reads values. Values are always kept
// as Garmin sends them.
type Units string

// The systems. The zero value is metric.
const (
	Metric   Units = "metric"
	Imperial Units = "imperial"
)

// scale says how a unit is shown: multiplied, added to, then called name.
type scale struct {
	name     string
	factor   float64
	offset   float64
	decimals int // added to the metric's own precision
}

const (
	metersPerMile  = 1609.344
	gramsPerPound  = 453.59237
	metersPerFoot  = 0.3048
	mlPerOunce     = 29.5735295625 // the fluid ounce of the US
	centiPerInch   = 2.54
	secondsPerHour = 3600
)

var plain = map[health.Unit]string{
	health.None: "", health.BPM: "bpm", health.Millisecond: "ms", health.Kilocalorie: "kcal",
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
	health.Gram:           {name: "kg", factor: 1.0 / 1000, decimals: 1},
	health.Celsius:        {name: "°C", factor: 1},
	health.Centimeter:     {name: "cm", factor: 1},
	health.Milliliter:     {name: "ml", factor: 1},
}

var imperialScales = map[health.Unit]scale{
	health.Meter:          {name: "ft", factor: 1 / metersPerFoot},
	health.MeterPerSecond: {name: "mph", factor: secondsPerHour / metersPerMile, decimals: 1},
	health.MinutePerKM:    {name: "/mi", factor: metersPerMile / 1000},
	health.MinutePer100M:  {name: "/100" + thin + "yd", factor: 3 * metersPerFoot},
	health.Gram:           {name: "lb", factor: 1 / gramsPerPound, decimals: 1},
	health.Celsius:        {name: "°F", factor: 1.8, offset: 32},
	health.Centimeter:     {name: "in", factor: 1 / centiPerInch},
	health.Milliliter:     {name: "fl" + thin + "oz", factor: 1 / mlPerOunce},
}

// far is a distance that is better read in kilometres or miles.
const far = 1000

// fine is a length below which fractions of a metre say something.
const fine = 100

func (u Units) scale(unit health.Unit) scale {
	scales := metricScales
	if u == Imperial {
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

// long is the scale of distances.
func (u Units) long() scale {
	if u == Imperial {
		return scale{name: "mi", factor: 1 / metersPerMile}
	}
	return scale{name: "km", factor: 1.0 / 1000}
}
