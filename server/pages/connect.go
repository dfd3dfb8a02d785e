package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/server/peer"
	"garner/ui"
)

// The addresses of connecting, beside auth.ConnectPath. Garmin sends people back to
// callbackPath: it must be the same in Garmin's portal.
const (
	callbackPath = auth.ReturnPath
	againPath    = auth.ConnectPath + "garmin/again"
	donePath     = auth.ConnectPath + "garmin/done"
)

// connectPage is GET /connect/{token}: what Garner asks for. Looking at it does not
// use the link up.
func (s *Site) connectPage(w http.ResponseWriter, r *http.Request) (answer, error) {
	token := mux.Vars(r)["token"]
	invitation, err := s.Auth.Invitation(r, token)
	if err != nil {
		return s.invitationRefused(w, r, err)
	}
	if elsewhere := s.onPublicAddress(r); elsewhere != "" {
		return redirect(auth.ConnectURL(elsewhere, token))
	}
	v := ui.ConnectView{Name: invitation.Name, Expires: invitation.Expires, Missing: s.connectMissing(r),
		Notice: s.Protocol.Notice}
	v.Ready = v.Missing == ""
	return answer{view: ui.Connect(s.signedOut(r, "Connect to Garmin"), v), secret: true}, nil
}

// connectBegin is POST /connect/{token}: it leads to Garmin.
func (s *Site) connectBegin(w http.ResponseWriter, r *http.Request) (answer, error) {
	token := mux.Vars(r)["token"]
	if _, err := s.Auth.Invitation(r, token); err != nil {
		return s.invitationRefused(w, r, err)
	}
	if s.onPublicAddress(r) != "" || s.connectMissing(r) != "" {
		return redirect(auth.ConnectURL("", token)) // the page says why
	}
	return s.leadToGarmin(w, r, auth.HashToken(token))
}

// leadToGarmin begins a run for an invitation, by the hash of its token.
func (s *Site) leadToGarmin(w http.ResponseWriter, r *http.Request, invitation []byte) (answer, error) {
	garmin := s.live.Load().Garmin
	if garmin == nil {
		return answer{}, errNotSetUp
	}
	redirectURI := s.address(r) + callbackPath
	fault := ""
	consent, err := s.Auth.BeginConnect(w, r, invitation, redirectURI, func(state string) (at, secret string, err error) {
		if at, secret, err = s.garminSignIn(garmin).Begin(r.Context(), redirectURI, state); err != nil {
			fault = faultOf(err, faultSetUp)
		}
		return at, secret, err
	})
	switch {
	case fault != "":
		s.log.Warn("connecting failed", "fault", fault, "err", err)
		return s.connectFault(r, connectFaults[fault].status, connectFaults[fault].page(""))
	case err != nil:
		return s.invitationRefused(w, r, err)
	}
	return redirect(consent)
}

// errNotSetUp is shown where Garmin cannot be called.
var errNotSetUp = &statusError{http.StatusServiceUnavailable,
	"The client id and the client secret of Garmin are not set up. Ask an admin."}

// connectAgain is POST /connect/garmin/again: another run for the same invitation.
func (s *Site) connectAgain(w http.ResponseWriter, r *http.Request) (answer, error) {
	run, err := s.Auth.Run(r, r.PostFormValue("state"))
	if err != nil {
		return s.foreignState(r, err)
	}
	return s.leadToGarmin(w, r, run.Invitation)
}

// invitationRefused answers a link that does not work.
func (s *Site) invitationRefused(w http.ResponseWriter, r *http.Request, err error) (answer, error) {
	if errors.Is(err, auth.ErrLink) {
		return answer{view: ui.ConnectSpent(s.signedOut(r, "Link")), status: http.StatusNotFound}, nil
	}
	if refused := refusedSecret(err); refused != nil {
		refused.retry(w)
		return answer{}, &statusError{refused.status, refused.what}
	}
	return answer{}, err
}

// connectMissing is what is not set up to connect; empty if nothing.
func (s *Site) connectMissing(r *http.Request) string {
	live := s.live.Load()
	switch {
	case live.Garmin == nil:
		return "the client id and the client secret from Garmin’s portal are missing."
	case live.Address == "" && peer.Of(r.Context()).PublicHost():
		return "the public address is missing."
	}
	return ""
}

// onPublicAddress is the public address if a request came under another one; else
// empty. Garmin sends people back there, where the cookie must be.
func (s *Site) onPublicAddress(r *http.Request) string {
	address := s.live.Load().Address
	scheme := "http"
	if peer.Of(r.Context()).HTTPS {
		scheme = "https"
	}
	u, err := url.Parse(address)
	if address == "" || err != nil || u.Scheme == scheme && sameHost(u, r.Host) {
		return ""
	}
	return address
}

// sameHost reports whether a Host header names the host and port of an address.
func sameHost(u *url.URL, host string) bool {
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return strings.EqualFold(strings.TrimSuffix(u.Host, port), strings.TrimSuffix(host, port))
}

// connecting is pageSetting for pages whose forms lead to Garmin's sign-in.
func (s *Site) connecting(h func(http.ResponseWriter, *http.Request) (answer, error)) http.HandlerFunc {
	return s.pageSetting(func(w http.ResponseWriter, r *http.Request) (answer, error) {
		if garmin := s.live.Load().Garmin; garmin != nil {
			allowFormsTo(w.Header(), garmin.SignInURL("", "", ""))
		}
		return h(w, r)
	})
}

// allowFormsTo lets the forms of a page lead to the host of an address: browsers apply
// form-action to each redirect that follows a form.
func allowFormsTo(h http.Header, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return // the forms stay here
	}
	to := u.Scheme + "://" + u.Host
	if strings.HasSuffix(u.Hostname(), ".garmin.com") {
		to += " https://*.garmin.com" // the sign-in leads on to other hosts
	}
	const header, own = "Content-Security-Policy", "form-action 'self'"
	h.Set(header, strings.Replace(h.Get(header), own, own+" "+to, 1))
}

// Connecting reports whether a request is from a browser in which a person connected
// a short time ago.
func (s *Site) Connecting(r *http.Request) bool {
	if s.Auth == nil {
		return false
	}
	_, err := s.Auth.LatestRun(r)
	return err == nil
}

// connectDone is GET /connect/garmin/done.
func (s *Site) connectDone(r *http.Request) (answer, error) {
	run, err := s.Auth.LatestRun(r)
	if errors.Is(err, db.ErrNotFound) {
		return s.connectFault(r, http.StatusNotFound, ui.ConnectFault{Title: "Nothing was connected in this browser",
			What: []string{"This page shows a connection for a day, in the browser in which it was made."}})
	}
	if err != nil {
		return answer{}, err
	}
	// Who has linked the person may see whether data of it arrives.
	q := s.reader(r, time.Now())
	q.Viewer = query.Account(false, run.Person)
	c, err := q.Connection(r.Context(), run.Person)
	if err != nil {
		return answer{}, err
	}
	v := ui.ConnectDoneView{Name: run.Name, Ended: !c.Open() || c.ID != run.Connection, Received: c.Received,
		Permissions: c.Permissions}
	if v.Ended || v.Permissions == nil {
		v.Permissions, v.Received = query.Permissions(run.Granted), time.Time{}
	}
	if v.Account, err = q.HasAccount(r.Context(), run.Person); err != nil {
		return answer{}, err
	}
	p := s.signedOut(r, "Connected")
	if _, ok := auth.Of(r.Context()); ok || s.open(r) {
		v.Next = &ui.Link{Text: "Home", URL: "/"}
	}
	return render(ui.ConnectDone(p, v))
}
