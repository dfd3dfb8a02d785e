package query

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// Sender is the result of checking who sent a delivery.
type Sender string

// The results. Garmin sometimes leaves out the client id.
const (
	SenderUnchecked Sender = "unchecked" // no client id is configured
	SenderRight     Sender = "right"
	SenderMissing   Sender = "missing"
	SenderWrong     Sender = "wrong"
)

var senders = map[db.Client]Sender{db.Unchecked: SenderUnchecked, db.ClientRight: SenderRight,
	db.ClientMissing: SenderMissing, db.ClientWrong: SenderWrong}

// DeliveryAction is something that can be done with a delivery.
type DeliveryAction string

// The actions.
const (
	// ActionRetry processes all its elements again.
	ActionRetry DeliveryAction = "again"
	// ActionAccept takes it out of quarantine.
	ActionAccept DeliveryAction = "accept"
	// ActionSetAside takes it out of the list of what is parked, ActionPutBack puts
	// it back there.
	ActionSetAside DeliveryAction = "aside"
	ActionPutBack  DeliveryAction = "put back"
)

// DeliveryDetail is one delivery with the result of processing it.
type DeliveryDetail struct {
	Delivery
	SHA256 []byte
	Source health.Origin
	Sender Sender
	// Attempts counts how often it was processed. Due is the next attempt of one
	// that waits; Applied is zero until it was processed.
	Attempts     int
	Due, Applied time.Time
	Issues       []ElementIssue
	// IssueCount counts the elements with an issue, also those not listed.
	IssueCount int
	// Actions are those possible in its state.
	Actions []DeliveryAction
	// People are the linked people whose elements it has, by name.
	People []PersonRef
	Body   Body
}

// ElementIssue is why an element could not become a record yet.
type ElementIssue struct {
	// Element counts from 0; -1 is the delivery as a whole.
	Element int
	// State is the state that the issue puts its delivery into.
	State  DeliveryState
	Reason string
	// Count is how many elements it covers.
	Count int
}

// issueStates also has db.Held: an element of a quarantined delivery.
var issueStates = map[db.IssueKind]DeliveryState{db.Parked: DeliveryParked, db.Orphaned: DeliveryOrphaned,
	db.Fetching: DeliveryFetching, db.Held: DeliveryQuarantined}

// mostIssues is how many issues of a delivery are listed.
const mostIssues = 200

// Delivery returns one delivery, or db.ErrNotFound if its body is no longer
// kept.
func (q *Reader) Delivery(ctx context.Context, id int64) (*DeliveryDetail, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	d, err := q.Inbox.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	st, err := q.Store.Status(ctx, id)
	if errors.Is(err, db.ErrNotFound) { // received but not yet claimed
		st = db.Status{ID: id, State: db.Waiting, Received: d.Received, Size: d.Size, Type: d.Path}
	} else if err != nil {
		return nil, err
	}
	out := &DeliveryDetail{Delivery: deliveryOf(&st), SHA256: d.SHA256, Source: d.Source, Sender: senders[d.Client],
		Attempts: st.Attempts, Due: st.Due, Applied: st.Applied, IssueCount: st.Issues}
	out.Actions = actions(&st, out.State)
	issues, err := q.Store.Issues(ctx, id, mostIssues)
	if err != nil {
		return nil, err
	}
	for _, is := range issues {
		out.Issues = append(out.Issues, ElementIssue{Element: int(is.Element), State: issueStates[is.Kind],
			Reason: is.Reason, Count: is.Count})
	}
	out.Body = readBody(q.body(ctx, d))
	out.People, err = q.peopleIn(ctx, d)
	return out, err
}

func actions(st *db.Status, state DeliveryState) (out []DeliveryAction) {
	if st.State == db.Done {
		out = append(out, ActionRetry)
	}
	switch state {
	case DeliveryQuarantined:
		out = append(out, ActionAccept)
	case DeliveryParked:
		out = append(out, ActionSetAside)
	case DeliveryAside:
		out = append(out, ActionPutBack)
	}
	return out
}

// Body is the beginning of a delivery's body, unpacked.
type Body struct {
	Text []byte
	// Truncated means that there is more.
	Truncated bool
	Fault     BodyFault
}

// BodyFault is why a body cannot be shown; empty if it can.
type BodyFault string

// The faults of bodies.
const (
	BodyNotGzip    BodyFault = "not gzip" // although its Content-Encoding says so
	BodyUnreadable BodyFault = "unreadable"
)

// bodyShown is how much of a body is given.
const bodyShown = 64 << 10

func readBody(r io.Reader, err error) Body {
	if err != nil {
		return Body{Fault: BodyNotGzip}
	}
	head, err := io.ReadAll(io.LimitReader(r, bodyShown+1))
	if err != nil {
		return Body{Fault: BodyUnreadable}
	}
	return Body{Text: head[:min(len(head), bodyShown)], Truncated: len(head) > bodyShown}
}

// DeliveryBody returns a delivery's body as it was received, and its size in bytes.
func (q *Reader) DeliveryBody(ctx context.Context, id int64) (io.Reader, int64, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, 0, err
	}
	d, err := q.Inbox.Delivery(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	return q.Inbox.Body(ctx, d), d.Size, nil
}

// body reads a body without its Content-Encoding.
func (q *Reader) body(ctx context.Context, d *db.Delivery) (io.Reader, error) {
	body := q.Inbox.Body(ctx, d)
	if strings.Contains(strings.ToLower(d.Encoding), "gzip") {
		return gzip.NewReader(body)
	}
	return body, nil
}

// peopleRead is how much of a body is searched for people.
const peopleRead = 4 << 20

// peopleLimits limit the cost of searching a body for people.
var peopleLimits = garmin.Limits{Depth: 64, ElementBytes: peopleRead, Elements: 100_000}

// peopleIn finds the linked people whose elements a delivery has. Of a body that
// is large or not of Garmin's form it searches the readable beginning.
func (q *Reader) peopleIn(ctx context.Context, d *db.Delivery) ([]PersonRef, error) {
	ids, err := q.Store.Identities(ctx)
	if err != nil {
		return nil, err
	}
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	found := map[int64]bool{}
	note := func(userID, token string) {
		if person, ok := ids.UserIDs[userID]; ok {
			found[person] = true
		} else if token != "" {
			found[ids.Tokens[string(db.TokenHash(token))]] = true
		}
	}
	if body, err := q.body(ctx, d); err == nil {
		ownerless := false
		// An error ends the readable beginning, as above.
		_ = garmin.Split(io.LimitReader(body, peopleRead), d.Path, peopleLimits, func(it garmin.Item) error {
			note(it.UserID, it.Token)
			ownerless = ownerless || it.UserID+it.Token == ""
			return nil
		})
		if again, err := q.body(ctx, d); err == nil && ownerless {
			userID, token, err := garmin.Owner(io.LimitReader(again, peopleRead), peopleLimits)
			if err == nil {
				note(userID, token)
			}
		}
	}
	people = slices.DeleteFunc(people, func(p *db.Person) bool { return !found[p.ID] })
	var out []PersonRef
	for _, p := range people {
		out = append(out, personRef(p))
	}
	return out, nil
}
