package export

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"time"

	"garner/query"
)

// The parts of GPX 1.1 (https://www.topografix.com/GPX/1/1/gpx.xsd) that a track needs, in
// the order of its schema, with version 1 of Garmin's extension for track points.
type (
	gpxFile struct {
		XMLName   xml.Name `xml:"gpx"`
		Space     string   `xml:"xmlns,attr"`
		Extension string   `xml:"xmlns:gpxtpx,attr"`
		Version   string   `xml:"version,attr"`
		Creator   string   `xml:"creator,attr"`
		Time      string   `xml:"metadata>time"`
		Track     gpxTrack `xml:"trk"`
	}
	gpxTrack struct {
		Name     string       `xml:"name,omitempty"`
		Source   string       `xml:"src,omitempty"`
		Type     string       `xml:"type,omitempty"`
		Segments []gpxSegment `xml:"trkseg"`
	}
	gpxSegment struct {
		Points []gpxPoint `xml:"trkpt"`
	}
	gpxPoint struct {
		Lat       decimal   `xml:"lat,attr"`
		Lon       decimal   `xml:"lon,attr"`
		Elevation *decimal  `xml:"ele"`
		Time      string    `xml:"time"`
		More      *gpxExtra `xml:"extensions>gpxtpx:TrackPointExtension"`
	}
	gpxExtra struct {
		Celsius *float64 `xml:"gpxtpx:atemp"`
		BPM     *uint8   `xml:"gpxtpx:hr"`
		Cadence *uint8   `xml:"gpxtpx:cad"`
	}
)

// decimal is written without an exponent, which the schema of GPX does not know.
type decimal float64

// MarshalText writes the shortest text that reads back as the same number.
func (d decimal) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(d), 'f', -1, 64), nil
}

// WriteGPX writes the places of an activity as GPX 1.1. After a pause, and where there
// was no signal or no sample for a while, a new segment begins; samples without a place
// are left out. Cadence is in turns a minute: a turn is two steps, as in Garmin's files.
func WriteGPX(w io.Writer, _ string, d *query.ActivityDetail) error {
	return writeXML(w, gpxFile{Space: "http://www.topografix.com/GPX/1/1",
		Extension: "http://www.garmin.com/xmlschemas/TrackPointExtension/v1",
		Version:   "1.1", Creator: "garner", Time: stamp(d.Begin, 0),
		Track: gpxTrack{Name: d.Name, Source: attributed(d.Device), Type: d.Sport, Segments: gpxSegments(d)}})
}

func gpxSegments(d *query.ActivityDetail) (out []gpxSegment) {
	s := samplesOf(d)
	before := -1
	for i, t := range d.T {
		if !s.placed(i) {
			continue
		}
		if before < 0 || d.Breaks(d.T[before], t) {
			out = append(out, gpxSegment{})
		}
		before = i
		p := gpxPoint{Lat: decimal(s.lat[i]), Lon: decimal(s.lon[i]), Time: stamp(d.Begin, t),
			Elevation: (*decimal)(number(s.elevation, i))}
		if more := (gpxExtra{number(s.celsius, i), whole(s.bpm, i), s.turns(i)}); more != (gpxExtra{}) {
			p.More = &more
		}
		n := len(out) - 1
		out[n].Points = append(out[n].Points, p)
	}
	return out
}

// samples are the columns of a recording that files of activities have; nil for those
// that it lacks.
type samples struct {
	lat, lon, elevation, celsius, bpm, meters, speed, watts []float64
	// steps are a minute, pedals and strokes in turns a minute.
	steps, pedals, strokes []float64
}

func samplesOf(d *query.ActivityDetail) samples {
	return samples{lat: d.Stream("latitude"), lon: d.Stream("longitude"), elevation: d.Stream("elevation"),
		celsius: d.Stream("air_temperature"), bpm: d.Stream("heart_rate"), meters: d.Stream("distance"),
		speed: d.Stream("speed"), watts: d.Stream("power"), steps: d.Stream("cadence"),
		pedals: d.Stream("bike_cadence"), strokes: d.Stream("swim_cadence")}
}

func (s *samples) placed(i int) bool { return number(s.lat, i) != nil && number(s.lon, i) != nil }

// turns is the cadence of any sport, in turns a minute.
func (s *samples) turns(i int) *uint8 {
	for _, turns := range []*uint8{whole(s.pedals, i), s.strides(i), whole(s.strokes, i)} {
		if turns != nil {
			return turns
		}
	}
	return nil
}

// strides are half of the steps a minute.
func (s *samples) strides(i int) *uint8 {
	steps := number(s.steps, i)
	if steps == nil {
		return nil
	}
	return whole([]float64{*steps / 2}, 0)
}

// number is a value of a column; nil if there is none.
func number(column []float64, i int) *float64 {
	if column == nil || math.IsNaN(column[i]) {
		return nil
	}
	return &column[i]
}

// whole is a value as the schemas have heart rate and cadence: in one byte. One that does
// not fit is left out.
func whole(column []float64, i int) *uint8 {
	x := number(column, i)
	if x == nil || *x < 0 || *x > 254 {
		return nil
	}
	return new(uint8(math.Round(*x)))
}

// stamp is an instant in UTC, some seconds after begin in unix seconds.
func stamp(begin int64, after float64) string {
	return time.UnixMilli(begin*1000 + int64(math.Round(after*1000))).UTC().Format("2006-01-02T15:04:05.999Z")
}

// writeXML writes a document. Characters that XML cannot hold become U+FFFD.
func writeXML(w io.Writer, document any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(document); err != nil {
		return err
	}
	return e.Close()
}
