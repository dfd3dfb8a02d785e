package ui

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"garner/ui/chart"
)

// TrackColour is what the colour of a track says.
type TrackColour struct {
	// Name is the column of the samples that has it, empty for a track of one colour. Cuts
	// are the numbers where its levels meet, rising, as text for scripts.
	Name, Cuts string
	Title      string
	// Legend are the levels, lowest first.
	Legend []string
}

// trackColours are the streams that a track can have the colour of, by the word in the
// address.
var trackColours = [][]string{{"speed", "pace"}, {"heart_rate"}, {"elevation"}}

// coloured chooses the colour of the track. level is that of a sample, -1 without a value;
// it is nil for a track of one colour.
func (w *activityWriter) coloured(asked string) (level func(i int) int) {
	list := streamsOf(w.v.Units, w.d)
	choices := []Choice{{"", "One colour", true}}
	for _, names := range trackColours {
		at := slices.IndexFunc(list, func(s stream) bool { return slices.Contains(names, s.Name) })
		if at < 0 {
			continue
		}
		s := &list[at]
		chosen := asked == names[0]
		choices = append(choices, Choice{names[0], s.Label, chosen})
		if cuts := s.cuts(); chosen {
			choices[0].Chosen = false
			w.v.Colour = s.colour(cuts)
			level = func(i int) int { return s.level(cuts, i) }
		}
	}
	if len(choices) > 1 {
		w.v.Colours = choices
	}
	return level
}

// cuts are where the levels of a stream meet: each has a fifth of the samples.
func (s *stream) cuts() (cuts []float64) {
	values := slices.DeleteFunc(slices.Clone(s.Values), math.IsNaN)
	slices.Sort(values)
	grain := math.Pow10(s.Decimals)
	if s.Pace {
		grain = 60
	}
	for i := 1; i < chart.TrackLevels && len(values) > 0; i++ {
		cuts = append(cuts, math.Round(values[i*len(values)/chart.TrackLevels]*grain)/grain)
	}
	return slices.Compact(cuts)
}

// level is how high a sample stands; of a pace, how fast it is.
func (s *stream) level(cuts []float64, i int) int {
	if math.IsNaN(s.Values[i]) {
		return -1
	}
	n := 0
	for n < len(cuts) && s.Values[i] >= cuts[n] {
		n++
	}
	if s.Pace {
		return len(cuts) - n
	}
	return n
}

func (s *stream) colour(cuts []float64) TrackColour {
	out := TrackColour{Name: s.Name, Title: s.Label + ", " + s.scale.name}
	write := func(x float64) string { return grouped(x, s.Decimals) }
	if s.Pace {
		write = minutes
	}
	var numbers []string
	for _, x := range cuts {
		numbers = append(numbers, strconv.FormatFloat(x, 'f', -1, 64))
	}
	out.Cuts = strings.Join(numbers, " ")
	for i := range len(cuts) + 1 {
		switch {
		case len(cuts) == 0:
			out.Legend = append(out.Legend, "all alike")
		case i == 0:
			out.Legend = append(out.Legend, "under "+write(cuts[0]))
		case i == len(cuts):
			out.Legend = append(out.Legend, write(cuts[i-1])+" and more")
		default:
			out.Legend = append(out.Legend, write(cuts[i-1])+" to "+write(cuts[i]))
		}
	}
	if s.Pace {
		slices.Reverse(out.Legend)
	}
	return out
}

// asked is the word in the address.
func (c TrackColour) asked() string {
	if c.Name == "pace" {
		return "speed"
	}
	return c.Name
}

// choiceURL is the address of the page with another axis or colour.
func (v ActivityView) choiceURL(axis, colour string) string {
	q := url.Values{}
	if axis != "" {
		q.Set("x", axis)
	}
	if colour != "" {
		q.Set("colour", colour)
	}
	return "?" + q.Encode()
}

// chosen is the value of the choice that was made.
func chosen(list []Choice) string {
	for _, c := range list {
		if c.Chosen {
			return c.Value
		}
	}
	return ""
}
