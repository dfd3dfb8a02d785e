package box

import (
	"fmt"
	"math"
	"strings"
)

// RideSamples is the length of a ride of five and a half hours, a sample a second.
const RideSamples = 20_000

// Ride is a delivery of it: a pause in its middle, a stretch without heart rate and
// places, and a lap each 500 seconds.
func Ride(user string) []byte {
	const start, n = 1795069800, RideSamples // 2026-11-19 06:30 UTC
	var b strings.Builder
	fmt.Fprintf(&b, `{"activityDetails":[{"userId":%q,"summaryId":"9100-detail","activityId":9100,"summary":{`+
		`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":%d,"activityType":"CYCLING",`+
		`"activityName":"To the lake","deviceName":"Edge"},"samples":[`, user, start, n)
	for i := range n {
		at, x := i, float64(i)/n
		if i >= n/2 {
			at += 300
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"startTimeInSeconds":%d,"elevationInMeters":%.1f,"speedMetersPerSecond":%.3f,`+
			`"totalDistanceInMeters":%d,"timerDurationInSeconds":%d,"clockDurationInSeconds":%d,"movingDurationInSeconds":%d`,
			start+at, 200+50*math.Sin(40*x), 5+math.Sin(300*x), 5*i, i, at, i)
		if i <= n/4 || i >= n/3 {
			fmt.Fprintf(&b, `,"heartRate":%.0f,"latitudeInDegree":%.6f,"longitudeInDegree":%.6f`,
				120+30*math.Sin(90*x), 52.5+0.1*math.Sin(50*x)*x, 13.4+0.1*math.Cos(50*x)*x)
		}
		b.WriteByte('}')
	}
	b.WriteString(`],"laps":[`)
	for i := range n / 2 / 500 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"startTimeInSeconds":%d}`, start+500*i)
	}
	b.WriteString(`]}]}`)
	return []byte(b.String())
}
