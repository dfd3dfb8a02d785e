package query

import (
	"cmp"
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Activity is one recording of a date.
type Activity struct {
	// Type is the callback key of the type that brought it.
	Type, Name string
	// Sport is Garmin's name of the kind, such as ROAD_BIKING.
	Sport      string
	Day        health.Day
	Start, End int64
	// Offset is the record's own offset from UTC in seconds.
	Offset   int32
	Duration time.Duration
	// Meters, Kilocalories and BPM (on average) are 0 if unknown.
	Meters, Kilocalories, BPM float64
	Device                    string
	// ID is Garmin's, as text.
	ID string
	// Files are those that the device recorded.
	Files []ActivityFile
	// Part means that it is a part of a multisport activity of the same list.
	Part bool
	// Second means that it is not counted, since a longer recording of the same time is.
	Second bool
}

// ActivityFile is a file that can be downloaded.
type ActivityFile struct {
	ID   int64
	Kind string // FIT, TCX or GPX
	// Fault is why it could not be decoded; empty if it could or need not be.
	Fault string
}

// readFiles gives the activities of the date their files.
func (r *dayReader) readFiles() error {
	if len(r.Activities) == 0 {
		return nil
	}
	ids := make([]string, len(r.Activities))
	for i := range r.Activities {
		ids[i] = r.Activities[i].ID
	}
	files, err := r.q.Store.FilesOf(r.ctx, r.person, ids)
	if err != nil {
		return err
	}
	for _, f := range files {
		for i, id := range ids {
			if id == f.Activity {
				r.Activities[i].Files = append(r.Activities[i].Files, ActivityFile{f.ID, f.Kind, f.Fault})
			}
		}
	}
	return nil
}

// ActivityFile returns a file of a person; the viewer must be allowed to read the
// person's values.
func (q *Reader) ActivityFile(ctx context.Context, person, id int64) (db.File, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return db.File{}, err
	}
	return q.Store.File(ctx, person, id)
}

// countedActivities are the keys of the records that count on their days, by the rule of
// the metric activity_count. It is the one rule for which of several recordings counts.
func countedActivities(list []garmin.Part) map[string]bool {
	days := map[health.Day][]garmin.Part{}
	for _, p := range list {
		days[p.Day] = append(days[p.Day], p)
	}
	keys := map[string]bool{}
	for day := range days {
		for _, p := range garmin.CountedActivities(day, slices.Concat(days[day-1], days[day])) {
			keys[p.Key] = true
		}
	}
	return keys
}

// secondRecordings are the keys of the records that do not count because a longer one of
// the same time does. Simulated ones beside real ones do not count for another reason.
func secondRecordings(list []garmin.Part) map[string]bool {
	wholes, counted, real := garmin.Wholes(list), countedActivities(list), map[health.Day]bool{}
	for _, p := range list {
		real[p.Day] = real[p.Day] || !p.Simulated
	}
	keys := map[string]bool{}
	for _, p := range list {
		if !wholes[garmin.PartOf(p.Value)] && !counted[p.Key] && !(p.Simulated && real[p.Day]) {
			keys[p.Key] = true
		}
	}
	return keys
}

// rank puts a whole before its parts.
func (a *Activity) rank() int {
	if a.Part {
		return 1
	}
	return 0
}

func activityOf(u unpacked) Activity {
	a := Activity{ID: garmin.ActivityID(u.v), Type: u.Type, Name: nameOf(u.v), Day: u.Day, Start: u.Start, End: u.End,
		Sport:    garmin.Shorten(u.v.Get("activityType").Text(), mostName),
		Duration: time.Duration(amount(u.v, "durationInSeconds")) * time.Second, Meters: amount(u.v, "distanceInMeters"),
		Kilocalories: amount(u.v, "activeKilocalories"), BPM: amount(u.v, "averageHeartRateInBeatsPerMinute"),
		Device: u.Device}
	if u.Offset != nil {
		a.Offset = *u.Offset
	}
	return a
}

// nameOf is the name of an activity: the person's, or else that of its kind.
func nameOf(activity element.Value) string {
	return garmin.Shorten(cmp.Or(activity.Get("activityName").Text(), activity.Get("activityType").Text()), mostName)
}

// amount is a number of a summary; 0 for none, and for one that no device measures.
func amount(v element.Value, name string) float64 { return quantity(v, name).Value }
