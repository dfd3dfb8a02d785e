package service

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
)

// answer is a response before it is sent.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	person int // who asks, -1 while unknown
}

func newAnswer() *answer {
	return &answer{header: http.Header{}, status: http.StatusOK, person: -1}
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// send writes the answer with a body. That the client has gone is no error of
// the service.
func (a *answer) send(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // the client may have gone
}

// json answers with a value.
func (a *answer) json(status int, v any) {
	a.header.Set("Content-Type", "application/json")
	a.status = status
	a.body.Write(mustJSON(v))
}

// fail answers with an error in the form of Garmin's API.
func (a *answer) fail(status int, format string, args ...any) {
	a.json(status, map[string]string{"errorMessage": fmt.Sprintf(format, args...)})
}

// deny answers with an error in the form of OAuth 2.
func (a *answer) deny(status int, code, description string) {
	a.header.Set("Cache-Control", "no-store")
	a.json(status, map[string]string{"error": code, "error_description": description})
}
