package element

import (
	"math"
	"strconv"
)

// Num is a number as sent: Mantissa / 10^Decimals where Literal is "".
type Num struct {
	Mantissa int64
	Decimals uint8
	// Literal holds numbers that are not plain decimals of at most 18 digits.
	Literal string
}

// parseNum reads a JSON number literal.
func parseNum(b []byte) Num {
	digits, decimals, neg, point := 0, 0, false, false
	var m int64
	for i, c := range b {
		switch {
		case c == '-' && i == 0:
			neg = true
		case c == '.':
			point = true
		case c >= '0' && c <= '9' && digits < 18:
			m = m*10 + int64(c-'0')
			digits++
			if point {
				decimals++
			}
		default: // an exponent, or too many digits
			return Num{Literal: string(b)}
		}
	}
	if neg && m == 0 {
		return Num{Literal: string(b)} // -0
	}
	if neg {
		m = -m
	}
	return Num{Mantissa: m, Decimals: uint8(decimals)}
}

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

var pow10Int = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// Float is the number's value, the nearest float64; ±Inf beyond its range.
func (n Num) Float() float64 {
	if n.Literal == "" && n.Mantissa < 1<<53 && n.Mantissa > -1<<53 {
		// Both are exact, so the quotient is rounded once.
		return float64(n.Mantissa) / pow10[n.Decimals]
	}
	f, err := strconv.ParseFloat(string(n.AppendText(nil)), 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN() // not reachable from JSON
	}
	return f
}

// AppendText appends the literal as sent.
func (n Num) AppendText(dst []byte) []byte {
	if n.Literal != "" {
		return append(dst, n.Literal...)
	}
	if n.Decimals == 0 {
		return strconv.AppendInt(dst, n.Mantissa, 10)
	}
	m := n.Mantissa
	if m < 0 {
		dst = append(dst, '-')
		m = -m
	}
	unit := pow10Int[n.Decimals]
	dst = strconv.AppendInt(dst, m/unit, 10)
	dst = append(dst, '.')
	for rest := m % unit; unit > 1; {
		unit /= 10
		dst = append(dst, byte('0'+rest/unit))
		rest %= unit
	}
	return dst
}

// column is a run of numbers.
type column struct {
	mantissas []int64
	decimals  []uint8        // nil while all are 0
	literals  map[int]string // numbers that are no plain decimals
}

func (c *column) add(n Num) {
	if n.Decimals != 0 && c.decimals == nil {
		c.decimals = make([]uint8, len(c.mantissas), cap(c.mantissas)+1)
	}
	if n.Literal != "" {
		if c.literals == nil {
			c.literals = map[int]string{}
		}
		c.literals[len(c.mantissas)] = n.Literal
	}
	c.mantissas = append(c.mantissas, n.Mantissa)
	if c.decimals != nil {
		c.decimals = append(c.decimals, n.Decimals)
	}
}

func (c *column) at(i int) Num {
	n := Num{Mantissa: c.mantissas[i]}
	if c.decimals != nil {
		n.Decimals = c.decimals[i]
	}
	if c.literals != nil {
		n.Literal = c.literals[i]
	}
	return n
}

// size is about what the column takes of memory.
func (c *column) size() int64 {
	return int64(8*cap(c.mantissas) + cap(c.decimals) + 64*len(c.literals))
}

// parseName reads an integer as a member's name in its one plain spelling.
func parseName(b []byte) (int64, bool) {
	digits := b
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(b) > 1 {
		return 0, false
	}
	var v int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	if len(digits) < len(b) {
		v = -v
	}
	return v, true
}
