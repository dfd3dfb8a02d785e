package alert_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"garner/health/alert"
)

var (
	yearPeople = flag.Int("year-people", 0, "people of the simulated year, instead of the test's own number")
	yearSeeds  = flag.Int("year-seeds", 0, "seeds of the simulated year")
)

// A year passes in steps of a quarter of an hour: people sync by their habits,
// travel, go on holiday, lose their watch, take permissions back; Garmin fails,
// endpoints are put on hold, Garner is switched off, its clock jumps, its disk
// fills and empties. The rules
// see only arrivals. The auditor knows what truly happened, and counts on its
// own what should have been told.
func TestAYearOfPeopleHasNoMissedSilenceNoFalseAlarmsAndNoStorm(t *testing.T) {
	t.Parallel()
	people, seeds := 50, 2
	if os.Getenv("GARNER_TEST_ALL") != "" {
		seeds = 4
	}
	if testing.Short() {
		people, seeds = 20, 2
	}
	if *yearPeople > 0 {
		people = *yearPeople
	}
	if *yearSeeds > 0 {
		seeds = *yearSeeds
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newYear(uint64(seed), people)
			a := w.run()
			a.report(t)
		})
	}
}

const (
	step      = 15 * time.Minute
	yearDays  = 365
	clockJump = 70 * time.Hour
)

var yearStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// body is a simulated person: habits and what will happen to them.
type body struct {
	id       int64
	offset   time.Duration // of their clock
	perDay   float64       // syncs on an ordinary day
	skip     float64       // share of days without any sync
	nightOff float64       // share of nights without the watch
	away     []alert.Span  // true silences: no phone, broken watch
	holidays []alert.Span  // the same, announced as pauses
	revoked  alert.Span    // permission for nights withdrawn
	revoked2 alert.Span    // permission for everything withdrawn
	left     time.Time
	back     time.Time  // and connected again; zero for never
	broken   alert.Span // the watch stopped measuring nights
	given    alert.Span // in it the admin calls nights not applicable
	garbled  alert.Span // Garmin sends what cannot be understood
	answer   alert.Span // the admin pauses them, having heard of the silence
	rule     alert.Span // in it they have a limit of their own
	limit    time.Duration
	syncs    []sync
}

// pauses are all that the admin ever entered.
func (b *body) pauses() []alert.Span {
	out := slices.Clone(b.holidays)
	if b.answer.Length() > 0 {
		out = append(out, b.answer)
	}
	return out
}

// connected reports whether Garmin sends anything of them.
func (b *body) connected(t time.Time) bool {
	return (b.left.IsZero() || t.Before(b.left) || !b.back.IsZero() && !t.Before(b.back)) && !in1(b.revoked2, t)
}

// sync is an arrival: at is when Garmin sent it.
type sync struct {
	at    time.Time
	night bool // the first after a worn night
}

type year struct {
	rng    *rand.Rand
	people []*body
	garmin []alert.Span // Garmin sends nothing about any person; it comes afterwards
	hold   alert.Span   // nights on hold for all people, dropped
	off    []alert.Span // Garner is off; Garmin repeats afterwards
	full   alert.Span   // Garner runs and refuses; Garmin repeats afterwards
	jump   alert.Span   // Garner's clock is far ahead
	flaps  alert.Span   // the disk is nearly full every other half hour
	start  time.Time
	end    time.Time
}

func (w *year) between(lo, hi float64) float64 { return lo + (hi-lo)*w.rng.Float64() }

// spanAt makes a span that begins on a day and lasts some hours.
func (w *year) spanAt(day, hours float64) alert.Span {
	from := w.start.Add(time.Duration(day * 24 * float64(time.Hour))).Truncate(step)
	return alert.Span{From: from, To: from.Add(time.Duration(hours * float64(time.Hour))).Truncate(step)}
}

func newYear(seed uint64, people int) *year {
	w := &year{rng: rand.New(rand.NewPCG(seed, 77)), start: yearStart, end: yearStart.AddDate(0, 0, yearDays)}
	w.garmin = []alert.Span{w.spanAt(w.between(3, 12), w.between(30, 80)), w.spanAt(w.between(60, 100), w.between(4, 20)),
		w.spanAt(w.between(200, 240), w.between(50, 90))}
	w.hold = w.spanAt(w.between(280, 300), w.between(100, 200))
	w.off = []alert.Span{w.spanAt(w.between(40, 55), w.between(55, 65)), w.spanAt(w.between(120, 140), w.between(0.5, 3)),
		w.spanAt(w.between(250, 270), w.between(5, 30))}
	w.full = w.spanAt(w.between(310, 320), w.between(2, 70))
	w.jump, w.flaps = w.spanAt(w.between(150, 160), w.between(0.3, 3)), w.spanAt(w.between(170, 180), 24*w.between(1, 9))
	for i := range people {
		b := &body{id: int64(i + 1), offset: time.Duration(w.rng.IntN(25)-11) * time.Hour, perDay: w.between(2, 9),
			skip: w.rng.Float64() * 0.04, nightOff: w.rng.Float64() * 0.03}
		if i%9 == 4 {
			b.nightOff = 0.35 // wears it when they think of it
		}
		if i%11 == 5 {
			b.perDay, b.skip = 0.9, 0.3 // opens the phone's app every other day
		}
		if i%3 == 0 {
			b.away = append(b.away, w.spanAt(w.between(45, 330), w.between(80, 300)))
			if i%2 == 0 {
				told := b.away[0].From.Add(75 * time.Hour)
				b.answer = alert.Span{From: told, To: told.Add(time.Duration(w.between(20,
					300) * float64(time.Hour))).Truncate(step)}
			}
		}
		if i%10 == 7 {
			b.away = append(b.away, w.spanAt(w.between(3, 30), w.between(80, 200))) // nothing is known of them yet
		}
		if i%4 == 1 {
			b.holidays = append(b.holidays, w.spanAt(w.between(45, 330), w.between(60, 400)))
		}
		if i%7 == 2 {
			b.revoked = w.spanAt(w.between(100, 200), 24*w.between(10, 60))
		}
		if i%8 == 3 {
			b.broken = w.spanAt(w.between(60, 180), 24*w.between(6, 30))
			if i%16 == 3 {
				b.given = alert.Span{From: b.broken.From.Add(150 * time.Hour), To: b.broken.To.Add(240 * time.Hour)}
			}
		}
		if i%13 == 6 {
			b.revoked2 = w.spanAt(w.between(60, 300), w.between(1, 500))
		}
		if i%12 == 1 {
			b.garbled = w.spanAt(w.between(20, 300), w.between(50, 200))
		}
		if i%5 == 4 {
			b.rule, b.limit = w.spanAt(w.between(5, 300), 24*w.between(1, 60)), time.Duration(24+24*w.rng.IntN(5))*time.Hour
		}
		if i%20 == 19 {
			b.left = w.spanAt(w.between(100, 300), 1).From
			if i%40 == 39 {
				b.back = b.left.Add(time.Duration(w.between(1, 1000)) * time.Hour)
			}
		}
		w.live(b)
		w.people = append(w.people, b)
	}
	return w
}

// unclear is for how long a silence of all people may count as one of each:
// at first it is unknown how long this box is usually quiet.
func (w *year) unclear(at time.Time) time.Duration {
	if at.Before(w.start.AddDate(0, 0, 14)) {
		return 12 * time.Hour
	}
	return time.Hour
}

func in(spans []alert.Span, t time.Time) (alert.Span, bool) {
	for _, s := range spans {
		if !t.Before(s.From) && t.Before(s.To) {
			return s, true
		}
	}
	return alert.Span{}, false
}

// live makes a person's syncs of the year, as they truly happened.
func (w *year) live(b *body) {
	for day := range yearDays {
		midnight := w.start.AddDate(0, 0, day).Add(-b.offset)
		if day > 90 && day < 300 {
			midnight = midnight.Add(-time.Hour) // summer time
		}
		worn := w.rng.Float64() >= b.nightOff
		if w.rng.Float64() < b.skip {
			continue
		}
		n := 1 + int(b.perDay*w.between(0.5, 1.5))
		at := midnight.Add(time.Duration(w.between(6.2, 8.5) * float64(time.Hour)))
		for k := range n {
			if _, gone := in(append(b.away, b.holidays...), at); !gone && b.connected(at) {
				b.syncs = append(b.syncs, sync{at, worn && k == 0})
			}
			at = at.Add(time.Duration(w.between(0.8, 1.2) * 15 / float64(n) * float64(time.Hour)))
		}
	}
	// People who missed the night's sync deliver it with the next one.
	for i := 1; i < len(b.syncs); i++ {
		if gap := b.syncs[i].at.Sub(b.syncs[i-1].at); gap > 20*time.Hour {
			b.syncs[i].night = b.syncs[i].night || w.rng.Float64() >= b.nightOff
		}
	}
}

// arrival is when a sync reaches Garner: what could not be delivered comes a
// little after it can be.
func (w *year) arrival(at time.Time) time.Time {
	for range 3 {
		for _, s := range slices.Concat(w.garmin, w.off, []alert.Span{w.full}) {
			if !at.Before(s.From) && at.Before(s.To) {
				at = s.To.Add(time.Duration(2+w.rng.IntN(20)) * time.Minute)
			}
		}
	}
	return at
}
