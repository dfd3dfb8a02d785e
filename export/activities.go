package export

import (
	"io"
	"strconv"
	"strings"
	"time"

	"garner/query"
)

// activityColumns are those of a list of activities.
var activityColumns = []string{"person", "calendar_date", "start_time_utc", "start_time_local", "utc_offset_s",
	"activity_id", "sport", "name", "distance_m", "time_s", "average_speed_mps", "average_heart_rate_bpm", "ascent_m",
	"device", "recording"}

// WriteActivities writes a list of a person's activities as CSV, in its order. A number
// that is not known is empty. Who adds up leaves out what recording names: "part" of a multisport
// activity that is a line too, and "second" of the time of a longer recording. Where the whole
// has no number, such as no distance, those of its parts count.
func WriteActivities(w io.Writer, person string, rows []query.ActivityRow) error {
	b := append([]byte(strings.Join(activityColumns, ",")), "\r\n"...)
	for i := range rows {
		b = appendActivity(b, person, &rows[i])
	}
	_, err := w.Write(b)
	return err
}

func appendActivity(b []byte, person string, r *query.ActivityRow) []byte {
	text := func(s string) { b = append(appendText(b, s), ',') }
	number := func(x float64, decimals int) {
		if x > 0 {
			b = strconv.AppendFloat(b, x, 'f', decimals, 64)
		}
		b = append(b, ',')
	}
	text(person)
	text(r.Day.String())
	text(time.Unix(r.Start, 0).UTC().Format("2006-01-02T15:04:05Z"))
	text(time.Unix(r.Start+int64(r.Offset), 0).UTC().Format("2006-01-02T15:04:05"))
	b = append(strconv.AppendInt(b, int64(r.Offset), 10), ',')
	text(r.ID)
	text(r.Sport)
	text(r.Name)
	number(r.Meters, 2)
	number(r.Duration.Seconds(), 0)
	number(r.MetersPerSecond, 3)
	number(r.BPM, 0)
	number(r.Ascent, 1)
	text(r.Device)
	return append(append(b, recordingOf(r)...), "\r\n"...)
}

// recordingOf is empty for what counts by itself.
func recordingOf(r *query.ActivityRow) string {
	switch {
	case r.Part:
		return "part"
	case r.Second:
		return "second"
	}
	return ""
}
