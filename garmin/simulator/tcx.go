package simulator

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// The parts of TCX (Training Center XML, version 2) that Garmin writes.
type (
	tcxFile struct {
		XMLName    xml.Name      `xml:"TrainingCenterDatabase"`
		Space      string        `xml:"xmlns,attr"`
		Extension  string        `xml:"xmlns:ns3,attr"`
		Activities []tcxActivity `xml:"Activities>Activity"`
	}
	tcxActivity struct {
		Sport   string   `xml:"Sport,attr"`
		ID      string   `xml:"Id"`
		Laps    []tcxLap `xml:"Lap"`
		Creator string   `xml:"Creator>Name"`
	}
	tcxLap struct {
		Start    string     `xml:"StartTime,attr"`
		Seconds  int        `xml:"TotalTimeSeconds"`
		Metres   float64    `xml:"DistanceMeters"`
		TopSpeed float64    `xml:"MaximumSpeed,omitempty"`
		Calories int64      `xml:"Calories"`
		Pulse    int        `xml:"AverageHeartRateBpm>Value"`
		TopPulse uint8      `xml:"MaximumHeartRateBpm>Value"`
		Effort   string     `xml:"Intensity"`
		Trigger  string     `xml:"TriggerMethod"`
		Points   []tcxPoint `xml:"Track>Trackpoint"`
	}
	tcxPoint struct {
		Time     string       `xml:"Time"`
		Position *tcxPosition `xml:"Position"`
		Altitude *float64     `xml:"AltitudeMeters"`
		Metres   *float64     `xml:"DistanceMeters"`
		Pulse    uint8        `xml:"HeartRateBpm>Value"`
		Cadence  *uint8       `xml:"Cadence"`
		More     tcxMore      `xml:"Extensions>ns3:TPX"`
	}
	tcxPosition struct {
		Lat float64 `xml:"LatitudeDegrees"`
		Lon float64 `xml:"LongitudeDegrees"`
	}
	tcxMore struct {
		Speed   *float64 `xml:"ns3:Speed"`
		Strides *uint8   `xml:"ns3:RunCadence"`
		Watts   *uint16  `xml:"ns3:Watts"`
	}
)

func (rec recording) tcx() ([]byte, error) {
	file := tcxFile{
		Space:     "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2",
		Extension: "http://www.garmin.com/xmlschemas/ActivityExtension/v2",
	}
	for i := range rec.legs {
		l := &rec.legs[i]
		a := tcxActivity{Sport: l.tcxSport(), ID: stamp(l.start), Creator: l.device}
		for k := range l.laps {
			a.Laps = append(a.Laps, l.tcxLap(&l.laps[k]))
		}
		file.Activities = append(file.Activities, a)
	}
	return rec.xml(TCX, file)
}

func (l *leg) tcxLap(s *stretch) tcxLap {
	out := tcxLap{Start: stamp(s.from), Seconds: s.seconds(), Metres: s.metres, TopSpeed: s.topSpeed,
		Calories: s.kcal, Pulse: int(s.pulse + 0.5), TopPulse: s.topPulse, Effort: "Active", Trigger: "Distance"}
	if l.lapLength() == 0 {
		out.Trigger = "Manual"
	}
	for i := range s.fixes {
		out.Points = append(out.Points, l.tcxPoint(&s.fixes[i]))
	}
	return out
}

func (l *leg) tcxPoint(f *fix) tcxPoint {
	p := tcxPoint{Time: stamp(l.start + int64(f.at)), Pulse: f.hr}
	if f.seen {
		p.Position = &tcxPosition{degrees(f.lat), degrees(f.lon)}
	}
	if l.gps {
		p.Altitude = new(float64(f.height))
	}
	if l.speed > 0 {
		p.Metres, p.More.Speed = new(float64(f.metres)), new(float64(f.speed))
	}
	switch {
	case l.steps > 0:
		p.More.Strides = new(uint8(f.cycles()))
	case l.turns > 0:
		p.Cadence = new(uint8(f.cycles()))
	}
	if l.watts > 0 {
		p.More.Watts = new(f.watts)
	}
	return p
}

// tcxSport is one of the three sports that TCX knows.
func (wo *workout) tcxSport() string {
	switch {
	case wo.bike:
		return "Biking"
	case strings.HasSuffix(wo.name, "RUNNING"):
		return "Running"
	}
	return "Other"
}

// xml writes a file of the format.
func (rec recording) xml(format string, file any) ([]byte, error) {
	text, err := xml.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("encode %s of activity %d: %w", format, rec.id, err)
	}
	return append([]byte(xml.Header), text...), nil
}

func stamp(unix int64) string { return instant(unix).Format(time.RFC3339) }
