package chart

import (
	"math"

	"github.com/a-h/templ"
)

// Place is a point on Earth, in degrees.
type Place struct{ Lat, Lon float64 }

// Track is where an activity went.
type Track struct {
	ID, Title, Sentence string
	// Runs are joined by lines; between two of them there was no signal.
	Runs [][]Place
	// Levels are those of the places of Runs, below TrackLevels, -1 for none; nil for a track
	// of one colour.
	Levels [][]int
	// Laps are where laps end, with their names.
	Laps []TrackMark
	// GridUnit is how long a unit of the grid is, in metres: a kilometre or a mile.
	// Format writes a number of them.
	GridUnit float64
	Format   func(float64) string
}

// TrackMark is a named place.
type TrackMark struct {
	Place
	Text string
}

// The map is drawn on so many units, which scale with its width.
const (
	mapWidth, mapHeight, mapMargin = 480.0, 300.0, 22.0
	meterPerDegree                 = math.Pi / 180 * 6371008.8
)

// sheet is a flat map around a track: metres from its middle, and units a metre.
type sheet struct {
	lat, lon, cos float64
	scale         float64
}

func sheetOf(runs [][]Place, width, height, margin float64) (s sheet, ok bool) {
	low, high := Place{91, 181}, Place{-91, -181}
	for _, run := range runs {
		for _, p := range run {
			low = Place{min(low.Lat, p.Lat), min(low.Lon, p.Lon)}
			high = Place{max(high.Lat, p.Lat), max(high.Lon, p.Lon)}
		}
	}
	if low.Lat > high.Lat {
		return sheet{}, false
	}
	s = sheet{lat: (low.Lat + high.Lat) / 2, lon: (low.Lon + high.Lon) / 2}
	s.cos = math.Cos(s.lat * math.Pi / 180)
	const least = 100 // metres, so that standing around is no journey
	wide := max((high.Lon-low.Lon)*s.cos*meterPerDegree, least)
	tall := max((high.Lat-low.Lat)*meterPerDegree, least)
	s.scale = min((width-2*margin)/wide, (height-2*margin)/tall)
	return s, true
}

// at is where a place lies, in units from the middle.
func (s sheet) at(p Place) (x, y float64) {
	return (p.Lon - s.lon) * s.cos * meterPerDegree * s.scale, -(p.Lat - s.lat) * meterPerDegree * s.scale
}

// line is the path of a run around a middle, without steps too small to be seen.
func (s sheet) line(run []Place, midX, midY, least float64) string {
	d, lastX, lastY := "", 0.0, 0.0
	for i, p := range run {
		x, y := s.at(p)
		if i > 0 && i < len(run)-1 && math.Hypot(x-lastX, y-lastY) < least {
			continue
		}
		if i == 0 {
			d = "M"
		} else {
			d += "L"
		}
		d += short(midX+x) + " " + short(midY+y)
		lastX, lastY = x, y
	}
	return d
}

// short writes a coordinate with one decimal.
func short(x float64) string { return num(math.Round(x*10) / 10) }

// Draw is the track on a grid, with a scale, its start and its end.
func (t Track) Draw() templ.Component {
	c := &canvas{}
	c.put(`<svg class="track" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title>`+
		`<desc id="%s-d">%s</desc>`, num(mapWidth), num(mapHeight), esc(t.ID), esc(t.ID), esc(t.ID), esc(t.Title),
		esc(t.ID), esc(t.Sentence))
	s, ok := sheetOf(t.Runs, mapWidth, mapHeight, mapMargin)
	if ok {
		t.grid(c, s)
		t.lines(c, s)
		t.marks(c, s)
	}
	c.put(`</svg>`)
	return c.component()
}

// grid draws lines of whole units from the middle of the map, and one as the scale.
func (t Track) grid(c *canvas, s sheet) {
	const lines = 8
	units := roundStep(mapWidth / s.scale / t.GridUnit / lines)
	step := units * t.GridUnit * s.scale
	d := ""
	for x := math.Mod(mapWidth/2, step); x < mapWidth; x += step {
		d += "M" + short(x) + " 0V" + num(mapHeight)
	}
	for y := math.Mod(mapHeight/2, step); y < mapHeight; y += step {
		d += "M0 " + short(y) + "H" + num(mapWidth)
	}
	c.put(`<path class="map-grid" d="%s"/>`, d)
	left, low := 12.0, mapHeight-10
	c.put(`<path class="map-scale" d="M%s %sv5H%sv-5"/><text class="map-text" x="%s" y="%s">%s</text>`, num(left),
		num(low-5), short(left+step), num(left+4), num(low-6), esc(t.Format(units)))
}

func (t Track) lines(c *canvas, s sheet) {
	const least = 0.7
	all := ""
	for i, run := range t.Runs {
		if i > 0 {
			last := t.Runs[i-1]
			c.put(`<path class="track-lost" d="%s"><title>no signal</title></path>`,
				s.line([]Place{last[len(last)-1], run[0]}, mapWidth/2, mapHeight/2, 0))
		}
		all += s.line(run, mapWidth/2, mapHeight/2, least)
	}
	c.put(`<path class="track-case" d="%s"/>`, all)
	if t.Levels != nil {
		t.coloured(c, s)
	} else {
		c.put(`<path class="track-line" d="%s"/>`, all)
	}
	t.arrows(c, s)
}

// marks draws the ends of laps, and above them the start as a ring and the end as a
// square.
func (t Track) marks(c *canvas, s sheet) {
	at := func(p Place) (x, y float64) {
		x, y = s.at(p)
		return x + mapWidth/2, y + mapHeight/2
	}
	for _, lap := range t.Laps {
		x, y := at(lap.Place)
		c.put(`<circle class="track-lap" cx="%s" cy="%s" r="2.5"><title>%s</title></circle>`, short(x), short(y),
			esc(lap.Text))
	}
	last := t.Runs[len(t.Runs)-1]
	x, y := at(last[len(last)-1])
	c.put(`<rect class="track-end" x="%s" y="%s" width="9" height="9"><title>end</title></rect>`, short(x-4.5),
		short(y-4.5))
	x, y = at(t.Runs[0][0])
	c.put(`<circle class="track-start" cx="%s" cy="%s" r="5"><title>start</title></circle>`, short(x), short(y))
}

// thumbColour is one for both themes: an image does not know which it stands in.
const thumbColour = "#5b82d8"

// Thumb is a rough track as an image of its own, an ornament: what it shows is said
// elsewhere.
func Thumb(places []Place) templ.Component {
	const width, height, margin = 56.0, 36.0, 3.0
	c := &canvas{}
	c.put(`<svg xmlns="http://www.w3.org/2000/svg" width="56" height="36">`)
	if s, ok := sheetOf([][]Place{places}, width, height, margin); ok {
		c.put(`<path fill="none" stroke="%s" stroke-width="1.5" stroke-linejoin="round" d="%s"/>`, thumbColour,
			s.line(places, width/2, height/2, 0.7))
	}
	c.put(`</svg>`)
	return c.component()
}

// roundStep is the next of 1, 2, 5, 10 … that is at least x.
func roundStep(x float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if step*m >= x {
			return step * m
		}
	}
	return step * 10
}

func ceilTo(x, step float64) float64 { return math.Ceil(x/step) * step }
