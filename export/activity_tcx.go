package export

import (
	"encoding/xml"
	"io"
	"math"
	"strings"

	"garner/query"
)

// The parts of Training Center XML, version 2
// (https://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd), in the order of its
// schema, with version 2 of the extension for activities.
type (
	tcxFile struct {
		XMLName   xml.Name    `xml:"TrainingCenterDatabase"`
		Space     string      `xml:"xmlns,attr"`
		Extension string      `xml:"xmlns:ax,attr"`
		Comment   string      `xml:",comment"`
		Activity  tcxActivity `xml:"Activities>Activity"`
	}
	tcxActivity struct {
		Sport string   `xml:"Sport,attr"`
		ID    string   `xml:"Id"`
		Laps  []tcxLap `xml:"Lap"`
		Notes string   `xml:"Notes"`
	}
	tcxLap struct {
		Start     string     `xml:"StartTime,attr"`
		Seconds   float64    `xml:"TotalTimeSeconds"`
		Meters    float64    `xml:"DistanceMeters"`
		Calories  uint16     `xml:"Calories"`
		BPM       *uint8     `xml:"AverageHeartRateBpm>Value"`
		Intensity string     `xml:"Intensity"`
		Trigger   string     `xml:"TriggerMethod"`
		Tracks    []tcxTrack `xml:"Track"`
	}
	tcxTrack struct {
		Points []tcxPoint `xml:"Trackpoint"`
	}
	tcxPoint struct {
		Time     string    `xml:"Time"`
		Place    *tcxPlace `xml:"Position"`
		Altitude *float64  `xml:"AltitudeMeters"`
		Meters   *float64  `xml:"DistanceMeters"`
		BPM      *uint8    `xml:"HeartRateBpm>Value"`
		Cadence  *uint8    `xml:"Cadence"`
		More     *tcxExtra `xml:"Extensions>ax:TPX"`
	}
	tcxPlace struct {
		Lat float64 `xml:"LatitudeDegrees"`
		Lon float64 `xml:"LongitudeDegrees"`
	}
	tcxExtra struct {
		Speed   *float64 `xml:"ax:Speed"`
		Strides *uint8   `xml:"ax:RunCadence"`
		Watts   *uint16  `xml:"ax:Watts"`
	}
)

// tcxComment says which numbers stand only because the schema demands them.
const tcxComment = " Written by garner. The schema demands distance, calories, intensity and trigger of each lap: " +
	"distance and calories are 0 where they are not known. Calories are known of the whole activity only and stand in " +
	"its first lap. "

// WriteTCX writes an activity as TCX, with all of its samples. After a pause, and where
// there was no signal or no sample for a while, a new track begins. An activity without
// laps is one lap.
func WriteTCX(w io.Writer, _ string, d *query.ActivityDetail) error {
	notes := d.Name
	if d.Device != "" {
		notes += "\n" + attributed(d.Device)
	}
	laps := tcxLaps(d)
	laps[0].Calories = uint16(min(math.Round(d.Kilocalories), math.MaxUint16))
	return writeXML(w, tcxFile{Space: "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2",
		Extension: "http://www.garmin.com/xmlschemas/ActivityExtension/v2", Comment: tcxComment,
		Activity: tcxActivity{Sport: tcxSport(d.Sport), ID: stamp(d.Start, 0), Laps: laps, Notes: notes}})
}

// tcxLaps are the laps with their samples; there is one at least.
func tcxLaps(d *query.ActivityDetail) (out []tcxLap) {
	for _, l := range d.LapFigures() {
		lap := tcxLap{Start: stamp(d.Begin, l.From), Seconds: l.Seconds, BPM: whole([]float64{l.MeanBPM}, 0)}
		if !math.IsNaN(l.Meters) {
			lap.Meters = l.Meters
		}
		out = append(out, lap)
	}
	if len(out) == 0 {
		out = []tcxLap{{Start: stamp(d.Start, 0), Seconds: d.Duration.Seconds(), Meters: d.Meters}}
		if d.BPM > 0 {
			out[0].BPM = whole([]float64{d.BPM}, 0)
		}
	}
	for i := range out {
		out[i].Intensity, out[i].Trigger = "Active", "Manual"
	}
	s, lap := samplesOf(d), 0
	for i, t := range d.T {
		for lap+1 < len(d.Laps) && t >= d.Laps[lap].To {
			lap++
		}
		l := &out[lap]
		if len(l.Tracks) == 0 || d.Breaks(d.T[i-1], t) {
			l.Tracks = append(l.Tracks, tcxTrack{})
		}
		n := len(l.Tracks) - 1
		l.Tracks[n].Points = append(l.Tracks[n].Points, s.tcxPoint(i, stamp(d.Begin, t)))
	}
	return out
}

func (s *samples) tcxPoint(i int, at string) tcxPoint {
	p := tcxPoint{Time: at, Altitude: number(s.elevation, i), Meters: number(s.meters, i), BPM: whole(s.bpm, i),
		Cadence: whole(s.pedals, i)}
	if p.Cadence == nil {
		p.Cadence = whole(s.strokes, i)
	}
	if s.placed(i) {
		p.Place = &tcxPlace{s.lat[i], s.lon[i]}
	}
	more := tcxExtra{Speed: number(s.speed, i), Strides: s.strides(i)}
	if x := number(s.watts, i); x != nil && *x >= 0 && *x <= math.MaxUint16 {
		more.Watts = new(uint16(math.Round(*x)))
	}
	if more != (tcxExtra{}) {
		p.More = &more
	}
	return p
}

// tcxSport is one of the three sports that TCX knows.
func tcxSport(sport string) string {
	switch {
	case strings.Contains(sport, "RUN"):
		return "Running"
	case strings.Contains(sport, "BIK"), strings.Contains(sport, "CYCL"):
		return "Biking"
	}
	return "Other"
}
