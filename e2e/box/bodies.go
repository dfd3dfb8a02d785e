package box

import (
	"fmt"
	"io"
)

// BigDetails streams a body of activityDetails of at least size bytes: days of
// samples, one a second.
func BigDetails(size int) io.Reader {
	r, w := io.Pipe()
	go func() {
		n, _ := fmt.Fprint(w, `{"activityDetails":[`)
		for activity := 0; n < size; activity++ {
			comma := ","
			if activity == 0 {
				comma = ""
			}
			start := 1_760_000_000 + activity*86400
			m, _ := fmt.Fprintf(w,
				`%s{"userId":"u1","summaryId":"%d-detail","activityId":%d,"summary":{"startTimeInSeconds":%d,`+
					`"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"activityType":"CYCLING","deviceName":"Edge"},`+
					`"samples":[`,
				comma, 5000+activity, 5000+activity, start)
			n += m
			for i := 0; i < 86400 && n < size; i++ {
				if i > 0 {
					n++
					fmt.Fprint(w, ",")
				}
				m, err := fmt.Fprintf(w,
					`{"startTimeInSeconds":%d,"latitudeInDegree":%.15g,"longitudeInDegree":%.15g,"elevationInMeters":%.1f,`+
						`"heartRate":%d,"speedMetersPerSecond":%.4f,"totalDistanceInMeters":%.2f,"timerDurationInSeconds":%d,`+
						`"clockDurationInSeconds":%d,"movingDurationInSeconds":%d}`,
					start+i, 52.5+float64(i%7919)*1e-5, 13.4+float64(i%6007)*1e-5, 34+float64(i%90)/10, 90+i%60, 5+float64(i%40)/16,
					float64(i)*5.5, i, i, i)
				if err != nil {
					return
				}
				n += m
			}
			m, _ = fmt.Fprint(w, `]}`)
			n += m
		}
		fmt.Fprint(w, `]}`)
		w.Close()
	}()
	return r
}
