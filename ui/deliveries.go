package ui

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"garner/query"
)

// NewInbox is the Inbox page. types are all that deliveries can be of, with their titles; unknown people
// are kept for keep.
func NewInbox(in *query.Inbox, f query.InboxFilter, types map[string]string, keep time.Duration) InboxView {
	v := InboxView{State: State(f.State), Type: f.Type, Types: slices.Sorted(maps.Keys(types)), Titles: types,
		Failures: in.Failures}
	v.Sentence, v.Status = inboxSentence(in)
	for _, s := range States {
		v.Tabs = append(v.Tabs, StateTab{State: s, Count: in.Counts[query.DeliveryState(s)]})
	}
	for _, u := range in.Unknown {
		v.Unknown = append(v.Unknown, UnknownPerson{GarminUserID: u.GarminUserID, Elements: u.Elements, First: u.First,
			Until: u.First.Add(keep), Form: PersonForm{GarminUserID: u.GarminUserID}})
	}
	for i := range in.Deliveries {
		v.Rows = append(v.Rows, deliveryRow(&in.Deliveries[i]))
	}
	if v.Type == "" && v.State == "" {
		v.Rows = folded(v.Rows)
	}
	if f.Before > 0 {
		v.Newest = inboxURL(v.State, v.Type, 0)
	}
	if in.Older > 0 {
		v.Older = inboxURL(v.State, v.Type, in.Older)
	}
	if len(v.Rows) == 0 {
		v.Empty = emptyInbox(v)
	}
	return v
}

func inboxSentence(in *query.Inbox) (string, Status) {
	waiting := "No deliveries are waiting."
	n := in.Counts[query.DeliveryWaiting]
	if n > 0 {
		waiting = Plural(n, "delivery is waiting", "deliveries are waiting") + ", the oldest for " +
			long(in.OldestWaiting) + "."
	}
	parked, quarantined := in.Counts[query.DeliveryParked], in.Counts[query.DeliveryQuarantined]
	switch {
	case parked > 0:
		return waiting + " " + Plural(parked, "delivery could not be processed; it is kept.",
			"deliveries could not be processed; they are kept."), Late
	case quarantined > 0:
		return waiting + " " + Plural(quarantined, "delivery came with a wrong client id.",
			"deliveries came with a wrong client id."), Late
	case n > 0:
		return waiting, Running
	case !slices.ContainsFunc(slices.Collect(maps.Values(in.Counts)), func(n int) bool { return n > 0 }):
		return "Nothing has arrived yet.", NoData
	}
	return waiting + " Everything that arrived was processed.", OK
}

func emptyInbox(v InboxView) *Empty {
	if v.State != "" || v.Type != "" {
		return &Empty{What: "Deliveries in this state or of this type.", Why: "There are none right now.",
			Next: &Link{Text: "Show all", URL: "/inbox"}}
	}
	return &Empty{What: "This page lists every delivery from Garmin, with its history.",
		Why:  "Nothing has been received yet. Garmin must know the callback URLs.",
		Next: &Link{Text: "Callback URLs", URL: "/setup/callbacks"}, When: "A few minutes after the next watch sync."}
}

func deliveryRow(d *query.Delivery) DeliveryRow {
	row := DeliveryRow{ID: d.ID, Received: d.Received, Type: d.Type, State: State(d.State), Elements: d.Elements,
		Bytes: d.Bytes, Reason: d.Reason}
	if len(d.People) > 0 {
		names := make([]string, 0, len(d.People))
		for _, p := range d.People {
			names = append(names, p.Name)
		}
		row.For = some(names)
	}
	return row
}

// NewDelivery is the page of a delivery.
func NewDelivery(d *query.DeliveryDetail, now time.Time) DeliveryView {
	v := DeliveryView{DeliveryRow: deliveryRow(&d.Delivery), Hash: fmt.Sprintf("%x", d.SHA256), Source: d.Source.String(),
		Asked:  d.Asked,
		Sender: senderTexts[d.Sender], Steps: deliverySteps(d, now), Withheld: bodyFaults[d.Body.Fault],
		Payload: pretty(&d.Body), Truncated: d.Body.Truncated, Actions: d.Actions}
	for _, p := range d.People {
		v.People = append(v.People, PersonLink(p))
	}
	for _, is := range d.Issues {
		issue := Issue{Element: is.Element, State: State(is.State), Reason: is.Reason}
		if is.Count > 1 {
			issue.Reason = fmt.Sprintf("%s (%d elements)", is.Reason, is.Count)
		}
		v.Issues = append(v.Issues, issue)
	}
	return v
}

var senderTexts = map[query.Sender]string{
	query.SenderUnchecked: "not checked: no client id is configured",
	query.SenderRight:     "the client id matches",
	query.SenderMissing:   "no client id in the header; Garmin sometimes omits it",
	query.SenderWrong:     "the client id does not match",
}

var bodyFaults = map[query.BodyFault]string{
	query.BodyOfOthers:   "The body has values of people who do not share them with you, or could have.",
	query.BodyNotGzip:    "The body is labeled as gzip but is not.",
	query.BodyUnreadable: "The body cannot be read.",
}

// actionTexts are the buttons: the last part of the form's address, and what the
// button says.
var actionTexts = map[query.DeliveryAction]struct{ verb, text, class string }{
	query.ActionRetry:    {"again", "Process again", "primary"},
	query.ActionAccept:   {"accept", "Accept as sent by Garmin", "primary"},
	query.ActionSetAside: {"aside", "Set aside", ""},
	query.ActionPutBack:  {"aside", "Move back to parked", ""},
}

// deliverySteps is what happened to a delivery, in order.
func deliverySteps(d *query.DeliveryDetail, now time.Time) []Step {
	steps := []Step{{At: d.Received, Title: "Received and stored", Detail: Bytes(d.Bytes) +
		", answered with 200 after it was on disk", Status: OK}}
	add := func(at time.Time, title, detail string, status Status) {
		steps = append(steps, Step{At: at, Title: title, Detail: detail, Took: at.Sub(steps[0].At), Status: status})
	}
	processed := fmt.Sprintf("Processed at attempt %d", max(d.Attempts, 1))
	switch {
	case d.State == query.DeliveryQuarantined:
		add(d.Applied, "Quarantined", d.Reason, Late)
	case d.State == query.DeliveryWaiting && d.Attempts == 0:
		add(now, "Waiting to be processed", "", Running)
	case d.State == query.DeliveryWaiting:
		add(d.Due, fmt.Sprintf("Attempt %d comes next", d.Attempts+1), d.Reason, Running)
	case d.IssueCount > 0:
		add(d.Applied, processed, fmt.Sprintf("%d of %s not stored yet", d.IssueCount,
			Plural(d.Elements, "element", "elements")), Late)
	default:
		add(d.Applied, processed, Plural(d.Elements, "element", "elements"), OK)
	}
	return steps
}

// addressToken finds the token in the address of a ping: with it, Garmin gives the data.
var addressToken = regexp.MustCompile(`((?:[?&]|\\u0026)token=)[^"&\s\\]+`)

// pretty is a body without the tokens of addresses: in order where it is whole and
// JSON, otherwise as it is.
func pretty(b *query.Body) string { return addressToken.ReplaceAllString(indented(b), "${1}***") }

func indented(b *query.Body) string {
	if !b.Truncated {
		text := jsontext.Value(bytes.Clone(b.Text))
		if text.Indent(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
			jsontext.WithIndent("  ")) == nil {
			return strings.ToValidUTF8(string(text), "�")
		}
	}
	return strings.ToValidUTF8(string(b.Text), "�")
}

// againText is the button that processes elements which failed alike.
func againText(elements int) string {
	if elements == 1 {
		return "Process it again"
	}
	return "Process all " + Count(elements) + " again"
}
