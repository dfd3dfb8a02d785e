package ui

import "garner/health"

// UnitChoice is one of the choices of Units, as forms offer it.
type UnitChoice struct {
	// Name is that of the form's field.
	Name, Label string
	// Options are what can be chosen, without the empty choice.
	Options []SettingOption
	of      func(Units) string
}

// UnitChoices are what a reader can choose about units; the first is the system,
// which the others follow unless they are chosen.
var UnitChoices = []UnitChoice{
	{"units", "Units", []SettingOption{{health.SystemMetric, "metric (km, kg, °C)"},
		{health.SystemImperial, "imperial (mi, lb, °F)"}}, func(u Units) string { return u.System }},
	{"weight", "Weight", []SettingOption{{health.InKilograms, "kilograms (kg)"}, {health.InPounds, "pounds (lb)"},
		{health.InStones, "stones and pounds (st lb)"}}, func(u Units) string { return u.Weight }},
	{"temperature", "Temperature", []SettingOption{{health.InCelsius, "Celsius (°C)"},
		{health.InFahrenheit, "Fahrenheit (°F)"}}, func(u Units) string { return u.Temperature }},
	{"energy", "Energy", []SettingOption{{health.InKilocalories, "kilocalories (kcal)"},
		{health.InKilojoules, "kilojoules (kJ)"}}, func(u Units) string { return u.Energy }},
}

// Value is what is chosen; empty for nothing.
func (c UnitChoice) Value(u Units) string { return c.of(u) }

// System reports whether the choice is that of the system.
func (c UnitChoice) System() bool { return c.Name == "units" }

// from are the options of a reader: the empty choice, which says what applies
// without another, and the others. A system of their own leaves nothing to the household.
func (c UnitChoice) from(own, household Units) []option {
	empty := "As the units"
	switch chosen := c.Value(household); {
	case own.System != "" && !c.System():
	case chosen != "":
		empty = "As the household: " + c.text(chosen)
	case c.System():
		empty = "As the household: those of each person"
	}
	return c.after(empty)
}

// after are the options after an empty one.
func (c UnitChoice) after(empty string) []option {
	list := []option{{"", empty}}
	for _, o := range c.Options {
		list = append(list, option(o))
	}
	return list
}

// ofPerson are the options for a person, who always has a system.
func (c UnitChoice) ofPerson() []option {
	list := c.after("as the units")
	if c.System() {
		return list[1:]
	}
	return list
}

func (c UnitChoice) text(value string) string {
	for _, o := range c.Options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}
