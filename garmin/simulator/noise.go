package simulator

import (
	"math"
	"math/rand/v2"
)

// A purpose separates the random streams of one person and day, so that a
// change in one kind of record leaves all the others as they were.
type purpose uint64

const (
	forPerson purpose = iota + 1
	forNight
	forStages
	forWorkouts
	forWorkout
	forBouts
	forWrist
	forMinutes
	forStress
	forBattery
	forFitness
	forVitals
	forWeight
	forIllness
	forSyncs
	forFaults
	forSnapshot
	forPressure
	forCycle
	forOxygen
	forRoute
	forSkin
	forCorrection
	forHydration
	forFood
	forGoal
)

// mix is the splitmix64 finaliser: it spreads every input bit over the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// key names a stream of the world.
func (w *World) key(person int, what purpose, n int64) uint64 {
	return mix(mix(mix(w.cfg.Seed)+uint64(person)) ^ uint64(what)<<56 + mix(uint64(n)))
}

// stream returns the random numbers of a person, a purpose and a day (or
// another number that stands for one).
func (w *World) stream(person int, what purpose, n int64) *rand.Rand {
	k := w.key(person, what, n)
	return rand.New(rand.NewPCG(k, mix(k)))
}

// unit maps a key to [0,1).
func unit(key uint64) float64 { return float64(mix(key)>>11) / (1 << 53) }

// noise is smooth value noise: in [-1,1], with a new direction per whole x.
func noise(key uint64, x float64) float64 {
	floor := math.Floor(x)
	f := x - floor
	f = f * f * (3 - 2*f)
	i := uint64(int64(floor))
	a := 2*unit(key+i*0x9e3779b9) - 1
	b := 2*unit(key+(i+1)*0x9e3779b9) - 1
	return a + (b-a)*f
}

// between draws evenly from [low, high).
func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }
