package pages

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gorilla/mux"

	"garner/db"
	"garner/ui"
	"garner/ui/text"
)

// payloadShown is how much of a body the page shows; the rest is a download.
const payloadShown = 64 << 10

func deliveryID(r *http.Request) int64 {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return -1 // more digits than an id has: not found
	}
	return id
}

func (s *Site) delivery(r *http.Request) (answer, error) {
	id := deliveryID(r)
	p, err := s.base(r, fmt.Sprintf("Delivery %d", id), ui.NavInbox)
	if err != nil {
		return answer{}, err
	}
	d, err := s.inbox.Delivery(r.Context(), id)
	if errors.Is(err, db.ErrNotFound) {
		return answer{},
			&statusError{http.StatusNotFound, "There is no such delivery, or its body is no longer kept: bodies stay for " +
				text.Length(s.KeepBodies) + ", records for good."}
	}
	if err != nil {
		return answer{}, err
	}
	st, err := s.asStatus(r, d)
	if err != nil {
		return answer{}, err
	}
	issues, err := s.store.Issues(r.Context(), id, 200)
	if err != nil {
		return answer{}, err
	}
	v := ui.DeliveryView{DeliveryRow: deliveryRow(st), Hash: fmt.Sprintf("%x", d.SHA256), Sender: senderWords[d.Client],
		Steps: story(d, st, time.Now())}
	v.Source = d.Source.String()
	for _, is := range issues {
		v.Issues = append(v.Issues, ui.Issue{Element: int(is.Element), Code: issueWords[is.Kind], Reason: issueReason(is)})
	}
	s.payload(r, d, &v)
	v.CanTryAgain = st.State == db.Done
	v.CanSetAside = v.State == ui.Parked || v.State == ui.Aside
	v.CanAccept = v.State == ui.Quarantined
	return render(ui.Delivery(p, v))
}

func issueReason(is db.Issue) string {
	if is.Count > 1 {
		return fmt.Sprintf("%s (%d elements)", is.Reason, is.Count)
	}
	return is.Reason
}

var senderWords = map[db.Client]string{
	db.Unchecked: "not checked: no client id is configured", db.ClientRight: "the client id is ours",
	db.ClientMissing: "no client id in the header, which Garmin leaves out at times",
	db.ClientWrong:   "the client id is not ours",
}

var issueWords = map[db.IssueKind]string{db.Parked: "parked", db.Orphaned: "orphaned", db.Fetching: "fetching",
	db.Held: "held"}

// story tells what happened to a delivery, step by step.
func story(d *db.Delivery, st db.Status, now time.Time) []ui.Step {
	steps := []ui.Step{{At: d.Received, Title: "Received and kept", Detail: ui.Bytes(d.Size) +
		", answered 200 once it was on disk", Status: ui.OK}}
	add := func(at time.Time, title, detail string, status ui.Status) {
		steps = append(steps, ui.Step{At: at, Title: title, Detail: detail, Took: at.Sub(steps[len(steps)-1].At),
			Status: status})
	}
	switch {
	case st.State == db.Quarantined:
		add(st.Applied, "Held back", st.Reason, ui.Late)
	case st.State == db.Waiting && st.Attempts == 0:
		add(now, "Waits for its turn", "", ui.Running)
	case st.State == db.Waiting:
		add(st.Due, fmt.Sprintf("Attempt %d comes next", st.Attempts+1), st.Reason, ui.Running)
	case st.Issues > 0:
		add(st.Applied, fmt.Sprintf("Processed at attempt %d", max(st.Attempts, 1)),
			fmt.Sprintf("%d of %s with something left to say", st.Issues, ui.Plural(st.Elements, "element", "elements")),
			ui.Late)
	default:
		add(st.Applied, fmt.Sprintf("Processed at attempt %d", max(st.Attempts, 1)),
			ui.Plural(st.Elements, "element", "elements"), ui.OK)
	}
	return steps
}

// payload shows the beginning of the body, in order where it is JSON.
func (s *Site) payload(r *http.Request, d *db.Delivery, v *ui.DeliveryView) {
	body := s.inbox.Body(r.Context(), d)
	if strings.Contains(strings.ToLower(d.Encoding), "gzip") {
		z, err := gzip.NewReader(body)
		if err != nil {
			v.Withheld = "The body says that it is gzip and is not."
			return
		}
		body = z
	}
	head, err := io.ReadAll(io.LimitReader(body, payloadShown+1))
	if err != nil {
		v.Withheld = "The body cannot be read."
		return
	}
	if v.Truncated = len(head) > payloadShown; v.Truncated {
		v.Payload = strings.ToValidUTF8(string(head[:payloadShown]), "�")
		return
	}
	pretty := jsontext.Value(bytes.Clone(head))
	if err := pretty.Indent(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
		jsontext.WithIndent("  ")); err != nil {
		pretty = head
	}
	v.Payload = strings.ToValidUTF8(string(pretty), "�")
}

// deliveryBody is the download of a body as it was received.
func (s *Site) deliveryBody(w http.ResponseWriter, r *http.Request) {
	id := deliveryID(r)
	d, err := s.inbox.Delivery(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="delivery-%d.json"`, id))
	w.Header().Set("Content-Length", strconv.FormatInt(d.Size, 10))
	s.stream(w, r, func(out io.Writer) error {
		_, err := io.Copy(out, s.inbox.Body(r.Context(), d))
		return err
	})
}

func (s *Site) deliveryAgain(r *http.Request) (answer, error) { return s.again(r, false) }

func (s *Site) deliveryAccept(r *http.Request) (answer, error) { return s.again(r, true) }

func (s *Site) again(r *http.Request, accept bool) (answer, error) {
	n, err := s.store.Requeue(r.Context(), accept, deliveryID(r))
	if err != nil {
		return answer{}, err
	}
	if n == 0 {
		return answer{}, db.ErrNotFound
	}
	return redirect(fmt.Sprintf("/inbox/%d", deliveryID(r)))
}

func (s *Site) deliveryAside(r *http.Request) (answer, error) {
	st, err := s.store.Status(r.Context(), deliveryID(r))
	if err != nil {
		return answer{}, err
	}
	if err := s.store.SetAside(r.Context(), st.ID, !st.SetAside); err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/inbox/%d", st.ID))
}
