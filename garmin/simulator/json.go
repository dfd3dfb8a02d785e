package simulator

import (
	"math"
	"strconv"
)

// js writes JSON by appending. It knows the few shapes that Garmin sends and
// trusts its callers to balance what they open.
type js struct{ b []byte }

// sep puts a comma where one is due.
func (j *js) sep() {
	switch j.b[len(j.b)-1] {
	case '{', '[', ':':
	default:
		j.b = append(j.b, ',')
	}
}

func (j *js) key(name string) {
	j.sep()
	j.b = append(j.b, '"')
	j.b = append(j.b, name...)
	j.b = append(j.b, '"', ':')
}

// begin opens an object or list; with a name where it is a member.
func (j *js) begin(name string, bracket byte) {
	if name == "" {
		j.sep()
	} else {
		j.key(name)
	}
	j.b = append(j.b, bracket)
}

func (j *js) end(bracket byte) { j.b = append(j.b, bracket) }

func (j *js) str(name, value string) {
	j.key(name)
	j.b = append(j.b, '"')
	j.b = append(j.b, value...)
	j.b = append(j.b, '"')
}

func (j *js) int(name string, value int64) {
	j.key(name)
	j.b = strconv.AppendInt(j.b, value, 10)
}

func (j *js) bool(name string, value bool) {
	j.key(name)
	j.b = strconv.AppendBool(j.b, value)
}

func (j *js) date(name string, c civil) {
	j.key(name)
	j.b = append(j.b, '"')
	j.b = c.append(j.b)
	j.b = append(j.b, '"')
}

// dec writes a number rounded to so many decimals, always with a point, as
// Garmin writes its floats.
func (j *js) dec(name string, value float64, decimals int) {
	j.key(name)
	scale := math.Pow10(decimals)
	j.b = appendFloat(j.b, math.Round(value*scale)/scale)
}

// single writes a float32 the way Garmin does: widened to double, which shows
// the digits that float32 never meant.
func (j *js) single(name string, value float32) {
	j.key(name)
	j.b = appendFloat(j.b, float64(value))
}

// degree writes an angle that was counted in semicircles.
func (j *js) degree(name string, semicircles int32) {
	j.key(name)
	j.b = appendFloat(j.b, degrees(semicircles))
}

func degrees(semicircles int32) float64 { return float64(semicircles) * (180.0 / (1 << 31)) }

func appendFloat(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		b = strconv.AppendInt(b, int64(v), 10)
		return append(b, '.', '0')
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// sample writes one entry of a map from seconds to whole numbers.
func (j *js) sample(offset, value int64) {
	j.offset(offset)
	j.b = strconv.AppendInt(j.b, value, 10)
}

// hundredth writes one entry of a map from seconds to floats.
func (j *js) hundredth(offset int64, value uint16) {
	j.offset(offset)
	j.b = strconv.AppendUint(j.b, uint64(value/100), 10)
	j.b = append(j.b, '.', '0'+byte(value/10%10))
	if value%10 != 0 {
		j.b = append(j.b, '0'+byte(value%10))
	}
}

func (j *js) offset(seconds int64) {
	j.sep()
	j.b = append(j.b, '"')
	j.b = strconv.AppendInt(j.b, seconds, 10)
	j.b = append(j.b, '"', ':')
}
