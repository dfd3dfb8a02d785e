package query

import (
	"context"
	"slices"
	"strings"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// mostOfTableDay is how many records of one day a page holds at most.
const mostOfTableDay = 5000

// newestRecords reads whole days, the newest first, until there are limit records or
// the next day does not fit. At least one day with records is read. lo is the oldest day
// that was read.
func (q *Reader) newestRecords(ctx context.Context, person int64, typ string, from, to health.Day,
	limit int) (recs []*health.Record, lo health.Day, err error) {
	lo = to + 1
	for step := health.Day(limit); lo > from && len(recs) < limit; {
		first, most := max(from, lo-step), limit-len(recs)+1
		alone := first == lo-1 && len(recs) == 0
		if alone {
			most = mostOfTableDay
		}
		list, err := q.Store.Records(ctx, person, typ, first, lo-1, db.Cursor{}, most)
		switch {
		case err != nil:
			return nil, 0, err
		case alone || len(list) < most:
			recs, lo, step = append(list, recs...), first, 2*step
		case first == lo-1:
			return newestFirst(recs), lo, nil
		default:
			step = (lo - first) / 2
		}
	}
	return newestFirst(recs), lo, nil
}

func newestFirst(recs []*health.Record) []*health.Record {
	slices.Reverse(recs)
	return recs
}

// fewColumns is the number of fields up to which a table shows all of them.
const fewColumns = 9

// mainFields are the fields that a table of a type with many fields shows first, by their
// JSON paths. Types without an entry show the first ones.
var mainFields = map[string][]string{
	"dailies": {"steps", "distanceInMeters", "activeKilocalories", "restingHeartRateInBeatsPerMinute",
		"averageStressLevel", "floorsClimbed", "moderateIntensityDurationInSeconds", "vigorousIntensityDurationInSeconds"},
	"sleeps": {"durationInSeconds", "overallSleepScore.value", "deepSleepDurationInSeconds",
		"lightSleepDurationInSeconds", "remSleepInSeconds", "awakeDurationInSeconds", "validation"},
	"activities": {"activityName", "activityType", "durationInSeconds", "distanceInMeters",
		"averageHeartRateInBeatsPerMinute", "totalElevationGainInMeters", "activeKilocalories", "deviceName"},
}

// shownFields are the places of a type's fields in the order of a table: the main ones, or
// all, ids last.
func shownFields(t *garmin.Type, all bool) []int {
	main := mainFields[t.Key]
	var names, ids []int
	for i := range t.Fields {
		switch {
		case !all && main != nil && !slices.Contains(main, t.Fields[i].JSON):
		case strings.HasSuffix(t.Fields[i].JSON, "Id"):
			ids = append(ids, i)
		default:
			names = append(names, i)
		}
	}
	shown := append(names, ids...)
	if !all && len(shown) > fewColumns {
		shown = shown[:fewColumns]
	}
	return shown
}
