package server

import (
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/api"
	"garner/server/auth"
	"garner/server/pages"
	"garner/server/selftest"
)

// Options configure the server.
type Options struct {
	pages.Options
	Access
	// Trusted are the networks of the proxies whose headers count.
	Trusted []netip.Prefix
	// Source is the origin of what is received: push, or simulated in a demo.
	Source health.Origin
	// MaxBody is the largest body in bytes; larger ones are answered 413.
	MaxBody int64
	// AnswerWithin is how long a callback may wait to be made durable before
	// it is answered 503.
	AnswerWithin time.Duration
	// ReadWithin is how long a sender may take to send its body; a large one may take
	// longer as long as it arrives at slowestRate.
	ReadWithin time.Duration
}

// Server answers HTTP.
type Server struct {
	Options
	inbox   *db.Inbox
	store   *db.Store
	log     *slog.Logger
	site    *pages.Site
	api     *api.API
	access  atomic.Pointer[access]
	metrics *metrics
	events  *events
	contact contact
}

// New makes a server over an inbox and a store. The store may be nil if
// garner.db is broken: then it receives, and shows why there are no pages.
// drain may be nil.
func New(opts Options, inbox *db.Inbox, store *db.Store, drain DrainStats, log *slog.Logger) *Server {
	if store != nil {
		opts.Auth = auth.New(store, log)
	}
	opts.Prober = new(selftest.Prober)
	s := &Server{
		Options: opts, inbox: inbox, store: store, log: log, events: newEvents(),
		site: pages.New(opts.Options, inbox.InboxReader, store, log),
	}
	s.api = api.New(api.Options{Store: store, Auth: opts.Auth, Admits: s.site.Admits, Inbox: inbox.InboxReader,
		History: opts.History, Log: log})
	if opts.Watch != nil {
		s.api.Watch = opts.Watch
	}
	s.Apply(opts.Access, opts.Live)
	s.Access, s.Live = Access{}, pages.Live{} // only what Apply keeps is in force
	s.metrics = newMetrics(s, drain)
	return s
}

// Changed notifies open pages of a change.
func (s *Server) Changed() { s.events.publish() }
