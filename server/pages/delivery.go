package pages

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/query"
	"garner/ui"
	"garner/ui/text"
)

func (s *Site) delivery(r *http.Request) (answer, error) {
	id := pathID(r)
	p, err := s.base(r, fmt.Sprintf("Delivery %d", id), ui.NavInbox)
	if err != nil {
		return answer{}, err
	}
	d, err := s.reader(r, p.Now).Delivery(r.Context(), id)
	if errors.Is(err, db.ErrNotFound) {
		return answer{}, &statusError{http.StatusNotFound, "There is no such delivery, or its body was deleted: bodies " +
			"stay for " + text.Length(s.KeepBodies) + ", records are kept permanently."}
	}
	if err != nil {
		return answer{}, err
	}
	if d.Body.Fault != query.BodyOfOthers {
		s.auditOthers(r, db.ActionPayloadRead, d.Named, fmt.Sprintf("delivery %d", id))
	}
	return render(ui.Delivery(p, ui.NewDelivery(d, p.Now)))
}

// deliveryBody is the download of a body as it was received.
func (s *Site) deliveryBody(w http.ResponseWriter, r *http.Request) {
	id := pathID(r)
	body, size, of, err := s.reader(r, time.Now()).DeliveryBody(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.auditOthers(r, db.ActionPayloadRead, of, fmt.Sprintf("delivery %d, download", id))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="delivery-%d.json"`, id))
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	s.stream(w, r, func(out io.Writer) error {
		_, err := io.Copy(out, body)
		return err
	})
}

func (s *Site) deliveryAgain(r *http.Request) (answer, error) { return s.again(r, false) }

func (s *Site) deliveryAccept(r *http.Request) (answer, error) { return s.again(r, true) }

func (s *Site) again(r *http.Request, accept bool) (answer, error) {
	n, err := s.store.Requeue(r.Context(), accept, pathID(r))
	if err != nil {
		return answer{}, err
	}
	if n == 0 {
		return answer{}, db.ErrNotFound
	}
	return redirect(fmt.Sprintf("/inbox/%d", pathID(r)))
}

func (s *Site) deliveryAside(r *http.Request) (answer, error) {
	st, err := s.store.Status(r.Context(), pathID(r))
	if err != nil {
		return answer{}, err
	}
	if err := s.store.SetAside(r.Context(), st.ID, !st.SetAside); err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/inbox/%d", st.ID))
}
