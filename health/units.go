package health

import "cmp"

// Units are how a person reads values; values themselves are always kept as
// Garmin sends them. An empty System leaves all to others, and any other empty
// field follows the system.
type Units struct {
	System      string // SystemMetric or SystemImperial
	Weight      string // InKilograms, InPounds or InStones
	Temperature string // InCelsius or InFahrenheit
	Energy      string // InKilocalories or InKilojoules
}

// What can be chosen.
const (
	SystemMetric   = "metric"
	SystemImperial = "imperial"
	InKilograms    = "kg"
	InPounds       = "lb"
	InStones       = "st"
	InCelsius      = "c"
	InFahrenheit   = "f"
	InKilocalories = "kcal"
	InKilojoules   = "kj"
)

// Known reports whether every field is empty or one of its choices.
func (u Units) Known() bool {
	return among(u.System, SystemMetric, SystemImperial) && among(u.Weight, InKilograms, InPounds, InStones) &&
		among(u.Temperature, InCelsius, InFahrenheit) && among(u.Energy, InKilocalories, InKilojoules)
}

func among(choice string, known ...string) bool {
	for _, k := range known {
		if choice == k {
			return true
		}
	}
	return choice == ""
}

// Or are the units of a reader who leaves open what they do not choose. A chosen
// system brings its own weight, temperature and energy; without one, the rest
// comes from the defaults.
func (u Units) Or(defaults Units) Units {
	if u.System != "" {
		return u
	}
	return Units{defaults.System, cmp.Or(u.Weight, defaults.Weight), cmp.Or(u.Temperature, defaults.Temperature),
		cmp.Or(u.Energy, defaults.Energy)}
}
