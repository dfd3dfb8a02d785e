package chart

import (
	"math"
	"strconv"
)

// TrackLevels is how many levels the colour of a track has, the highest drawn widest: colour
// does not work alone.
const TrackLevels = 5

// plain is the level of a place without a value.
const plain = -1

// coloured draws the runs by the levels of their places.
func (t Track) coloured(c *canvas, s sheet) {
	const least = 1.5
	var lines [TrackLevels + 1]string // the first is the plain one
	for r, run := range t.Runs {
		before, lastX, lastY := plain-1, 0.0, 0.0
		for i, p := range run {
			x, y := s.at(p)
			if i == 0 {
				lastX, lastY = x, y
				continue
			}
			if math.Hypot(x-lastX, y-lastY) < least && i < len(run)-1 {
				continue
			}
			level := t.Levels[r][i]
			if level != before {
				lines[level+1] += "M" + short(mapWidth/2+lastX) + " " + short(mapHeight/2+lastY)
			}
			lines[level+1] += "L" + short(mapWidth/2+x) + " " + short(mapHeight/2+y)
			before, lastX, lastY = level, x, y
		}
	}
	for i, d := range lines {
		switch {
		case d == "":
		case i == 0:
			c.put(`<path class="track-line" d="%s"/>`, d)
		default:
			c.put(`<path class="track-line track-level-%s" d="%s"/>`, strconv.Itoa(i-1), d)
		}
	}
}

// Arrows along a track are so many units apart and so large.
const (
	arrowStep = 80.0
	arrowSize = 4.0
)

// arrows show which way the track went.
func (t Track) arrows(c *canvas, s sheet) {
	d, since := "", arrowStep/2
	for _, run := range t.Runs {
		var lastX, lastY float64
		for i, p := range run {
			x, y := s.at(p)
			if i == 0 {
				lastX, lastY = x, y
				continue
			}
			length := math.Hypot(x-lastX, y-lastY)
			if length < arrowSize && i < len(run)-1 { // too near to have a direction
				continue
			}
			if since += length; since >= arrowStep && length > 0 {
				since = 0
				d += arrow(mapWidth/2+x, mapHeight/2+y, (x-lastX)/length, (y-lastY)/length)
			}
			lastX, lastY = x, y
		}
	}
	if d != "" {
		c.put(`<path class="track-way" d="%s"/>`, d)
	}
}

// arrow is a triangle at a point, in a direction of length 1.
func arrow(x, y, dx, dy float64) string {
	corner := func(along, aside float64) string {
		return short(x+arrowSize*(along*dx-aside*dy)) + " " + short(y+arrowSize*(along*dy+aside*dx))
	}
	return "M" + corner(1.2, 0) + "L" + corner(-1, 1) + "L" + corner(-1, -1) + "Z"
}
