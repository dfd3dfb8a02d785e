package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"garner/db"
	"garner/query"
	"garner/server/auth"
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

// Problem is a kind of error, as the page about the API explains it.
type Problem struct {
	Status int
	// Name ends the problem's type.
	Name, Title string
	// About says what causes it, and what to do.
	About string
}

// explained are all problems, as they are made.
var explained []Problem

// Problems lists all problems that the API answers with.
func Problems() []Problem { return explained }

func newProblem(status int, name, title, about string) *problem {
	explained = append(explained, Problem{status, name, title, about})
	return &problem{Type: problemPage + name, Title: title, Status: status}
}

// The problems.
var (
	errParameter = newProblem(http.StatusBadRequest, "parameter", "A parameter is not valid",
		"The detail says which one and what it accepts.")
	errToken = newProblem(http.StatusUnauthorized, "token", "A valid token is needed",
		"Send “Authorization: Bearer” and a token. It may be mistyped, expired or revoked, or its account is disabled.")
	errScope = newProblem(http.StatusForbidden, "scope", "The token does not have the scope that this needs",
		"Make a token with this scope.")
	errNotShared = newProblem(http.StatusForbidden, "not-shared", "The token may not read values of this person",
		"The token sees whether data of this person arrives. The person decides who reads values, in their settings.")
	errNoAddress = newProblem(http.StatusNotFound, "no-such-address", "There is no such address",
		"The OpenAPI document lists all addresses.")
	errNotFound = newProblem(http.StatusNotFound, "not-found", "There is no such person or type",
		"It does not exist, or the token may not see it.")
	errMethod = newProblem(http.StatusMethodNotAllowed, "read-only", "The API is read-only: use GET",
		"Nothing can be changed through the API.")
	errCursor = newProblem(http.StatusGone, "cursor", "The changes since the cursor are not known: begin again without it",
		"A backup was restored, or the token reads other people than before. Drop the copy and read everything again.")
	errTooMany = newProblem(http.StatusTooManyRequests, "too-many", "Too many requests",
		"Wait for as many seconds as the Retry-After header says. A token may send 20 requests a second, and 100 at once.")
	errInternal = newProblem(http.StatusInternalServerError, "internal", "An error of Garner, not of the request",
		"The log has the reason. Nothing that was received is lost.")
	errBroken = newProblem(http.StatusServiceUnavailable, "unavailable", "The database cannot be read at the moment",
		"Try again later. If it stays, the pages and the log say what to do.")
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
	if _, many := errors.AsType[*auth.TooMany](err); many {
		return errTooMany
	}
	switch {
	case errors.Is(err, db.ErrNotFound):
		return errNotFound
	case errors.Is(err, query.ErrNotShared):
		return errNotShared
	case errors.Is(err, db.ErrLostCursor), errors.Is(err, query.ErrOtherPeople):
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
	if many, ok := errors.AsType[*auth.TooMany](err); ok {
		h.Set("Retry-After", auth.RetryAfter(many.After))
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.Log.Debug("API: problem not sent whole", "err", err)
	}
}
