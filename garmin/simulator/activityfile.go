package simulator

import (
	"fmt"
	"strconv"
	"time"
)

// The formats of activity files.
const (
	FIT = "FIT"
	TCX = "TCX"
	GPX = "GPX"
)

// Announcement is what a ping of activityFiles says about one file (Activity
// API), without the person and the address.
type Announcement struct {
	SummaryID    string `json:"summaryId"`
	FileType     string `json:"fileType"`
	ActivityType string `json:"activityType"`
	DeviceName   string `json:"deviceName"`
	Start        int64  `json:"startTimeInSeconds"` // unix seconds
	ActivityID   int64  `json:"activityId"`
	ActivityName string `json:"activityName"`
	Manual       bool   `json:"manual"`
}

// ActivityFiles announces the files of a person's civil day. Of day only the
// date counts. Workouts entered by hand have no file, and the parts of a
// multisport workout are in the file of the whole.
func (w *World) ActivityFiles(person int, day time.Time) (all []Announcement) {
	d := w.day(&w.people[person], civilOf(day))
	d.ended(always, ever, uploaded, func(_ int, wo *workout) {
		if wo.filed() {
			all = append(all, d.announce(wo))
		}
	})
	return all
}

func (d *day) announce(wo *workout) Announcement {
	return Announcement{
		SummaryID: strconv.FormatInt(wo.id, 10) + "-file", FileType: FIT, ActivityType: wo.name,
		DeviceName: wo.device, Start: wo.start, ActivityID: wo.id, ActivityName: wo.named(d.p),
	}
}

// filed reports whether the workout has a file of its own.
func (wo *workout) filed() bool { return !wo.typed && wo.child == 0 }

// ActivityFile is the original file of a workout in one of the formats: the
// samples, laps and totals of its activityDetails, and what Garmin's JSON leaves
// out. The same world always makes the same bytes.
func (w *World) ActivityFile(person int, activity int64, format string) ([]byte, error) {
	rec, ok := w.recording(&w.people[person], activity)
	if !ok {
		return nil, fmt.Errorf("activity %d of person %d has no file", activity, person)
	}
	switch format {
	case FIT:
		return rec.fit()
	case TCX:
		return rec.tcx()
	case GPX:
		return rec.gpx()
	}
	return nil, fmt.Errorf("activity file: unknown format %q", format)
}

// recording is what a device wrote of a workout: one leg, or those of a
// multisport workout.
type recording struct {
	*workout
	day  *day
	legs []leg
}

// leg is one sport of a recording.
type leg struct {
	*workout
	track *track
	whole stretch
	laps  []stretch
}

// recording finds the workout with an id, which contains its minute.
func (w *World) recording(p *Person, id int64) (recording, bool) {
	at := civilOf(time.Unix(firstMinute+id/idsPerMinute*60, 0).UTC())
	for c := at - 1; c <= at+1; c++ {
		d := w.day(p, c)
		rec := recording{day: d}
		for i := range d.workouts {
			wo := &d.workouts[i]
			if wo.id == id && wo.filed() {
				rec.workout = wo
			}
			if wo.id == id && !wo.parent || wo.child == id {
				rec.legs = append(rec.legs, d.leg(wo, d.tracks[i]()))
			}
		}
		if rec.workout != nil {
			return rec, true
		}
	}
	return recording{}, false
}

func (d *day) leg(wo *workout, t *track) leg {
	l := leg{workout: wo, track: t, whole: d.stretch(wo, t, 0, wo.length)}
	for k, from := range t.laps {
		to := wo.length
		if k+1 < len(t.laps) {
			to = int(t.laps[k+1])
		}
		l.laps = append(l.laps, d.stretch(wo, t, int(from), to))
	}
	return l
}

// stretch is a part of a workout with its totals.
type stretch struct {
	from, to         int64 // instants
	fixes            []fix
	metres, topSpeed float64
	up, down         float64
	pulse, watts     float64 // averages
	topPulse         uint8
	topWatts         uint16
	cycles           float64 // pedal turns, strokes or strides
	topCycles        float64 // per minute
	kcal             int64
}

// seconds is how long the timer ran.
func (s *stretch) seconds() int { return len(s.fixes) }

// stretch adds up the fixes of a workout whose seconds are in [from, to).
func (d *day) stretch(wo *workout, t *track, from, to int) stretch {
	s := stretch{from: wo.start + int64(from), to: wo.start + int64(to)}
	before := fix{}
	for i := range t.fixes {
		f := &t.fixes[i]
		if int(f.at) < from {
			before = *f
			continue
		}
		if int(f.at) >= to {
			break
		}
		s.fixes = append(s.fixes, *f)
		s.add(f)
	}
	n := float64(len(s.fixes))
	if n > 0 {
		s.pulse, s.watts = s.pulse/n, s.watts/n
		s.metres = float64(s.fixes[len(s.fixes)-1].metres - before.metres)
	}
	s.kcal = d.kilocalories(wo, s.seconds())
	return s
}

func (s *stretch) add(f *fix) {
	if k := len(s.fixes) - 2; k >= 0 {
		rise := float64(f.height - s.fixes[k].height)
		s.up, s.down = s.up+max(0, rise), s.down+max(0, -rise)
	}
	s.pulse, s.topPulse = s.pulse+float64(f.hr), max(s.topPulse, f.hr)
	s.watts, s.topWatts = s.watts+float64(f.watts), max(s.topWatts, f.watts)
	s.topSpeed = max(s.topSpeed, float64(f.speed))
	cycles := f.cycles()
	s.cycles, s.topCycles = s.cycles+cycles/60, max(s.topCycles, cycles)
}

// cycles is the cadence as devices count it: a stride is two steps.
func (f *fix) cycles() float64 {
	if f.steps > 0 {
		return float64(f.steps) / 2
	}
	return float64(f.turns)
}

// celsius is what the device's thermometer shows: at the wrist it is warmer.
func (wo *workout) celsius() int8 {
	if wo.bike {
		return 21
	}
	return 28
}
