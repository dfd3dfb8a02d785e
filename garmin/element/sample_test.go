package element_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
)

func points(n int) string {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":%d`, i*15, 50+(i*7919)%40)
	}
	b.WriteByte('}')
	return b.String()
}

// day is a full day of heart rate every 15 s, as a random walk.
func day() string {
	var b bytes.Buffer
	b.WriteString(`{"summaryId":"x1-1","timeOffsetHeartRateSamples":{`)
	rate, seed := 60, uint32(1)
	for i := range 5760 {
		seed = seed*1664525 + 1013904223
		rate += int(seed>>24)%3 - 1
		rate = min(max(rate, 45), 150)
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":%d`, i*15, rate)
	}
	b.WriteString(`}}`)
	return b.String()
}

// hour is n seconds of an activity as a device records them and Java writes
// them: coordinates in semicircles, floats widened to doubles, stops.
func hour(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := []byte(`{"summaryId":"1-detail","samples":[`)
	lat, lon, height, heart, speed, metres := 608e6, 101e6, 400.0, 120.0, 3.0, 0.0
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		if speed = math.Abs(speed + r.NormFloat64()*0.08); i%600 < 10 {
			speed = 0
		}
		lat, lon = lat+80*speed+r.NormFloat64()*20, lon+60*speed+r.NormFloat64()*20
		height, heart, metres = height+r.NormFloat64()*0.2, heart+r.NormFloat64(), metres+speed
		b = fmt.Appendf(b,
			`{"startTimeInSeconds":%d,"latitudeInDegree":%s,"longitudeInDegree":%s,"elevationInMeters":%s,"heartRate":%d,`,
			1700000000+i, java(math.Round(lat)*180/(1<<31)), java(math.Round(lon)*180/(1<<31)), java(single(height, 5)),
			int(heart))
		b = fmt.Appendf(b,
			`"speedMetersPerSecond":%s,"stepsPerMinute":%s,"totalDistanceInMeters":%s,"timerDurationInSeconds":%d,`+
				`"clockDurationInSeconds":%d,"movingDurationInSeconds":%d}`,
			java(single(speed, 1000)), java(float64(160+2*r.IntN(3))), java(math.Round(metres*100)/100), i, i, i-i/600*10)
	}
	return string(append(b, `]}`...))
}

// single is the float32 next to a multiple of 1/steps, widened.
func single(f, steps float64) float64 { return float64(float32(math.Round(f*steps) / steps)) }

func java(f float64) string {
	if f == math.Trunc(f) {
		return strconv.FormatInt(int64(f), 10) + ".0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
