package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"garner/health"
)

// thin is the narrow no-break space before units and between digit groups.
const thin = "\u202f"

// dash joins the two ends of a range; the word joiner keeps a line from ending behind it.
const dash = "–\u2060"

// missing is what stands where no value is.
const missing = "–"

// Format is a value with its unit.
func (u Units) Format(v Value) string {
	switch {
	case !v.OK:
		return missing
	case v.Text != "":
		return v.Text
	case v.Unit == health.Second:
		return Duration(time.Duration(v.V * float64(time.Second)))
	case v.Unit == health.Meter, v.Unit == health.Gram:
		return u.sized(v)
	}
	s := u.scale(v.Unit)
	return named(s, u.write(s, v))
}

func named(s scale, x string) string {
	switch s.name {
	case "":
		return x
	case "°":
		return x + s.name
	}
	if strings.HasPrefix(s.name, "/") {
		return x + s.name
	}
	if one := ones[s.name]; one != "" && (x == "1" || x == "−1") {
		return x + thin + one
	}
	return x + thin + s.name
}

// Span is two values of one metric with their unit once: "46–61 ms". Values that each name
// a unit of their own keep it.
func (u Units) Span(low, high Value) string {
	from, to := u.Format(low), u.Format(high)
	if from == to {
		return to
	}
	if s := u.Number(low); s != from {
		return s + dash + to
	}
	return from + dash + to
}

// Number is a value without its unit, for a column whose header names it.
// Lengths and masses of one column differ too much for one unit, so each names its own.
func (u Units) Number(v Value) string {
	switch {
	case !v.OK:
		return missing
	case v.Text != "":
		return v.Text
	case v.Unit == health.Second:
		return Duration(time.Duration(v.V * float64(time.Second)))
	case v.Unit == health.Meter, v.Unit == health.Gram:
		return u.sized(v)
	}
	return u.write(u.scale(v.Unit), v)
}

// shown is a value rounded as Number writes it: a difference of two values that stand beside
// it is that of what is written.
func (u Units) shown(v Value) float64 {
	if v.Unit == health.Second && math.Round(v.V) < 60 {
		return math.Round(v.V)
	}
	if v.Unit == health.Second {
		return math.Round(v.V/60) * 60
	}
	s, decimals := u.precision(v)
	switch {
	case v.Unit == health.MinutePerKM, v.Unit == health.MinutePer100M:
		return math.Round(v.V*s.factor*60) / 60 / s.factor
	case s == stones:
		s = pounds
	}
	return rounded(v.V*s.factor, decimals) / s.factor
}

// precision is the right unit for a value, and how many decimals are written in it. What is
// in stones has them in its pounds.
func (u Units) precision(v Value) (scale, int) {
	s := u.scale(v.Unit)
	switch v.Unit {
	case health.Meter:
		return u.lengthPrecision(v)
	case health.Gram:
		if math.Abs(v.V) < 1000 && !v.Delta {
			s = scale{name: "g", factor: 1}
		}
	}
	return s, v.Decimals + s.decimals
}

// rounded is a number with so many decimals, halves away from zero as in durations, paces and
// files: strconv would write 38.5 as 38 and 39.5 as 40.
func rounded(x float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	if out := math.Round(x*unit) / unit; !math.IsInf(out, 0) {
		return out
	}
	return x
}

// Header is the unit that Number leaves out.
func (u Units) Header(unit health.Unit) string {
	switch unit {
	case health.Second:
		return "h min"
	case health.Meter, health.Gram:
		return ""
	}
	return u.scale(unit).name
}

// lengthPrecision is the one way to write a distance or a height: in metres or feet,
// distances of a kilometre and more in kilometres or miles, three figures of
// them. What is swum in a pool is in metres or yards.
func (u Units) lengthPrecision(v Value) (scale, int) {
	s := u.lengthScale(v)
	switch {
	case s == u.long() && math.Abs(v.V*s.factor) < 9.995:
		return s, 2
	case s == u.long():
		return s, 1
	case v.Pool, math.Abs(v.V) >= fine:
		return s, 0
	}
	return s, v.Decimals + s.decimals
}

// lengthScale is the right unit for a length.
func (u Units) lengthScale(v Value) scale {
	switch {
	case v.Pool:
		return u.pool()
	case !v.Height && math.Abs(v.V) >= far:
		return u.long()
	}
	return u.scale(health.Meter)
}

// sized writes what names its own unit: lengths, and masses, which are in grams below a
// kilogram, as labels of food have them in either system, and else in kilograms, pounds, or
// stones and pounds.
func (u Units) sized(v Value) string {
	s, decimals := u.precision(v)
	if s == stones {
		return u.stones(v)
	}
	return named(s, grouped(v.V*s.factor, decimals))
}

// stones writes a mass as "11 st 4.2 lb", and what is less than a stone in pounds.
func (u Units) stones(v Value) string {
	tenths := int(math.Round(math.Abs(v.V) * pounds.factor * 10))
	whole, rest := tenths/(10*poundsPerStone), float64(tenths%(10*poundsPerStone))/10
	sign := ""
	if v.V < 0 && tenths > 0 {
		sign = "−"
	}
	text := named(pounds, grouped(rest, 1))
	if whole > 0 {
		text = named(stones, strconv.Itoa(whole)) + thin + text
	}
	return sign + text
}

func (u Units) write(s scale, v Value) string {
	x := v.V * s.factor
	if !v.Delta {
		x += s.offset
	}
	if v.Unit == health.MinutePerKM || v.Unit == health.MinutePer100M {
		return minutes(x)
	}
	return grouped(x, v.Decimals+s.decimals)
}

// tick writes a number of an axis, which is whole or has a half.
func tick(x float64) string {
	if x != math.Trunc(x) {
		return grouped(x, 1)
	}
	return grouped(x, 0)
}

// minutes writes a pace, 5.5 as 5:30.
func minutes(x float64) string {
	secs := int(math.Round(x * 60))
	return strconv.Itoa(secs/60) + ":" + pad(secs%60)
}

// grouped writes a number with thin spaces between thousands and a true minus.
func grouped(x float64, decimals int) string {
	text := strconv.FormatFloat(rounded(math.Abs(x), decimals), 'f', decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thin)
		}
		b.WriteRune(r)
	}
	if rest != "" {
		b.WriteString("." + rest)
	}
	return b.String()
}

// Count is a plain count of things.
func Count(n int) string { return grouped(float64(n), 0) }

// Plural is a count with its noun: "1 person", "3 people".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1" + " " + one
	}
	return Count(n) + " " + many
}

// attention is what so many deliveries need, without their number.
func attention(deliveries int) string {
	if deliveries == 1 {
		return "delivery needs attention"
	}
	return "deliveries need attention"
}

// Bytes is a size for people.
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + thin + "B"
	case n < 1_000_000:
		return grouped(float64(n)/1e3, 1) + thin + "kB"
	}
	return grouped(float64(n)/1e6, 1) + thin + "MB"
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
