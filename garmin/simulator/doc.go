// Package simulator is a whole pretend Garmin with pretend people. It invents
// their nights, days and workouts and pushes them the way Garmin's Health API
// does: growing, repeated, late, several people in one body.
//
// Every value is a pure function of seed, person, day and purpose, so any day
// can be made on its own, without the days before it. Slow variables (fitness,
// weight, illness) are closed forms of the day, never sums of yesterdays.
//
// The package writes bodies straight from Garmin's field tables and shares
// nothing with the decoder, or it would repeat the decoder's mistakes.
package simulator
