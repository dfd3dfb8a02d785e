package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// ActivityFiles only ever come as pings: an address that lives 24 hours and
// works once (Activity API 4.3). An older key for them is "file".
var ActivityFiles = &Type{
	Key: "activityFiles", Title: "Activity file", Permission: activityExport, Pull: "activityFile",
	NaturalKey: []string{"activityId", "fileType"}, PingOnly: true, clock: spanClock,
	Fields: []Field{
		text("fileType", "File type"), text("activityId", "Activity id"), text("activityName", "Name"),
		text("activityDescription", "Description"), text("activityType", "Kind"), text("deviceName", "Device"), flag("manual", "By hand"),
	},
	identify: func(v element.Value, d *Decoded) {
		if key := activityKey(v); key != "" {
			d.Key, d.Class, d.Reach = key+" "+v.Get("fileType").Text(), health.Final, 0
		}
	},
}
