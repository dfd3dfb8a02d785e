package garmin

import (
	"strings"

	"garner/garmin/element"
)

// ActivityFiles only ever come as pings: an address that lives 24 hours and
// works once (Activity API). An older key for them is "file".
var ActivityFiles = &Type{
	Key: "activityFiles", Title: "Activity file", Permission: activityExport, Pull: "activityFile",
	NaturalKey: []string{"activityId", "fileType"}, PingOnly: true, clock: spanClock,
	Fields: []Field{
		text("fileType", "File type"), text("activityId", "Activity id"), text("activityName", "Name"),
		text("activityDescription", "Description"), text("activityType", "Kind"), text("deviceName", "Device"),
		flag("manual", "By hand"),
	},
	identify: func(v element.Value, d *Decoded) {
		if d.Key = activityKey(v); d.Key == "" {
			d.Fault = "no activity id"
			return
		}
		d.Key += " " + strings.ToUpper(scalar(v.Get("fileType")))
		d.Reach = 0
	},
}

// ActivityID is Garmin's id of the activity that an element is about, which is the
// natural key of the activity; "" if it names none.
func ActivityID(v element.Value) string { return activityKey(v) }
