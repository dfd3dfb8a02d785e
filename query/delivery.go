package query

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/personal"
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
	// People are the linked people whose elements it has and whom the viewer sees, by
	// name; Named are the ids of all whose elements it has.
	People []PersonRef
	Named  []int64
	// Asked is the path that an answer of the Personal API answers; empty for others.
	Asked string
	Body  Body
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
// kept. A viewer who does not run the installation sees those that have elements of
// someone whose values they read, without what could be about others.
func (q *Reader) Delivery(ctx context.Context, id int64) (*DeliveryDetail, error) {
	d, err := q.Inbox.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	named, err := q.namedIn(ctx, d)
	if err != nil {
		return nil, err
	}
	if !q.Viewer.Operates() && !named.some {
		return nil, db.ErrNotFound
	}
	st, err := q.Store.Status(ctx, id)
	if errors.Is(err, db.ErrNotFound) { // received but not yet claimed
		st = db.Status{ID: id, State: db.Waiting, Received: d.Received, Size: d.Size, Type: d.Path}
	} else if err != nil {
		return nil, err
	}
	out := &DeliveryDetail{Delivery: deliveryOf(&st), SHA256: d.SHA256, Source: d.Source, Sender: senders[d.Client],
		Attempts: st.Attempts, Due: st.Due, Applied: st.Applied, IssueCount: st.Issues}
	out.People, out.Named = named.people, named.ids
	if !named.whole {
		out.Body.Fault = BodyOfOthers
	} else {
		out.Body = readBody(q.body(ctx, d))
		if personal.IsAnswer(d.Source, d.Encoding, d.Path) {
			head, _, err := personal.Split(q.Inbox.Body(ctx, d))
			if err == nil { // or the body shows what is wrong
				out.Asked = head.Path
			}
		}
	}
	if !q.Viewer.Operates() && !named.whole {
		out.IssueCount, out.Reason = 0, "" // they may be about others
		return out, nil
	}
	if q.Viewer.Operates() {
		out.Actions = actions(&st, out.State)
	}
	issues, err := q.Store.Issues(ctx, id, mostIssues)
	if err != nil {
		return nil, err
	}
	for _, is := range issues {
		out.Issues = append(out.Issues, ElementIssue{Element: int(is.Element), State: issueStates[is.Kind],
			Reason: is.Reason, Count: is.Count})
	}
	return out, nil
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
	// BodyOfOthers has values that are not shared with the viewer.
	BodyOfOthers   BodyFault = "of others"
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

// DeliveryBody returns a delivery's body as it was received, its size in bytes and the
// people whose elements it has. The viewer must be allowed to read the values of all
// of them; the error is else ErrNotShared, or db.ErrNotFound for a delivery of which
// they may not know.
func (q *Reader) DeliveryBody(ctx context.Context, id int64) (body io.Reader, size int64, of []int64, err error) {
	d, err := q.Inbox.Delivery(ctx, id)
	if err != nil {
		return nil, 0, nil, err
	}
	named, err := q.namedIn(ctx, d)
	switch {
	case err != nil:
		return nil, 0, nil, err
	case !q.Viewer.Operates() && !named.some:
		return nil, 0, nil, db.ErrNotFound
	case !named.whole:
		return nil, 0, nil, ErrNotShared
	}
	return q.Inbox.Body(ctx, d), d.Size, named.ids, nil
}

// body reads a body without its Content-Encoding. Of an activity file it is what
// announced the file, of an answer of the Personal API what Garmin answered.
func (q *Reader) body(ctx context.Context, d *db.Delivery) (io.Reader, error) {
	body := q.Inbox.Body(ctx, d)
	if d.Source.MayBeFetched() && d.Encoding == garmin.FileEncoding {
		head, _, err := garmin.SplitFile(body)
		return bytes.NewReader(head), err
	}
	if personal.IsAnswer(d.Source, d.Encoding, d.Path) {
		switch head, answer, err := personal.Split(body); {
		case err != nil:
			return q.Inbox.Body(ctx, d), nil // shows what is wrong
		case head.Endpoint == personal.FileKey:
			return bytes.NewReader(head.Line()), nil
		default:
			return answer, nil
		}
	}
	if strings.Contains(strings.ToLower(d.Encoding), "gzip") {
		return gzip.NewReader(body)
	}
	return body, nil
}
