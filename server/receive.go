package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"garner/db"
	"garner/server/pages"
)

// receive handles a callback from Garmin with the right secret. It looks only at
// the path, the size and the client id: every complete body is kept, and the
// response is 200 only when its bytes are durable. Any other response makes
// Garmin send again. typ is the type in the path, or empty.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, typ string) {
	began := time.Now()
	if r.Method != http.MethodPost {
		pages.LeaveUnread(w, r)
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	id, size, err := s.keep(w, r, typ)
	status := s.receiveStatus(err)
	s.metrics.received(status, size, time.Since(began))
	if err != nil {
		s.log.Warn("callback not kept", "type", typ, "status", status, "bytes", size, "err", err)
		pages.LeaveUnread(w, r)
	} else if s.log.Enabled(r.Context(), slog.LevelDebug) {
		s.log.Debug("callback kept", "delivery", id, "type", typ, "bytes", size)
	}
	w.WriteHeader(status)
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
	body, err := newPacedBody(w, http.MaxBytesReader(w, r.Body, s.MaxBody), s.ReadWithin)
	if err != nil {
		return 0, 0, err
	}
	a := db.Arrival{Received: time.Now(), Path: path, Client: s.clientOf(r), Source: s.Source,
		Encoding: r.Header.Get("Content-Encoding")}
	in := &receipt{inbox: s.inbox, body: body, length: r.ContentLength}
	defer in.release()
	whole, err := in.readHead()
	if err != nil {
		return 0, int64(len(in.head)), err
	}
	if !whole {
		return s.keepBig(context.WithoutCancel(r.Context()), a, in)
	}
	// The body is complete: it no longer matters if the sender goes away.
	ctx, cancel := context.WithTimeout(context.Background(), s.AnswerWithin)
	defer cancel()
	id, err = s.inbox.Put(ctx, a, in.head)
	return id, int64(len(in.head)), err
}

// receipt is a body that is being received. Its memory is reserved with the inbox:
// many slow senders must not fill the memory.
type receipt struct {
	inbox  *db.Inbox
	body   io.Reader
	length int64 // as declared; -1 if it was not
	head   []byte
	held   int64
}

// hold reserves memory for n bytes in total.
func (in *receipt) hold(n int64) error {
	if err := in.inbox.Hold(n-in.held, in.held); err != nil {
		return err
	}
	in.held = n
	return nil
}

func (in *receipt) release() {
	in.inbox.Unhold(in.held)
	in.held, in.head = 0, nil
}

// A buffer starts small, regardless of the declared length, and grows with the
// data: idle senders must not use up memory.
const (
	firstBuffer  = 4 << 10
	bufferGrowth = 4
)

// readHead reads a body up to the size from which it is stored in pieces, and
// reports whether that was all of it. Only a plain io.EOF means that: an incomplete
// body ends with another error. If the declared length is larger, it reads
// nothing.
func (in *receipt) readHead() (whole bool, err error) {
	if in.length > db.ChunkSize {
		return false, nil
	}
	room := int64(firstBuffer)
	if in.length >= 0 {
		room = min(in.length+1, room)
	}
	for {
		if err := in.hold(room); err != nil {
			return false, err
		}
		buf := make([]byte, room)
		n := copy(buf, in.head)
		m, err := fill(in.body, buf[n:])
		in.head = buf[:n+m]
		switch {
		case err == io.EOF:
			return len(in.head) <= db.ChunkSize, nil
		case err != nil:
			return false, bodyError(err)
		case room > db.ChunkSize:
			return false, nil
		}
		if room *= bufferGrowth; room > in.length && int64(len(in.head)) <= in.length {
			room = in.length + 1 // one more byte shows that it ends there
		}
		room = min(room, db.ChunkSize+1)
	}
}

// fill reads until buf is full or the body ends. Unlike io.ReadFull it leaves
// the body's error as it is, so that the end differs from a break.
func fill(body io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = body.Read(buf[n:])
		n += m
	}
	return n, err
}

// bodyError distinguishes "too large" from a sender that went away.
func bodyError(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return errors.Join(errBody, err)
}

// keepBig stores a big body piece by piece as it comes in.
func (s *Server) keepBig(ctx context.Context, a db.Arrival, in *receipt) (id, size int64, err error) {
	up, err := s.inbox.Upload(ctx)
	if err != nil {
		return 0, 0, err
	}
	head, err := up.Write(in.head)
	in.release()
	if err == nil {
		size, err = io.Copy(up, sourceReader{in.body})
	}
	size += int64(head)
	if err != nil {
		return 0, size, errors.Join(err, up.Abort(ctx))
	}
	end, cancel := context.WithTimeout(ctx, s.AnswerWithin)
	defer cancel()
	id, err = up.Commit(end, a)
	return id, size, err
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
// of two names and sometimes not at all.
func (s *Server) clientOf(r *http.Request) db.Client {
	want := s.access.Load().clientID
	if want == "" {
		return db.Unchecked
	}
	got := r.Header.Get("garmin-client-id")
	if got == "" {
		got = r.Header.Get("x-garmin-client-id")
	}
	switch {
	case got == "":
		return db.ClientMissing
	case subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1:
		return db.ClientRight
	}
	return db.ClientWrong
}
