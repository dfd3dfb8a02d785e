package element

import (
	"math"
	"strconv"
	"strings"
)

// Num is a number as sent: Mantissa / 10^Decimals where Literal is "".
type Num struct {
	Mantissa int64
	Decimals uint8
	// Literal holds numbers that are not plain decimals of at most 18 digits.
	Literal string
}

// parseNum reads a JSON number literal. Mantissa and decimals are used only if
// they give back every digit.
func parseNum(b []byte) Num {
	if m, decimals, ok := parsePlain(b); ok {
		return Num{Mantissa: m, Decimals: decimals}
	}
	return Num{Literal: string(b)}
}

// parsePlain refuses exponents, -0 and more than maxDigits digits.
func parsePlain(b []byte) (mantissa int64, decimals uint8, ok bool) {
	point, neg := len(b)-1, b[0] == '-'
	for i, c := range b {
		switch {
		case c-'0' <= 9:
			if mantissa >= pow10Int[maxDigits-1] {
				return 0, 0, false
			}
			mantissa = mantissa*10 + int64(c-'0')
		case c == '.':
			point = i
		case i > 0 || !neg:
			return 0, 0, false
		}
	}
	if neg {
		if mantissa == 0 {
			return 0, 0, false
		}
		mantissa = -mantissa
	}
	size := len(b) - 1 - point
	return mantissa, uint8(size), size <= maxDigits
}

// isNumber tells whether s follows JSON's grammar of numbers.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	rest := strings.TrimLeft(s, "0123456789")
	if rest == s || s[0] == '0' && len(s)-len(rest) > 1 {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789")
		if rest == fraction {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0]|0x20 != 'e' {
		return false
	}
	exponent := rest[1:]
	if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
		exponent = exponent[1:]
	}
	return exponent != "" && strings.TrimLeft(exponent, "0123456789") == ""
}

// whole is the integer part, if an int64 holds it.
func (n Num) whole() (int64, bool) {
	if n.Literal == "" {
		return n.Mantissa / pow10Int[n.Decimals], true
	}
	if !strings.ContainsAny(n.Literal, "eE") {
		digits, _, _ := strings.Cut(n.Literal, ".")
		i, err := strconv.ParseInt(digits, 10, 64)
		return i, err == nil
	}
	f := n.Float()
	if f < math.MinInt64 || f >= -math.MinInt64 {
		return 0, false
	}
	return int64(f), true
}

// maxDigits is how many digits always fit an int64.
const maxDigits = 18

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
	1e18}

var pow10Int = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
	1e17, 1e18}

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
	m := uint64(n.Mantissa)
	if n.Mantissa < 0 {
		dst, m = append(dst, '-'), -m
	}
	unit := uint64(pow10Int[n.Decimals])
	dst = strconv.AppendUint(dst, m/unit, 10)
	dst = append(dst, '.')
	for rest := m % unit; unit > 1; {
		unit /= 10
		dst = append(dst, byte('0'+rest/unit))
		rest %= unit
	}
	return dst
}

// parseName reads an integer in its canonical form as a member's name.
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
