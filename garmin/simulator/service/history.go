package service

import (
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"time"

	"garner/garmin/simulator"
)

// fullBody is the size from which a body of history takes no further day.
const fullBody = 1 << 20

// history makes the deliveries of a promise: the records that begin within its
// span, as Garmin knows them when it is due.
func (s *Service) history(p *pending) (out []simulator.Delivery) {
	var body []element
	size := 0
	flush := func() {
		if len(body) > 0 {
			out = append(out, s.withElements(p.Delivery, body))
		}
		body, size = nil, 0
	}
	// A person's date begins up to a day before or after that of UTC, and the night
	// of a date may begin on the evening before.
	for date := p.history.from.UTC().Truncate(day).Add(-day); date.Before(p.history.to.Add(day)); date = date.Add(day) {
		d, ok := s.world.Known(p.Person, p.Type, date, p.At)
		if !ok {
			continue
		}
		for _, e := range s.elements(d) {
			if p.history.holds(begins(e.raw)) {
				body = append(body, e)
				size += len(e.raw)
			}
		}
		if size > fullBody {
			flush()
		}
	}
	flush()
	return out
}

// begins is the time by which backfill selects a record.
func begins(raw json.RawMessage) time.Time {
	var e struct {
		Start    int64  `json:"startTimeInSeconds"`
		Measured int64  `json:"measurementTimeInSeconds"`
		Updated  int64  `json:"lastUpdatedTimeInSeconds"` // mct has nothing else
		Date     string `json:"calendarDate"`             // userMetrics has nothing else
		Summary  struct {
			Start int64 `json:"startTimeInSeconds"`
		} `json:"summary"` // activityDetails
	}
	mustParse(raw, &e)
	for _, seconds := range []int64{e.Start, e.Measured, e.Updated, e.Summary.Start} {
		if seconds != 0 {
			return time.Unix(seconds, 0)
		}
	}
	date, err := time.Parse(time.DateOnly, e.Date)
	if err != nil {
		panic("service: the world wrote a record without a time: " + err.Error())
	}
	return date
}

// chance maps a name to [0,1), by the seed.
func (s *Service) chance(name string) float64 {
	h := fnv.New64a()
	h.Write(binary.LittleEndian.AppendUint64(nil, s.cfg.Seed))
	h.Write([]byte(name))
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // splitmix64's finaliser: FNV leaves the high bits alike
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}
