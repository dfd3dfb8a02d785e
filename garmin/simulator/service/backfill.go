package service

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

const day = 24 * time.Hour

// span is a half-open range of instants.
type span struct{ from, to time.Time }

// meets reports whether two spans share an instant. Ranges that only touch do
// not: Garmin does not say, and the records of both are told apart.
func (s span) meets(o span) bool { return s.from.Before(o.to) && o.from.Before(s.to) }

func (s span) holds(t time.Time) bool { return !t.Before(s.from) && t.Before(s.to) }

// days is how many days of data the span counts as.
func (s span) days() int { return max(1, int(math.Ceil(float64(s.to.Sub(s.from))/float64(day)))) }

// request is an accepted request for history.
type request struct {
	key  string
	span span
	at   time.Time
}

// quota counts the days of data that the application asked for in a minute.
type quota struct {
	minute time.Time
	days   int
}

// take counts days; where they are too many it says how long to wait.
func (q *quota) take(now time.Time, days, limit int) (wait time.Duration) {
	if minute := now.Truncate(time.Minute); !minute.Equal(q.minute) {
		*q = quota{minute: minute}
	}
	if q.days+days > limit {
		return q.minute.Add(time.Minute).Sub(now)
	}
	q.days += days
	return 0
}

// quotaDays is how many days of data a minute allows.
func (s *Service) quotaDays() int {
	if s.cfg.Evaluation {
		return 100
	}
	return 10_000
}

// earliest is the first instant of which a connection may ask history.
func (s *Service) earliest(g *grant) time.Time {
	if s.cfg.Evaluation {
		return g.connected.Add(-31 * day)
	}
	return s.cfg.Now().AddDate(-2, 0, 0)
}

// backfill takes a request for history and promises to push it. See Health
// API, Backfill.
func (s *Service) backfill(a *answer, r *http.Request, g *grant) {
	t, ok := find(func(t *summaryType) bool { return t.backfill != "" && t.backfill == r.PathValue("path") })
	if !ok {
		a.fail(http.StatusNotFound, "no such summary type")
		return
	}
	asked, ok := parseSpan(r, "summaryStartTimeInSeconds", "summaryEndTimeInSeconds")
	if !ok {
		a.fail(http.StatusBadRequest, "summaryStartTimeInSeconds and summaryEndTimeInSeconds must form a range in seconds")
		return
	}
	if !s.refuse(a, g, t, asked) {
		g.requests = append(g.requests, request{t.key, asked, s.cfg.Now()})
		s.promise(g.person, t.key, asked)
		if t.key == "activities" {
			s.promise(g.person, filesKey, asked) // files have no backfill of their own
		}
		a.status = http.StatusAccepted
	}
}

// refuse answers a request that Garmin does not accept.
func (s *Service) refuse(a *answer, g *grant, t *summaryType, asked span) bool {
	earliest := s.earliest(g)
	switch {
	case s.mode(t.key) == ModeOff:
		a.fail(http.StatusBadRequest, "Endpoint not enabled for summary type: %s", t.key)
	case asked.to.Sub(asked.from) > time.Duration(t.days)*day:
		a.fail(http.StatusBadRequest, "time range exceeds %d days", t.days)
	case !g.has(HistoricalExport):
		a.fail(http.StatusForbidden, "User has not granted %s", HistoricalExport)
	case !g.has(t.permission):
		a.fail(http.StatusPreconditionFailed, "User has not granted %s", t.permission)
	case asked.from.Before(earliest):
		a.fail(http.StatusBadRequest, "start %s before min start time of %s", utc(asked.from), utc(earliest))
	default:
		return s.exceed(a, asked) || g.repeat(a, t, asked)
	}
	return true
}

// exceed answers a request beyond the quota of this minute.
func (s *Service) exceed(a *answer, asked span) bool {
	wait := s.quota.take(s.cfg.Now(), asked.days(), s.quotaDays())
	if wait == 0 {
		return false
	}
	a.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	a.fail(http.StatusTooManyRequests, "more than %d days of data in a minute", s.quotaDays())
	return true
}

// repeat answers a request that overlaps an earlier one of this connection.
func (g *grant) repeat(a *answer, t *summaryType, asked span) bool {
	for _, earlier := range g.requests {
		if earlier.key == t.key && earlier.span.meets(asked) {
			a.fail(http.StatusConflict, "duplicate of the backfill request of %s for %s from %s to %s",
				utc(earlier.at), t.key, utc(earlier.span.from), utc(earlier.span.to))
			return true
		}
	}
	return false
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// parseSpan reads a range of whole seconds from two query parameters.
func parseSpan(r *http.Request, from, to string) (span, bool) {
	first, err1 := strconv.ParseInt(r.URL.Query().Get(from), 10, 64)
	last, err2 := strconv.ParseInt(r.URL.Query().Get(to), 10, 64)
	const milliseconds = 1e11 // later than any second that is meant
	ok := err1 == nil && err2 == nil && first >= 0 && first < last && last < milliseconds
	return span{time.Unix(first, 0), time.Unix(last, 0)}, ok
}

// chunk is how many days one body of history holds.
const chunk = 7 * day

// promise queues the deliveries that answer a request, some seconds to minutes
// later.
func (s *Service) promise(person int, key string, asked span) {
	name := fmt.Sprint(person, key, asked.from.Unix())
	due := s.cfg.Now().Add(time.Duration(5+170*s.chance(name)) * time.Second)
	for from := asked.from; from.Before(asked.to); from = from.Add(chunk) {
		to := from.Add(chunk)
		if to.After(asked.to) {
			to = asked.to
		}
		s.wait(&pending{Delivery: s.delivery(person, key, due), history: &span{from, to}})
		due = due.Add(2 * time.Second)
	}
}
