package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"garner/db"
	"garner/query"
)

// problem is an error as RFC 9457 has it.
type problem struct {
	Type   string `json:"type" doc:"Address of a page about this kind of problem."`
	Title  string `json:"title" doc:"The kind of problem in a sentence."`
	Status int    `json:"status" doc:"The HTTP status."`
	Detail string `json:"detail,omitempty" doc:"What is wrong with this request, with the valid values."`
}

// Error returns the problem as a sentence.
func (p *problem) Error() string { return p.Title + ": " + p.Detail }

// problemPage is where the page about the API explains the problems.
const problemPage = "/settings/api#problem-"

func newProblem(status int, name, title string) *problem {
	return &problem{Type: problemPage + name, Title: title, Status: status}
}

// The problems.
var (
	errNoAddress = newProblem(http.StatusNotFound, "no-such-address", "There is no such address")
	errMethod    = newProblem(http.StatusMethodNotAllowed, "read-only", "The API is read-only: use GET")
	errToken     = newProblem(http.StatusUnauthorized, "token", "A valid token is needed")
	errScope     = newProblem(http.StatusForbidden, "scope", "The token does not have the scope that this needs")
	errParameter = newProblem(http.StatusBadRequest, "parameter", "A parameter is not valid")
	errNotFound  = newProblem(http.StatusNotFound, "not-found", "There is no such person or type")
	errNotShared = newProblem(http.StatusForbidden, "not-shared", "The token may not read values of this person")
	errCursor    = newProblem(http.StatusGone, "cursor", "The database was replaced: begin again without a cursor")
	errBroken    = newProblem(http.StatusServiceUnavailable, "unavailable", "The database cannot be read at the moment")
	errInternal  = newProblem(http.StatusInternalServerError, "internal", "An error of Garner, not of the request")
)

// with is the problem with a detail.
func (p *problem) with(format string, args ...any) *problem {
	out := *p
	out.Detail = fmt.Sprintf(format, args...)
	return &out
}

// problemOf is the problem that an error is.
func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	switch {
	case errors.Is(err, db.ErrNotFound):
		return errNotFound
	case errors.Is(err, query.ErrNotShared):
		return errNotShared
	case errors.Is(err, db.ErrLostCursor):
		return errCursor
	case errors.Is(err, db.ErrBroken), errors.Is(err, db.ErrDamaged):
		return errBroken
	}
	return errInternal
}

// fail sends an error.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && r.Context().Err() == nil {
		a.Log.Error("API", "path", r.URL.Path, "err", err)
	}
	h := w.Header()
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="Garner"`)
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.Log.Debug("API: problem not sent whole", "err", err)
	}
}
