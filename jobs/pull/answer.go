package pull

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
)

const (
	// failedWait is how long an item waits after it failed; four times longer with each
	// further time, mostFailedWait at most.
	failedWait, mostFailedWait = time.Minute, 6 * time.Hour
	// notOfferedWait is how long an endpoint waits that has never answered.
	notOfferedWait = 24 * time.Hour
	// mostStreak is how many calls of an endpoint may fail in a row before all of its
	// items wait.
	mostStreak = 3
	// mostRefused is how often an item is asked that Garmin refuses as a wrong request.
	mostRefused = 3
)

// backoff is how long to wait after a number of failures.
func backoff(tries int) time.Duration {
	return min(failedWait<<(2*min(max(tries-1, 0), 8)), mostFailedWait)
}

// items are the rows of what a call asks for, as they are known.
func (b *book) items(a *Ask, today health.Day) (rows []db.Pulled) {
	switch a.Endpoint.Shape {
	case personal.Once:
		return []db.Pulled{b.ledger.row(b.person, a.Endpoint.Key, 0, today)}
	case personal.Activity:
		return []db.Pulled{b.ledger.row(b.person, a.Endpoint.Key, a.Activity, a.Day)}
	}
	for day := a.From; day <= a.To; day++ {
		rows = append(rows, b.ledger.row(b.person, a.Endpoint.Key, int64(day), day))
	}
	return rows
}

// keepAgain is after how long an answer is stored again that equals the one before: what is
// in the inbox may be deleted when it is old.
const keepAgain = 30 * 24 * time.Hour

// hashOf is a hash of an answer and of what it is the answer to, never 0.
func hashOf(reply personal.Reply) int64 {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\n%s\n", reply.Path, reply.ContentType) // never fails
	_, _ = h.Write(reply.Body)
	return int64(binary.BigEndian.Uint64(h.Sum(nil)) | 1)
}

// keptAlready reports whether an answer is the newest that each item of the call had, and
// since when it is stored. There is no need to store and process it again.
func keptAlready(rows []db.Pulled, hash int64, now time.Time) (since time.Time, yes bool) {
	for _, row := range rows {
		if row.Answer != hash || row.Kept.After(now) || now.Sub(row.Kept) > keepAgain {
			return time.Time{}, false
		}
		since = latest(since, row.Kept)
	}
	return since, true
}

// answered are the rows of a call after its answer, and the activities that it names.
func (b *book) answered(a *Ask, rows []db.Pulled, answer personal.Answer, now time.Time) (after, found []db.Pulled) {
	complete := a.From
	if a.Endpoint.Shape == personal.Listed && len(answer.Activities) >= personal.PageSize {
		// It names the newest: older days, and perhaps the oldest that it names, are
		// asked again.
		complete = a.To
		for _, l := range answer.Activities {
			complete = min(complete, l.Day+1)
		}
		complete = min(max(complete, a.From), a.To)
	}
	for _, row := range rows {
		if ofDays(a.Endpoint) && row.Day < complete {
			continue
		}
		outcome := answer.Outcome
		if ofDays(a.Endpoint) {
			outcome = max(answer.Days[row.Day], personal.Nothing)
		}
		row.State, row.Asked, row.Tries, row.Due = stateOf(outcome), now, 0, time.Time{}
		row.Final = a.Endpoint.Shape == personal.Activity || ofDays(a.Endpoint) && b.isFinal(row.Day, now)
		after = append(after, row)
	}
	for _, l := range answer.Activities {
		found = append(found, b.found(l, now)...)
	}
	return after, found
}

// found are the new items of an activity in a list: its file, and the activity itself once
// it is not edited any more. What was listed then has the edits.
func (b *book) found(l personal.Listing, now time.Time) (rows []db.Pulled) {
	if !l.Manual && !b.ledger.knows("activityFile", l.ID) {
		rows = append(rows, db.Pulled{Person: b.person, Endpoint: "activityFile", Item: l.ID, Day: l.Day})
	}
	if !b.isFinal(l.Day, now) && !b.ledger.knows("activity", l.ID) {
		rows = append(rows, db.Pulled{Person: b.person, Endpoint: "activity", Item: l.ID, Day: l.Day,
			Due: startOf(l.Day+settleDays, b.zone)})
	}
	return rows
}

// missing are the rows of a call that Garmin answered with 404: it has nothing, or it does
// not offer the endpoint if that never answered for any person.
func (b *book) missing(a *Ask, rows []db.Pulled, offered bool, now time.Time) (after []db.Pulled,
	state db.PulledState) {
	if !offered {
		b.blocked[a.Endpoint.Key] = now.Add(notOfferedWait)
		for _, row := range rows {
			row.State, row.Tries, row.Due = stateAfterFailure(row), row.Tries+1, now.Add(notOfferedWait)
			after = append(after, row)
		}
		return after, db.PullFailed
	}
	after, _ = b.answered(a, rows, personal.Answer{Outcome: personal.Nothing}, now)
	return after, db.PullNothing
}

// failed are the rows of a call that failed. refused means that asking the same again is
// likely to fail again.
func (b *book) failed(a *Ask, rows []db.Pulled, refused bool, now time.Time) (after []db.Pulled) {
	b.streak[a.Endpoint.Key]++
	if n := b.streak[a.Endpoint.Key]; n >= mostStreak {
		b.blocked[a.Endpoint.Key] = now.Add(backoff(n - mostStreak + 2))
	}
	for _, row := range rows {
		row.State, row.Tries = stateAfterFailure(row), row.Tries+1
		row.Due = now.Add(backoff(row.Tries))
		row.Final = refused && row.Tries >= mostRefused && row.Day <= dayIn(now, b.zone)-settleDays
		after = append(after, row)
	}
	return after
}

// stateAfterFailure keeps what an earlier call brought.
func stateAfterFailure(row db.Pulled) db.PulledState {
	if row.State == db.PullToAsk {
		return db.PullFailed
	}
	return row.State
}

// stateOf is an outcome as the ledger has it.
func stateOf(o personal.Outcome) db.PulledState {
	switch o {
	case personal.Placeholder:
		return db.PullPlaceholder
	case personal.Data:
		return db.PullData
	}
	return db.PullNothing
}
