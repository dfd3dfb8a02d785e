package element

import "math"

func (u *unpacker) places() uint8 {
	p := u.byte()
	if int(p) >= len(pow10Int) {
		u.fail()
		return 0
	}
	return p
}

func (u *unpacker) ints(n int) []int64 {
	order := u.byte()
	if order > 2 || n > len(u.b) {
		u.fail()
		return make([]int64, 0)
	}
	out := make([]int64, n)
	var last, lastDiff int64
	for i := range out {
		d := u.int()
		if order == 2 {
			d += lastDiff
		}
		if order > 0 {
			lastDiff = d
			d += last
		}
		out[i], last = d, d
	}
	return out
}

func (u *unpacker) column(n int) (c column) {
	flag := u.byte()
	code, zero, places := flag&0x3f, flag&pointZero != 0, uint8(0)
	switch code {
	case codeDecimal, codeShort, codeFloat32Short:
		places = u.places()
	case codeMixed:
		places = u.byte()
		c.decimals = append([]uint8(nil), u.bytes(n)...)
	case codeSemicircle, codeFloat32:
	default:
		u.fail()
	}
	c.mantissas = u.ints(n)
	if u.failed || len(c.mantissas) != n {
		u.fail()
		return column{mantissas: make([]int64, n)}
	}
	switch code {
	case codeDecimal:
		c.fill(places)
	case codeMixed:
		u.unscale(&c, places)
	case codeShort:
		c.replace(func(v int64) Num { return shorten(v, places, zero) })
	case codeSemicircle:
		u.widen(&c, fromSemicircles, zero)
	case codeFloat32:
		u.widen(&c, fromFloat32Bits, zero)
	case codeFloat32Short:
		u.widen(&c, fromDecimals(places), zero)
	}
	if flag&hasLiterals != 0 {
		u.literals(&c)
	}
	return c
}

// fill sets the same decimals for all numbers.
func (c *column) fill(places uint8) {
	if places == 0 {
		return
	}
	c.decimals = make([]uint8, len(c.mantissas))
	for i := range c.decimals {
		c.decimals[i] = places
	}
}

// replace turns integers of a coding into the numbers that they represent.
func (c *column) replace(f func(int64) Num) {
	for i, v := range c.mantissas {
		c.set(i, f(v))
	}
}

func (u *unpacker) widen(c *column, f func(int64) float64, zero bool) {
	c.replace(func(v int64) Num {
		wide := f(v)
		if math.IsNaN(wide) || math.IsInf(wide, 0) {
			u.fail()
			return Num{}
		}
		return shortest(wide, zero)
	})
}

// unscale converts the integers of a mixed column back to their own decimals.
func (u *unpacker) unscale(c *column, places uint8) {
	for i, d := range c.decimals {
		if int(d) >= len(pow10Int) || places != noScale && (d > places || int(places) >= len(pow10Int)) {
			u.fail()
			return
		}
		if places != noScale {
			c.mantissas[i] /= pow10Int[places-d]
		}
	}
}

func (u *unpacker) literals(c *column) {
	at := uint64(0)
	for range u.count() {
		at += min(u.uint(), math.MaxInt32)
		n := u.number()
		if u.failed || at >= uint64(len(c.mantissas)) {
			u.fail()
			return
		}
		c.set(int(at), n)
	}
}
