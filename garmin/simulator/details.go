package simulator

import (
	"slices"
	"strconv"
)

func appendQuoted(b []byte, n int64) []byte {
	b = append(b, '"')
	b = strconv.AppendInt(b, n, 10)
	return append(b, '"')
}

// details writes workouts second by second. A multisport parent has none of
// its own.
func (d *day) details(b *body, from, to int64) {
	d.ended(from, to, uploaded, func(i int, wo *workout) {
		if wo.parent {
			return
		}
		t := d.tracks[i]()
		b.b = slices.Grow(b.b, len(t.fixes)*360)
		b.open(d.p)
		b.str("summaryId", strconv.FormatInt(wo.id, 10)+"-detail")
		b.int("activityId", wo.id)
		b.begin("summary", '{')
		d.activity(b, i, wo, "")
		b.end('}')
		b.begin("samples", '[')
		for k := range t.fixes {
			d.sample(b, wo, &t.fixes[k])
		}
		b.end(']')
		b.begin("laps", '[')
		for _, at := range t.laps {
			b.begin("", '{')
			b.int("startTimeInSeconds", wo.start+int64(at))
			b.end('}')
		}
		b.end(']')
		b.close()
	})
}

func (d *day) sample(b *body, wo *workout, f *fix) {
	b.begin("", '{')
	b.int("startTimeInSeconds", wo.start+int64(f.at))
	if f.seen {
		b.degree("latitudeInDegree", f.lat)
		b.degree("longitudeInDegree", f.lon)
	}
	if wo.gps {
		b.single("elevationInMeters", f.height)
	}
	if wo.bike {
		b.dec("airTemperatureCelcius", 21, 0)
	}
	b.int("heartRate", int64(f.hr))
	if wo.speed > 0 {
		b.single("speedMetersPerSecond", f.speed)
		b.dec("totalDistanceInMeters", float64(f.metres), 2)
	}
	if wo.steps > 0 {
		b.dec("stepsPerMinute", float64(f.steps), 0)
	}
	if wo.watts > 0 {
		b.dec("powerInWatts", float64(f.watts), 0)
	}
	if wo.turns > 0 && wo.bike {
		b.dec("bikeCadenceInRPM", float64(f.turns), 0)
	} else if wo.turns > 0 {
		b.dec("swimCadenceInStrokesPerMinute", float64(f.turns), 0)
	}
	b.int("timerDurationInSeconds", int64(f.timer))
	b.int("clockDurationInSeconds", int64(f.at))
	b.int("movingDurationInSeconds", int64(f.moving))
	b.end('}')
}

// files writes the pings for the original files.
func (d *day) files(b *body, from, to int64) {
	d.ended(from, to, uploaded+20, func(_ int, wo *workout) {
		if !wo.filed() {
			return
		}
		a := d.announce(wo)
		id := strconv.FormatInt(wo.id, 10)
		token := strconv.FormatUint(mix(wo.key), 16)
		b.open(d.p)
		b.str("summaryId", a.SummaryID)
		b.str("fileType", a.FileType)
		b.str("callbackURL", "https://apis.garmin.com/wellness-api/rest/activityFile?id="+id+"&token="+token)
		b.str("activityType", a.ActivityType)
		b.str("deviceName", a.DeviceName)
		b.int("startTimeInSeconds", a.Start)
		b.int("activityId", a.ActivityID)
		b.str("activityName", a.ActivityName)
		b.bool("manual", a.Manual)
		b.close()
	})
}
