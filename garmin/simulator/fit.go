package simulator

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/muktihari/fit/encoder"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/proto"
)

// fitSports are FIT's words for sports; those without one are "training".
var fitSports = map[string]struct {
	sport typedef.Sport
	sub   typedef.SubSport
}{
	"RUNNING":             {typedef.SportRunning, typedef.SubSportGeneric},
	"TREADMILL_RUNNING":   {typedef.SportRunning, typedef.SubSportTreadmill},
	"ROAD_BIKING":         {typedef.SportCycling, typedef.SubSportRoad},
	"INDOOR_CYCLING":      {typedef.SportCycling, typedef.SubSportIndoorCycling},
	"STRENGTH_TRAINING":   {typedef.SportTraining, typedef.SubSportStrengthTraining},
	"YOGA":                {typedef.SportTraining, typedef.SubSportYoga},
	"LAP_SWIMMING":        {typedef.SportSwimming, typedef.SubSportLapSwimming},
	"OPEN_WATER_SWIMMING": {typedef.SportSwimming, typedef.SubSportOpenWater},
	"WALKING":             {typedef.SportWalking, typedef.SubSportGeneric},
	"SOCCER":              {typedef.SportSoccer, typedef.SubSportGeneric},
	"DANCE":               {typedef.SportDance, typedef.SubSportGeneric},
	"TRANSITION_V2":       {typedef.SportTransition, typedef.SubSportGeneric},
}

// fitFile is the messages of a file in the order of a device: samples and laps as
// they happen, each session after its laps, the activity at the end.
type fitFile struct{ messages []proto.Message }

func (f *fitFile) add(m interface {
	ToMesg(*mesgdef.Options) proto.Message
}) {
	f.messages = append(f.messages, m.ToMesg(nil))
}

func (rec recording) fit() ([]byte, error) {
	f := &fitFile{}
	serial := uint32(mix(rec.key)>>33) + 1
	f.add(mesgdef.NewFileId(nil).SetType(typedef.FileActivity).SetManufacturer(typedef.ManufacturerGarmin).
		SetProductName(rec.device).SetSerialNumber(serial).SetTimeCreated(instant(rec.start)))
	f.add(mesgdef.NewDeviceInfo(nil).SetTimestamp(instant(rec.start)).SetDeviceIndex(typedef.DeviceIndexCreator).
		SetManufacturer(typedef.ManufacturerGarmin).SetProductName(rec.device).SetSerialNumber(serial).
		SetSourceType(typedef.SourceTypeLocal))
	seconds, laps := 0, 0
	for i := range rec.legs {
		l := &rec.legs[i]
		f.leg(l)
		f.session(l, i, laps)
		seconds, laps = seconds+l.whole.seconds(), laps+len(l.laps)
	}
	end := rec.end()
	f.add(mesgdef.NewActivity(nil).SetTimestamp(instant(end)).
		SetLocalTimestamp(instant(end + int64(rec.day.offsetAt(rec.start)))).
		SetTotalTimerTimeScaled(float64(seconds)).SetNumSessions(uint16(len(rec.legs))).
		SetType(cmp.Or(rec.multisport(), typedef.ActivityManual)).
		SetEvent(typedef.EventActivity).SetEventType(typedef.EventTypeStop))
	var out bytes.Buffer
	enc := encoder.New(&out, encoder.WithHeaderOption(encoder.HeaderOptionNormal, 15))
	if err := enc.Encode(&proto.FIT{Messages: f.messages}); err != nil {
		return nil, fmt.Errorf("encode FIT of activity %d: %w", rec.id, err)
	}
	return out.Bytes(), nil
}

// multisport is the kind of an activity of several sports, 0 for others.
func (rec recording) multisport() typedef.Activity {
	if rec.parent {
		return typedef.ActivityAutoMultiSport
	}
	return 0
}

// leg writes a sport's samples, the laps between them, and when the timer ran.
func (f *fitFile) leg(l *leg) {
	f.timer(l.start, typedef.EventTypeStart)
	f.add(mesgdef.NewSport(nil).SetSport(l.fitSport()).SetSubSport(fitSports[l.name].sub))
	next := l.start
	for i := range l.laps {
		for k := range l.laps[i].fixes {
			x := &l.laps[i].fixes[k]
			at := l.start + int64(x.at)
			if at > next {
				f.timer(next, typedef.EventTypeStopAll)
				f.timer(at, typedef.EventTypeStart)
			}
			f.add(l.record(x))
			next = at + 1
		}
		f.lap(l, i)
	}
	f.timer(next, typedef.EventTypeStopAll)
}

func (f *fitFile) timer(at int64, what typedef.EventType) {
	f.add(mesgdef.NewEvent(nil).SetTimestamp(instant(at)).SetEvent(typedef.EventTimer).SetEventType(what))
}

func (l *leg) record(x *fix) *mesgdef.Record {
	r := mesgdef.NewRecord(nil).SetTimestamp(instant(l.start + int64(x.at))).SetHeartRate(x.hr).
		SetTemperature(l.celsius())
	if x.seen {
		r.SetPositionLat(x.lat).SetPositionLong(x.lon)
	}
	if l.gps {
		r.SetEnhancedAltitude(uint32(math.Round((float64(x.height) + 500) * 5)))
	}
	if l.speed > 0 {
		r.SetEnhancedSpeed(uint32(math.Round(float64(x.speed) * 1000)))
		r.SetDistance(hundredths(float64(x.metres)))
	}
	if l.watts > 0 {
		r.SetPower(x.watts)
	}
	if l.steps > 0 || l.turns > 0 {
		whole, part := math.Modf(x.cycles())
		r.SetCadence(uint8(whole)).SetFractionalCadence(uint8(part * 128))
	}
	return r
}

func (f *fitFile) lap(l *leg, i int) {
	s := &l.laps[i]
	m := mesgdef.NewLap(nil).SetMessageIndex(typedef.MessageIndex(i)).SetTimestamp(instant(s.to)).
		SetStartTime(instant(s.from)).SetTotalElapsedTimeScaled(float64(s.to - s.from)).
		SetTotalTimerTimeScaled(float64(s.seconds())).SetTotalCalories(uint16(s.kcal)).
		SetEvent(typedef.EventLap).SetEventType(typedef.EventTypeStop).
		SetSport(l.fitSport()).SetAvgHeartRate(uint8(s.pulse + 0.5)).SetMaxHeartRate(s.topPulse)
	if l.speed > 0 {
		m.SetTotalDistance(hundredths(s.metres)).SetEnhancedMaxSpeedScaled(s.topSpeed)
		m.SetEnhancedAvgSpeedScaled(s.metres / float64(max(1, s.seconds())))
	}
	if l.gps {
		m.SetTotalAscent(uint16(s.up + 0.5)).SetTotalDescent(uint16(s.down + 0.5))
	}
	if l.watts > 0 {
		m.SetAvgPower(uint16(s.watts + 0.5)).SetMaxPower(s.topWatts)
	}
	if l.steps > 0 || l.turns > 0 {
		m.SetTotalCycles(uint32(s.cycles + 0.5))
	}
	f.add(m)
}

func (f *fitFile) session(l *leg, i, firstLap int) {
	s := &l.whole
	m := mesgdef.NewSession(nil).SetMessageIndex(typedef.MessageIndex(i)).SetTimestamp(instant(s.to)).
		SetStartTime(instant(s.from)).SetTotalElapsedTimeScaled(float64(s.to - s.from)).
		SetTotalTimerTimeScaled(float64(s.seconds())).SetTotalCalories(uint16(s.kcal)).
		SetEvent(typedef.EventSession).SetEventType(typedef.EventTypeStop).SetTrigger(typedef.SessionTriggerActivityEnd).
		SetSport(l.fitSport()).SetSubSport(fitSports[l.name].sub).
		SetFirstLapIndex(uint16(firstLap)).SetNumLaps(uint16(len(l.laps))).
		SetAvgHeartRate(uint8(s.pulse + 0.5)).SetMaxHeartRate(s.topPulse).SetAvgTemperature(l.celsius())
	if l.speed > 0 {
		m.SetTotalDistance(hundredths(l.track.metres)).SetEnhancedMaxSpeedScaled(s.topSpeed)
		m.SetEnhancedAvgSpeedScaled(l.track.speed / float64(max(1, s.seconds())))
	}
	if l.gps {
		m.SetTotalAscent(uint16(l.track.up + 0.5)).SetTotalDescent(uint16(l.track.down + 0.5))
		m.SetStartPositionLat(s.fixes[0].lat).SetStartPositionLong(s.fixes[0].lon)
	}
	if l.pool {
		m.SetPoolLengthScaled(25).SetNumActiveLengths(uint16(l.track.metres / 25))
	}
	if l.watts > 0 {
		m.SetAvgPower(uint16(s.watts + 0.5)).SetMaxPower(s.topWatts)
	}
	if l.steps > 0 || l.turns > 0 {
		l.cadences(m)
	}
	f.add(m)
}

// cadences sets the averages, highest values and sums of a session.
func (l *leg) cadences(m *mesgdef.Session) {
	s := &l.whole
	mean, meanPart := math.Modf(s.cycles * 60 / float64(max(1, s.seconds())))
	top, topPart := math.Modf(s.topCycles)
	sum, sumPart := math.Modf(s.cycles)
	m.SetAvgCadence(uint8(mean)).SetAvgFractionalCadence(uint8(meanPart * 128))
	m.SetMaxCadence(uint8(top)).SetMaxFractionalCadence(uint8(topPart * 128))
	m.SetTotalCycles(uint32(sum)).SetTotalFractionalCycles(uint8(sumPart * 128))
}

func (wo *workout) fitSport() typedef.Sport {
	if s, ok := fitSports[wo.name]; ok {
		return s.sport
	}
	return typedef.SportTraining
}

func hundredths(x float64) uint32 { return uint32(math.Round(x * 100)) }

func instant(unix int64) time.Time { return time.Unix(unix, 0).UTC() }
