package simulator

import "math"

// fix is one recorded second of a workout.
type fix struct {
	at, timer, moving     int32 // seconds; at is by the clock
	lat, lon              int32 // semicircles
	seen                  bool  // by satellites
	hr                    uint8
	watts                 uint16
	height, speed, metres float32
	steps, turns          float32
}

// track is a workout as recorded, with its totals.
type track struct {
	fixes                  []fix
	laps                   []int32
	metres                 float64
	up, down               float64
	topSpeed, speed        float64
	topPulse               uint8
	pulse                  float64
	steps, topSteps, turns float64
	topTurns               float64
	timer                  int
}

// track follows a workout second by second.
func (d *day) track(wo *workout) *track {
	t := &track{laps: []int32{0}}
	if wo.typed {
		t.timer = wo.length
		return t
	}
	t.fixes = make([]fix, 0, wo.length)
	way := d.way(wo)
	metres, lap, moving := 0.0, wo.lapLength(), 0
	height, last := 0.0, 0.0
	for s := range wo.length {
		if wo.paused(s) {
			continue
		}
		e := wo.effort(float64(s))
		f := fix{at: int32(s), timer: int32(t.timer), seen: wo.gps && !wo.buried(s)}
		f.hr = uint8(wo.pulse(d.p, d.own.rest, float64(s)) + 0.5)
		if wo.speed > 0 {
			angle := 0.0
			if way != nil {
				angle = way.angle(metres)
				height = way.heightAt(angle, wo.hills())
			}
			f.speed = float32(wo.pace(d.p, e) * (1 + 0.04*noise(wo.key+9, float64(s)/20)))
			metres += float64(f.speed)
			if way != nil {
				d.place(way, wo, &f, angle)
				f.height = float32(math.Round(height*5) / 5)
				if s > 0 {
					t.up += max(0, height-last)
					t.down += max(0, last-height)
				}
				last = height
			}
		}
		f.metres = float32(metres)
		f.moving = int32(moving)
		if wo.speed == 0 || f.speed > 0.3 {
			moving++
		}
		t.timer++
		wo.rhythm(&f, e)
		t.add(&f)
		for lap > 0 && metres >= lap*float64(len(t.laps)) {
			t.laps = append(t.laps, int32(s))
		}
	}
	t.metres = metres
	return t
}

// add counts a fix into the totals.
func (t *track) add(f *fix) {
	t.fixes = append(t.fixes, *f)
	t.topSpeed = max(t.topSpeed, float64(f.speed))
	t.topPulse = max(t.topPulse, f.hr)
	t.topSteps = max(t.topSteps, float64(f.steps))
	t.topTurns = max(t.topTurns, float64(f.turns))
	t.pulse += float64(f.hr)
	t.steps += float64(f.steps)
	t.turns += float64(f.turns)
	t.speed += float64(f.speed)
}

// way is the loop that the workout follows, nil indoors.
func (d *day) way(wo *workout) *walker {
	if !wo.gps {
		return nil
	}
	p := places[d.loc.String()].parks[wo.route]
	wide := 1.0
	switch {
	case wo.bike:
		wide = 5
	case wo.name == lake.name:
		wide = 0.2
	}
	return &walker{loop: newLoop(p, d.w.key(0, forRoute, int64(wo.route)), wide)}
}

// hills is how far the route rises above and falls below its middle, in metres.
func (wo *workout) hills() float64 {
	switch {
	case wo.bike:
		return 45
	case wo.name == lake.name:
		return 0
	}
	return 7
}

// place sets the coordinates, each second a little beside the true way.
func (d *day) place(way *walker, wo *workout, f *fix, angle float64) {
	east, north := way.point(angle)
	east += 1.8*noise(wo.key+5, float64(f.at)/13) + wo.drift()
	north += 1.8 * noise(wo.key+6, float64(f.at)/13)
	f.lat = semicircles(way.lat + north/111320)
	f.lon = semicircles(way.lon + east/(111320*math.Cos(way.lat*math.Pi/180)))
}

// drift sets the tracks of two devices apart by a handlebar's width.
func (wo *workout) drift() float64 {
	if wo.second {
		return 0.6
	}
	return 0
}

// pace is the speed at an effort: the fitter, the faster.
func (wo *workout) pace(p *Person, effort float64) float64 {
	return wo.speed * (0.55 + 0.011*p.vo2) * (0.35 + 0.65*effort)
}

// rhythm sets cadence and power.
func (wo *workout) rhythm(f *fix, effort float64) {
	wobble := noise(wo.key+7, float64(f.at)/7)
	if wo.steps > 0 {
		f.steps = float32(math.Round(wo.steps * (0.9 + 0.1*effort + 0.02*wobble)))
	}
	if wo.turns > 0 {
		f.turns = float32(math.Round(wo.turns * (0.92 + 0.08*effort + 0.06*wobble)))
	}
	if wo.watts > 0 {
		f.watts = uint16(clamp(wo.watts*(effort*1.1-0.1+0.12*wobble), 0, 900))
	}
}

// lapLength is the distance of an automatic lap, 0 without distance.
func (wo *workout) lapLength() float64 {
	switch {
	case wo.speed == 0:
		return 0
	case wo.bike:
		return 5000
	case wo.pool, wo.name == lake.name:
		return 400
	}
	return 1000
}
