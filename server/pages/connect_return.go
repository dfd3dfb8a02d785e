package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

// connectReturn is GET /connect/garmin/callback: Garmin sends the person back with a
// code, or with an error. A state works once and only in the browser in which it
// began; a page that is loaded again shows what came of it.
func (s *Site) connectReturn(r *http.Request) (answer, error) {
	state := r.URL.Query().Get("state")
	run, err := s.Auth.Run(r, state)
	if err != nil {
		return s.foreignState(r, err)
	}
	secret, err := s.store.UseState(r.Context(), time.Now(), auth.HashToken(state), auth.ConnectBrowser(r))
	switch {
	case errors.Is(err, db.ErrNotFound) && run.Returned.IsZero():
		return s.tooLate(r)
	case errors.Is(err, db.ErrNotFound): // this page was loaded before
	case err != nil:
		return answer{}, err
	default:
		s.redeem(r, run, secret)
		if run, err = s.Auth.Run(r, state); err != nil {
			return answer{}, err
		}
	}
	return s.connectResult(r, run, state)
}

// connectResult shows what came of a run.
func (s *Site) connectResult(r *http.Request, run *db.Authorization, state string) (answer, error) {
	switch {
	case run.Connection != 0:
		return redirect(donePath)
	case run.Fault != "":
		f := connectFaults[run.Fault]
		return s.connectFault(r, f.status, f.page(state))
	case run.UserID == "":
		return s.connectFault(r, http.StatusOK, ui.ConnectFault{Title: "Garmin has not answered yet", State: state,
			Waits: true, What: []string{"Load this page again in some seconds. If that does not help, try again."}})
	}
	whose, err := s.store.PersonOfUserID(r.Context(), run.UserID)
	switch {
	case err == nil && whose.ID != run.Person:
		return s.linkedElsewhere(r, state)
	case err != nil && !errors.Is(err, db.ErrNotFound):
		return answer{}, err
	}
	return answer{view: ui.ConnectConfirm(s.runPage(r, "Link", state), ui.ConnectConfirmView{Name: run.Name,
		UserID: run.UserID, State: state, Known: run.Known, Permissions: query.Permissions(run.Granted)}),
		secret: true}, nil
}

// connectConfirm is POST /connect/garmin/callback: it links the person.
func (s *Site) connectConfirm(r *http.Request) (answer, error) {
	state := r.PostFormValue("state")
	run, err := s.Auth.Run(r, state)
	if err != nil {
		return s.foreignState(r, err)
	}
	_, err = s.store.Confirm(r.Context(), time.Now(), auth.HashToken(state), auth.ConnectBrowser(r))
	switch {
	case errors.Is(err, db.ErrLinked):
		return s.linkedElsewhere(r, state)
	case errors.Is(err, db.ErrNotFound) && time.Now().Before(run.Expires):
		return s.connectFault(r, http.StatusConflict, ui.ConnectFault{Title: "There is nothing to link any more",
			What: []string{"Garmin’s page was left without agreeing, or the link that you were sent was used in the " +
				"meantime. Each works once."}})
	case errors.Is(err, db.ErrNotFound):
		return s.tooLate(r)
	case err != nil:
		return answer{}, err
	}
	if run.Connection == 0 { // else the form was sent before
		s.auditAnyone(r, db.ActionConnected, run.Person, "")
	}
	return redirect(donePath)
}

func (s *Site) connectFault(r *http.Request, status int, f ui.ConnectFault) (answer, error) {
	return answer{view: ui.ConnectFailed(s.runPage(r, f.Title, f.State), f), status: status, secret: true}, nil
}

// runPage is a page about a run, whose own address has no code.
func (s *Site) runPage(r *http.Request, title, state string) ui.Page {
	p := s.signedOut(r, title)
	if state != "" {
		p.Path = callbackPath + "?" + url.Values{"state": {state}}.Encode()
	}
	return p
}

// foreignState answers a state that did not begin in this browser.
func (s *Site) foreignState(r *http.Request, err error) (answer, error) {
	if !errors.Is(err, db.ErrNotFound) {
		return answer{}, err
	}
	return s.connectFault(r, http.StatusBadRequest, ui.ConnectFault{
		Title: "This sign-in did not begin in this browser",
		What: []string{"Nothing was linked.",
			"Open the link that you were sent once more, in this browser, and stay in it. Cookies must be allowed."}})
}

func (s *Site) tooLate(r *http.Request) (answer, error) {
	return s.connectFault(r, http.StatusBadRequest, ui.ConnectFault{Title: "That took longer than 10 minutes",
		What: []string{"For your safety, Garner did not link anything.", "Open the link that you were sent once more. " +
			"If it no longer works, ask for a new one."}})
}

func (s *Site) linkedElsewhere(r *http.Request, state string) (answer, error) {
	return s.connectFault(r, http.StatusConflict, ui.ConnectFault{
		Title: "This Garmin account belongs to another person here",
		What: []string{"One Garmin account is one person. Nothing was changed.", "If you meant another Garmin account, " +
			"sign out at Garmin, and try again. If the account is yours, ask the admin."}, State: state})
}

// Why a run cannot be confirmed, as stored.
const (
	faultCanceled    = "canceled"
	faultCode        = "code"
	faultSetUp       = "set-up"
	faultUnreachable = "unreachable"
	faultFailing     = "failing"
	faultBusy        = "busy"
	faultRefused     = "refused"
)

// signInFault is a page that says why a run cannot be confirmed.
type signInFault struct {
	status int
	title  string
	what   []string
}

// page is the page of a fault, with which a state can be tried again.
func (f signInFault) page(state string) ui.ConnectFault {
	return ui.ConnectFault{Title: f.title, What: f.what, State: state}
}

// connectFaults are the pages of these.
var connectFaults = map[string]signInFault{
	faultCanceled: {http.StatusOK, "You are not connected", []string{"Garmin’s page was left without agreeing, " +
		"perhaps with Cancel. Nothing was linked."}},
	faultCode: {http.StatusBadGateway, "Garmin’s answer was no longer valid", []string{"Nothing was linked. Garmin’s " +
		"codes work once and for a short time."}},
	faultSetUp: {http.StatusBadGateway, "Garmin does not accept this Garner", []string{"Garmin refused Garner’s client " +
		"id or client secret. Ask the admin to check both in the settings. Nothing was linked."}},
	faultUnreachable: {http.StatusBadGateway, "Garmin cannot be reached", []string{"Garner got no answer from Garmin. " +
		"Nothing was linked. Try again in some minutes."}},
	faultFailing: {http.StatusBadGateway, "Garmin has a fault of its own", []string{"Garmin answered with an error. " +
		"Nothing was linked. Try again in some minutes."}},
	faultBusy: {http.StatusServiceUnavailable, "Garmin asks Garner to wait", []string{"There were too many requests, or " +
		"Garmin does not work at the moment. Nothing was linked. Try again in some minutes."}},
	faultRefused: {http.StatusBadGateway, "Garmin refused its own token", []string{"Garmin let you sign in, and then " +
		"did not say whose account it is. Nothing was linked. Try again."}},
}

const (
	// redeemWithin is how long a person waits for all calls together, askWithin how
	// long the calls after the first go on being tried.
	redeemWithin = 40 * time.Second
	askWithin    = 15 * time.Second
)

// redeem exchanges what Garmin sent back for tokens and asks Garmin whose they are. What
// came of it is stored: the tokens before they are used. It goes on if the browser
// goes away, since a code works once.
func (s *Site) redeem(r *http.Request, run *db.Authorization, secret string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), redeemWithin)
	defer cancel()
	hash := auth.HashToken(r.URL.Query().Get("state"))
	userID, granted, fault, err := s.askGarmin(ctx, r, run, hash, secret)
	if err != nil {
		s.log.Warn("connecting failed", "person", run.Person, "fault", fault, "err", err)
	}
	if err := s.store.AuthorizationFacts(context.WithoutCancel(ctx), hash, userID, granted, fault); err != nil {
		s.log.Error("connecting failed: what Garmin said is not stored", "person", run.Person, "err", err)
	}
}

func (s *Site) askGarmin(ctx context.Context, r *http.Request, run *db.Authorization, hash []byte,
	secret string) (userID string, granted []string, fault string, err error) {
	garmin := s.live.Load().Garmin
	if garmin == nil {
		return "", nil, faultSetUp, nil
	}
	tokens, cred, err := s.garminSignIn(garmin).Finish(ctx, run.Redirect, secret, r.URL.Query())
	switch {
	case errors.Is(err, client.ErrCanceled):
		return "", nil, faultCanceled, nil
	case err != nil:
		return "", nil, faultOf(err, faultSetUp), err
	}
	if err := s.store.AuthorizationTokens(ctx, hash, tokens); err != nil {
		return "", nil, faultFailing, err
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	err = untilAccepted(ctx, func() (err error) {
		if userID, err = garmin.UserID(ctx, cred); err == nil {
			granted, err = garmin.Permissions(ctx, cred)
		}
		return err
	})
	if err != nil {
		return "", nil, faultOf(err, faultRefused), err
	}
	return userID, granted, "", nil
}

// untilAccepted calls ask until it answers anything but 401, a few times: Garmin may
// refuse a new token for some seconds.
func untilAccepted(ctx context.Context, ask func() error) error {
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		err := ask()
		var status *client.StatusError
		if !errors.As(err, &status) || status.Status != http.StatusUnauthorized || wait > 4*time.Second {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// faultOf is the fault of a call; unauthorized is the one where Garmin does not
// accept by whom it was asked.
func faultOf(err error, unauthorized string) string {
	var status *client.StatusError
	switch {
	case errors.Is(err, client.ErrInvalidGrant):
		return faultCode
	case errors.Is(err, client.ErrOpen):
		return faultBusy
	case !errors.As(err, &status):
		return faultUnreachable
	case status.Status == http.StatusTooManyRequests:
		return faultBusy
	case status.Status >= http.StatusInternalServerError:
		return faultFailing
	}
	return unauthorized
}
