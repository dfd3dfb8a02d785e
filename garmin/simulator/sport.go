package simulator

import "time"

// sport is what is true of every workout of one kind.
type sport struct {
	name  string // Garmin's activity type
	title string // the last word of the names that Garmin makes up
	epoch epochKind
	gps   bool
	speed float64 // m/s, 0 if there is no distance
	steps float64 // per minute
	turns float64 // pedal turns or strokes per minute
	watts float64
	burn  float64 // kcal per minute and 70 kg
	wavy  bool    // hard and easy in turn
	pause bool    // the clock is stopped on the way
	pool  bool
	bike  bool
}

var (
	run       = &sport{name: "RUNNING", title: "Running", epoch: running, gps: true, speed: 2.9, steps: 168, burn: 11.5}
	intervals = &sport{name: "RUNNING", title: "Running", epoch: running, gps: true, speed: 3.2, steps: 174, burn: 12.5,
		wavy: true}
	treadmill = &sport{name: "TREADMILL_RUNNING", title: "Treadmill Running", epoch: running, speed: 2.8, steps: 166,
		burn: 11}
	ride = &sport{name: "ROAD_BIKING", title: "Road Cycling", epoch: generic, gps: true, speed: 7.4, turns: 84,
		watts: 165, burn: 9.5, pause: true, bike: true}
	trainer = &sport{name: "INDOOR_CYCLING", title: "Indoor Cycling", epoch: generic, turns: 88, watts: 185, burn: 10,
		wavy: true, bike: true}
	strength = &sport{name: "STRENGTH_TRAINING", title: "Strength", epoch: generic, burn: 6, wavy: true}
	yoga     = &sport{name: "YOGA", title: "Yoga", epoch: generic, burn: 3.2}
	swim     = &sport{name: "LAP_SWIMMING", title: "Pool Swim", epoch: generic, speed: 0.62, turns: 26, burn: 8.5,
		pool: true}
	walk     = &sport{name: "WALKING", title: "Walking", epoch: walking, gps: true, speed: 1.35, steps: 108, burn: 4.5}
	football = &sport{name: "SOCCER", title: "Soccer", epoch: running, steps: 92, burn: 9, wavy: true}
	dance    = &sport{name: "DANCE", title: "Dance", epoch: walking, steps: 88, burn: 6.5, wavy: true}
	lake     = &sport{name: "OPEN_WATER_SWIMMING", title: "Open Water Swimming", epoch: generic, gps: true, speed: 0.8,
		turns: 28, burn: 9}
	change    = &sport{name: "TRANSITION_V2", title: "Transition", epoch: generic, burn: 6}
	triathlon = &sport{name: "MULTI_SPORT", title: "Multisport", epoch: generic, burn: 10}
)

// habit is a workout that returns every week, more often than not.
type habit struct {
	day       time.Weekday
	sport     *sport
	minute    int // of the day
	low, high float64
	intensity float64
	chance    float64
}
