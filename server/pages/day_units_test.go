package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestADeviationOfTemperatureIsNoTemperatureInFahrenheit(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Form("/people/ada/units", map[string][]string{"units": {"imperial"}})
	s.Push(
		"skinTemp",
		fmt.Sprintf(`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
		"durationInSeconds":27000,"avgDeviationCelsius":0.5,"minDeviationCelsius":-1.5`, midnight20),
	)
	if got := servertest.MetricOf(t, s.Page("/p/ada/day/2026-11-20"), "skin_temperature_deviation"); got != "0.9 °F" {
		t.Errorf("the day says %q", got)
	}
	table := s.Page("/p/ada/data/skinTemp")
	for _, want := range []string{">0.9<", ">−2.7<"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %s", want)
		}
	}
}
