package query

import (
	"context"
	"errors"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
)

// trackPoints is how many points a rough track has at most.
const trackPoints = 60

// roughTrack reads the track of an activity that has one.
func (q *Reader) roughTrack(ctx context.Context, person int64, row *ActivityRow) error {
	if !row.GPS {
		return nil
	}
	rec, err := q.activityRecord(ctx, person, garmin.ActivityDetails, row.ID)
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, db.ErrDamaged) {
		return nil
	}
	if err != nil {
		return err
	}
	u, err := unpack(rec)
	if err != nil {
		return err
	}
	places := trackOf(u)
	step := len(places)/trackPoints + 1
	for i := 0; i < len(places); i += step {
		row.Track = append(row.Track, places[i])
	}
	return nil
}

func trackOf(u unpacked) (out []Place) {
	samples := u.v.Get("samples")
	samples.Rows([]string{"latitudeInDegree", "longitudeInDegree"}, func(nums []element.Num, ok []bool) bool {
		if ok[0] && ok[1] {
			out = append(out, Place{nums[0].Float(), nums[1].Float()})
		}
		return true
	})
	return out
}
