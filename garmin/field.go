package garmin

import (
	"strings"
	"unicode"

	"garner/health"
)

// suffixes are the unit words at the end of Garmin's names, and what they
// become. Longer ones come before those that they end with.
var suffixes = []struct {
	words string
	unit  health.Unit
}{
	{"InBeatsPerMinute", health.BPM},
	{"InStepsPerMinute", health.StepsPerMin},
	{"InRoundsPerMinute", health.RoundsPerMin},
	{"InStrokesPerMinute", health.StrokesPerMin},
	{"InPushesPerMinute", health.PushesPerMin},
	{"InMinutesPerKilometer", health.MinutePerKM},
	{"InMilligramsPerDeciliter", health.MilligramPerDL},
	{"InMetersPerSecond", health.MeterPerSecond},
	{"MetersPerSecond", health.MeterPerSecond},
	{"InRPM", health.RoundsPerMin},
	{"InCentimeters", health.Centimeter},
	{"InMilliliters", health.Milliliter},
	{"InML", health.Milliliter},
	{"InSeconds", health.Second},
	{"InMeters", health.Meter},
	{"InGrams", health.Gram},
	{"InPercent", health.Percent},
	{"InDegree", health.Degree},
	{"InWatts", health.Watt},
	{"Kilocalories", health.Kilocalorie},
	{"Calories", health.Kilocalorie}, // of food; Garmin means kilocalories
	{"Celsius", health.Celsius},
	{"Celcius", health.Celsius}, // Garmin's own spelling in activityDetails
}

// goal moves a unit word before the end (netKilocaloriesGoal) to it.
const goal = "Goal"

// f declares a number by Garmin's name; column name and unit follow from it.
func f(json, label string) Field {
	name, unit := columnName(json)
	return Field{Name: name, JSON: json, Label: label, Unit: unit}
}

// fu declares a number whose unit is not part of Garmin's name.
func fu(json, label string, unit health.Unit) Field {
	fd := f(json, label)
	if fd.Name != string(unit) && !strings.HasSuffix(fd.Name, "_"+string(unit)) {
		fd.Name += "_" + string(unit)
	}
	fd.Unit = unit
	return fd
}

func text(json, label string) Field { return form(json, label, Text) }
func flag(json, label string) Field { return form(json, label, Bool) }
func date(json, label string) Field { return form(json, label, Date) }

// instant declares unix seconds. Their column ends in _s as the unit's does.
func instant(json, label string) Field {
	fd := f(json, label)
	fd.Form = Time
	return fd
}

func form(json, label string, fm Form) Field {
	fd := f(json, label)
	fd.Form = fm
	return fd
}

// or adds other names that Garmin has used.
func (fd Field) or(aliases ...string) Field {
	fd.Aliases = append(fd.Aliases, aliases...)
	return fd
}

// height marks the field as an ascent or an elevation, not a distance.
func (fd Field) height() Field {
	fd.Height = true
	return fd
}

// delta marks the field as a difference, as of temperatures.
func (fd Field) delta() Field {
	fd.Delta = true
	return fd
}

// columnName makes snake_case of Garmin's name, the unit word replaced by the
// unit's suffix; parts of a path are joined by an underscore.
func columnName(json string) (string, health.Unit) {
	for _, s := range suffixes {
		if head, ok := strings.CutSuffix(json, s.words); ok {
			return snake(head) + "_" + string(s.unit), s.unit
		}
		if head, ok := strings.CutSuffix(json, s.words+goal); ok {
			return snake(head+goal) + "_" + string(s.unit), s.unit
		}
	}
	return snake(json), health.None
}

func snake(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '.':
			b.WriteByte('_')
			continue
		case unicode.IsUpper(r) && i > 0 && runes[i-1] != '.' && runes[i-1] != '_' &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
