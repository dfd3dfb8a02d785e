package simulator

import (
	"encoding/xml"
	"strings"
)

// The parts of GPX 1.1 that Garmin writes, with its extension for track points.
type (
	gpxFile struct {
		XMLName   xml.Name   `xml:"gpx"`
		Version   string     `xml:"version,attr"`
		Creator   string     `xml:"creator,attr"`
		Space     string     `xml:"xmlns,attr"`
		Extension string     `xml:"xmlns:gpxtpx,attr"`
		Time      string     `xml:"metadata>time"`
		Tracks    []gpxTrack `xml:"trk"`
	}
	gpxTrack struct {
		Name     string       `xml:"name"`
		Type     string       `xml:"type"`
		Segments []gpxSegment `xml:"trkseg"`
	}
	gpxSegment struct {
		Points []gpxPoint `xml:"trkpt"`
	}
	gpxPoint struct {
		Lat     float64 `xml:"lat,attr"`
		Lon     float64 `xml:"lon,attr"`
		Height  float32 `xml:"ele"`
		Time    string  `xml:"time"`
		Celsius int8    `xml:"extensions>gpxtpx:TrackPointExtension>gpxtpx:atemp"`
		Pulse   uint8   `xml:"extensions>gpxtpx:TrackPointExtension>gpxtpx:hr"`
		Cadence uint8   `xml:"extensions>gpxtpx:TrackPointExtension>gpxtpx:cad,omitempty"`
	}
)

// gpx has the places only: what was recorded out of sight of satellites is
// missing, and a workout indoors is a track without points.
func (rec recording) gpx() ([]byte, error) {
	file := gpxFile{Version: "1.1", Creator: rec.device, Space: "http://www.topografix.com/GPX/1/1",
		Extension: "http://www.garmin.com/xmlschemas/TrackPointExtension/v1", Time: stamp(rec.start)}
	for i := range rec.legs {
		l := &rec.legs[i]
		file.Tracks = append(file.Tracks, gpxTrack{Name: l.named(rec.day.p), Type: strings.ToLower(l.name),
			Segments: l.segments()})
	}
	return rec.xml(GPX, file)
}

// segments are the places without a break between them.
func (l *leg) segments() (all []gpxSegment) {
	next := int32(-1)
	for i := range l.whole.fixes {
		f := &l.whole.fixes[i]
		if !f.seen {
			continue
		}
		if f.at != next {
			all = append(all, gpxSegment{})
		}
		next = f.at + 1
		last := &all[len(all)-1]
		last.Points = append(last.Points, gpxPoint{Lat: degrees(f.lat), Lon: degrees(f.lon), Height: f.height,
			Time: stamp(l.start + int64(f.at)), Celsius: l.celsius(), Pulse: f.hr, Cadence: uint8(f.cycles())})
	}
	return all
}
