package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/pages"
)

// Options configure the server.
type Options struct {
	pages.Options
	Access
	// Source is the origin of what is received: push, or simulated in a demo.
	Source health.Origin
	// MaxBody is the largest body in bytes; larger ones are answered 413.
	MaxBody int64
	// AnswerWithin is how long a callback may wait to be made durable before
	// it is answered 503.
	AnswerWithin time.Duration
	// ReadWithin is how long a sender may take to send its body.
	ReadWithin time.Duration
}

// Server answers HTTP.
type Server struct {
	Options
	inbox   *db.Inbox
	store   *db.Store
	log     *slog.Logger
	site    *pages.Site
	access  atomic.Pointer[access]
	metrics *metrics
	events  *events
	contact contact
}

// New makes a server over an inbox and a store. The store may be nil if
// garner.db is broken: then it receives, and shows why there are no pages.
// drain may be nil.
func New(opts Options, inbox *db.Inbox, store *db.Store, drain DrainStats, log *slog.Logger) *Server {
	s := &Server{
		Options: opts, inbox: inbox, store: store, log: log, events: newEvents(),
		site: pages.New(opts.Options, inbox.InboxReader, store, log),
	}
	s.Apply(opts.Access, opts.Live)
	s.Access, s.Live = Access{}, pages.Live{} // only what Apply keeps is in force
	s.metrics = newMetrics(s, drain)
	return s
}

// Changed notifies open pages of a change.
func (s *Server) Changed() { s.events.publish() }

// shutdownWithin is how long requests may take to end once the server stops.
const shutdownWithin = 8 * time.Second

// Serve handles requests on l until ctx ends, then lets running ones finish: a body
// that is being made durable still gets its response.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second, // callbacks have a deadline of their own
		IdleTimeout:       60 * time.Second,
		WriteTimeout:      60 * time.Second, // streams extend it as they go
		MaxHeaderBytes:    64 << 10,
		Protocols:         protocols,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() {
		s.events.close()
		end, cancel := context.WithTimeout(context.Background(), shutdownWithin)
		defer cancel()
		if err := srv.Shutdown(end); err != nil {
			s.log.Warn("requests cut at the end", "err", errors.Join(err, srv.Close()))
		}
	})
	err := srv.Serve(l)
	if !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return s.waitStopped(ctx, srv)
}

// waitStopped returns when Shutdown is done: Serve itself returns as soon as it
// begins.
func (s *Server) waitStopped(ctx context.Context, srv *http.Server) error {
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin+time.Second)
	defer cancel()
	return srv.Shutdown(end)
}
