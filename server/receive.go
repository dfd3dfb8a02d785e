package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
)

// receive takes a callback of Garmin: POST /garmin/{secret}/{type}. It looks
// at nothing but the path, the size and the client id: whatever arrives whole
// under the right secret is kept, and 200 is said only when its bytes are
// durable. Everything else makes Garmin send again.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	vars := mux.Vars(r)
	if !s.secretRight(vars["secret"]) {
		// As any unknown path, its headers included.
		s.headers(http.HandlerFunc(s.notFound)).ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodPost {
		leaveUnread(w, r)
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	id, size, err := s.keep(w, r, vars["type"])
	status := s.receiveStatus(err)
	s.metrics.received(status, size, time.Since(began))
	if err != nil {
		s.log.Warn("callback not kept", "type", vars["type"], "status", status, "bytes", size, "err", err)
		leaveUnread(w, r)
	} else {
		s.log.Debug("callback kept", "delivery", id, "type", vars["type"], "bytes", size)
	}
	w.WriteHeader(status)
}

// leaveUnread ends the connection with the answer. Without it the server would
// go on reading a body that nobody wants, as slowly as its sender likes.
func leaveUnread(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return // the deadline would end the request itself
	}
	w.Header().Set("Connection", "close")
	// Where the writer knows no deadline there is no connection to hold.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now())
}

// secretRight compares hashes, so that neither content nor length shows in the
// time it takes.
func (s *Server) secretRight(got string) bool {
	sum := sha256.Sum256([]byte(got))
	right := 0
	for i := range s.secrets {
		right |= subtle.ConstantTimeCompare(sum[:], s.secrets[i][:])
	}
	return right == 1
}

func (s *Server) receiveStatus(err error) int {
	var tooBig *http.MaxBytesError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &tooBig):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errBody):
		return http.StatusBadRequest
	default:
		return http.StatusServiceUnavailable
	}
}

// errBody means that the body did not arrive whole.
var errBody = errors.New("body not whole")

// keep reads the body and makes it durable.
func (s *Server) keep(w http.ResponseWriter, r *http.Request, path string) (id, size int64, err error) {
	if r.ContentLength > s.MaxBody {
		return 0, r.ContentLength, &http.MaxBytesError{Limit: s.MaxBody}
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.ReadWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, 0, err
	}
	body := http.MaxBytesReader(w, r.Body, s.MaxBody)
	a := db.Arrival{Received: s.arrival(r), Path: path, Client: s.clientOf(r), Source: s.Source, Encoding: r.Header.Get("Content-Encoding")}
	head, whole, err := readHead(body, r.ContentLength)
	if err != nil {
		return 0, int64(len(head)), err
	}
	if !whole {
		return s.keepBig(r.Context(), a, head, body)
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.AnswerWithin)
	defer cancel()
	id, err = s.inbox.Put(ctx, a, head)
	return id, int64(len(head)), err
}

// simulatedAt is the header in which a demo's Garmin says when a delivery
// would have arrived.
const simulatedAt = "Garner-Simulated-At"

// arrival is now, and in a demo when the simulated Garmin says.
func (s *Server) arrival(r *http.Request) time.Time {
	now := time.Now()
	if at, err := time.Parse(time.RFC3339, r.Header.Get(simulatedAt)); s.Demo && err == nil && at.Before(now) {
		return at
	}
	return now
}

// readHead reads up to a chunk and says whether that was the whole body. Only
// a plain io.EOF says so: a body that breaks off ends with another error.
func readHead(body io.Reader, length int64) (head []byte, whole bool, err error) {
	room := db.ChunkSize + 1
	if length >= 0 && length < db.ChunkSize {
		room = int(length) + 1
	}
	buf := make([]byte, room)
	n, err := fill(body, buf)
	switch {
	case err == io.EOF:
		return buf[:n], n <= db.ChunkSize, nil
	case err != nil:
		return buf[:n], false, bodyError(err)
	}
	return buf[:n], false, nil
}

// fill reads until buf is full or the body ends. Unlike io.ReadFull it leaves
// the body's error as it is, so that the end stays apart from a break.
func fill(body io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = body.Read(buf[n:])
		n += m
	}
	return n, err
}

// bodyError keeps "too large" apart from a sender that went away.
func bodyError(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return errors.Join(errBody, err)
}

// keepBig stores a big body piece by piece as it comes in.
func (s *Server) keepBig(ctx context.Context, a db.Arrival, head []byte, rest io.Reader) (id, size int64, err error) {
	up, err := s.inbox.Upload(ctx)
	if err != nil {
		return 0, 0, err
	}
	size, err = io.Copy(up, io.MultiReader(&bytesReader{head}, sourceReader{rest}))
	if err != nil {
		return 0, size, errors.Join(err, up.Abort(context.WithoutCancel(ctx)))
	}
	end, cancel := context.WithTimeout(ctx, s.AnswerWithin)
	defer cancel()
	id, err = up.Commit(end, a)
	return id, size, err
}

// bytesReader is a bytes.Reader without WriteTo, which would hand the upload
// everything at once and hide whose error it was.
type bytesReader struct{ b []byte }

func (r *bytesReader) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b)
	r.b = r.b[n:]
	return n, nil
}

// sourceReader marks errors as the sender's.
type sourceReader struct{ r io.Reader }

func (r sourceReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		err = bodyError(err)
	}
	return n, err
}

// clientOf compares the client id header by value; Garmin sends it under one
// of two names and at times not at all.
func (s *Server) clientOf(r *http.Request) db.Client {
	if s.ClientID == "" {
		return db.Unchecked
	}
	got := r.Header.Get("garmin-client-id")
	if got == "" {
		got = r.Header.Get("x-garmin-client-id")
	}
	switch {
	case got == "":
		return db.ClientMissing
	case subtle.ConstantTimeCompare([]byte(got), []byte(s.ClientID)) == 1:
		return db.ClientRight
	}
	return db.ClientWrong
}
