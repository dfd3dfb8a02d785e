package element

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// The codings of a column of numbers. Packed data refers to them by number: no
// number may change its meaning.
const (
	codeDecimal      = iota // places, ints; all numbers have these decimals
	codeMixed               // places, decimals of each, ints
	codeSemicircle          // ints n of degrees n*180/2^31, as GPS devices count
	codeFloat32             // ints: bits of float32 that were widened
	codeShort               // places, ints; each number has no more decimals than it needs
	codeFloat32Short        // places, ints: decimals whose nearest float32 was widened

	// pointZero means that whole numbers are written "72.0", as Java does.
	pointZero = 0x40
	// hasLiterals means that the numbers that do not fit the coding follow by
	// position: count, (distance, text)…
	hasLiterals = 0x80
)

// noScale means that the integers of a mixed column are the mantissas.
const noScale = 0xff

// coding is one way to write a column.
type coding struct {
	code, places uint8
	zero         bool
	ints         []int64
	misfits      []int
}

// codingOf selects the coding of a column.
func codingOf(c *column) coding {
	if c.decimals == nil && c.literals == nil {
		return coding{code: codeDecimal, ints: c.mantissas}
	}
	best := decimalCoding(c)
	if best.places < 6 && best.code != codeMixed {
		return best
	}
	zero := wantsPointZero(c)
	for _, try := range []func(*column, bool) (coding, bool){semicircleCoding, float32ShortCoding, float32Coding} {
		if k, ok := try(c, zero); ok && k.cost() < best.cost() {
			best = k
		}
	}
	return best
}

// cost estimates the compressed size of a coding in bits.
func (k *coding) cost() int {
	const misfit, decimals = 160, 4
	sums := differenceBits(k.ints)
	cost := min(sums[0], sums[1], sums[2]) + misfit*len(k.misfits)
	if k.code == codeMixed {
		cost += decimals * len(k.ints)
	}
	return cost
}

// differenceBits sums the lengths of the differences of each order.
func differenceBits(ints []int64) (sums [3]int) {
	var last, lastDiff int64
	for _, v := range ints {
		d := v - last
		sums[0] += bits.Len64(zigzag(v))
		sums[1] += bits.Len64(zigzag(d))
		sums[2] += bits.Len64(zigzag(d - lastDiff))
		last, lastDiff = v, d
	}
	return sums
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// decimalCoding is the one that works for every column.
func decimalCoding(c *column) coding {
	k := coding{code: codeDecimal}
	uniform := c.literals == nil
	for _, d := range c.decimals {
		k.places = max(k.places, d)
		uniform = uniform && d == c.decimals[0]
	}
	if uniform {
		k.ints = c.mantissas
		return k
	}
	k.ints = make([]int64, len(c.mantissas))
	for i, m := range c.mantissas {
		scale := pow10Int[k.places-c.places(i)]
		if m > math.MaxInt64/scale || m < -math.MaxInt64/scale {
			// Too far apart for one scale: write them as they are.
			return mixedCoding(c, noScale, c.mantissas)
		}
		k.ints[i] = m * scale
	}
	k.code, k.zero = codeShort, wantsPointZero(c)
	for i, v := range k.ints {
		if shorten(v, k.places, k.zero) != c.at(i) {
			k.misfits = append(k.misfits, i)
		}
	}
	if len(k.misfits) > mayMisfit(c) {
		return mixedCoding(c, k.places, k.ints)
	}
	return k
}

func mixedCoding(c *column, places uint8, ints []int64) coding {
	k := coding{code: codeMixed, places: places, ints: ints}
	for i := range ints {
		if _, ok := c.literals[i]; ok {
			k.misfits = append(k.misfits, i)
		}
	}
	return k
}

// mayMisfit is how many misfits a coding may have; each is written in full.
func mayMisfit(c *column) int { return 1 + len(c.mantissas)/8 }

// wantsPointZero determines by a column's first whole number how it writes them.
func wantsPointZero(c *column) bool {
	for i, m := range c.mantissas {
		n := c.at(i)
		if n.Literal == "" && m%pow10Int[n.Decimals] == 0 {
			return n.Decimals > 0
		}
	}
	return true
}

// shorten is v / 10^places with no more decimals than it needs.
func shorten(v int64, places uint8, zero bool) Num {
	least := uint8(0)
	if zero {
		least = 1
	}
	for places > least && v%10 == 0 {
		v, places = v/10, places-1
	}
	return Num{Mantissa: v, Decimals: places}
}

// shortest is the number that a float64 is written as.
func shortest(f float64, zero bool) Num {
	var space [32]byte
	b := strconv.AppendFloat(space[:0], f, 'f', -1, 64)
	if f == math.Trunc(f) && zero {
		b = append(b, '.', '0')
	}
	return parseNum(b)
}

// convert fills in a coding, number by number, with a conversion and its inverse.
func (k coding) convert(c *column, there func(float64) int64, back func(int64) float64) (coding, bool) {
	k.ints = make([]int64, len(c.mantissas))
	var last int64
	for i := range k.ints {
		n := c.at(i)
		k.ints[i] = there(n.Float())
		if shortest(back(k.ints[i]), k.zero) != n {
			k.ints[i] = last
			if k.misfits = append(k.misfits, i); len(k.misfits) > mayMisfit(c) {
				return k, false
			}
		}
		last = k.ints[i]
	}
	return k, true
}

func semicircleCoding(c *column, zero bool) (coding, bool) {
	return coding{code: codeSemicircle, zero: zero}.convert(c, func(f float64) int64 {
		return int64(math.Round(f / 180 * (1 << 31)))
	}, fromSemicircles)
}

// The product is exact, so the text of a coordinate is always the same.
func fromSemicircles(n int64) float64 { return float64(n) * (180.0 / (1 << 31)) }

func float32Coding(c *column, zero bool) (coding, bool) {
	return coding{code: codeFloat32, zero: zero}.convert(c, func(f float64) int64 {
		return int64(math.Float32bits(float32(f)))
	}, fromFloat32Bits)
}

func fromFloat32Bits(n int64) float64 { return float64(math.Float32frombits(uint32(n))) }

// float32ShortCoding finds the few decimals that a device meant before float32
// added digits.
func float32ShortCoding(c *column, zero bool) (coding, bool) {
	const most = 9 // decimals; no float32 of everyday size needs more
	k := coding{code: codeFloat32Short, zero: zero}
	for i := range c.mantissas {
		text := strconv.FormatFloat(c.at(i).Float(), 'f', -1, 32)
		if _, decimals, _ := strings.Cut(text, "."); len(decimals) <= most {
			k.places = max(k.places, uint8(len(decimals)))
		}
	}
	scale := float64(pow10Int[k.places])
	return k.convert(c, func(f float64) int64 { return int64(math.Round(f * scale)) }, fromDecimals(k.places))
}

func fromDecimals(places uint8) func(int64) float64 {
	scale := float64(pow10Int[places])
	return func(n int64) float64 { return float64(float32(float64(n) / scale)) }
}
