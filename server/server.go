package server

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"garner/db"
	"garner/health"
	"garner/server/auth"
	"garner/server/pages"
	"garner/server/peer"
)

// Options configure the server.
type Options struct {
	pages.Options
	// Secrets are the valid path secrets of callbacks; several while one is being
	// replaced.
	Secrets []string
	// ClientID is the required value of garmin-client-id headers; empty for no check.
	ClientID string
	// Hosts are the names that we answer to, in lower case, in addition to that of
	// PublicURL and to those that only this machine and private networks know.
	Hosts []string
	// PublicURL is our address on the internet; nil for none.
	PublicURL *url.URL
	// Trusted are the networks of the proxies whose headers count.
	Trusted []netip.Prefix
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
	secrets [][sha256.Size]byte
	metrics *metrics
	events  *events
	contact contact
}

// New makes a server over an inbox and a store. The store may be nil if
// garner.db is broken: then it receives, and shows why there are no pages.
// drain may be nil.
func New(opts Options, inbox *db.Inbox, store *db.Store, drain DrainStats, log *slog.Logger) *Server {
	if store != nil {
		opts.Auth = auth.New(auth.Options{Store: store, Client: client, Log: log})
	}
	s := &Server{
		Options: opts, inbox: inbox, store: store, log: log, events: newEvents(),
		site: pages.New(opts.Options, inbox.InboxReader, store, log),
	}
	for _, secret := range opts.Secrets {
		s.secrets = append(s.secrets, sha256.Sum256([]byte(secret)))
	}
	s.metrics = newMetrics(s, drain)
	return s
}

// client is how auth sees who is at the other end.
func client(r *http.Request) (netip.Addr, bool) {
	p := peer.Of(r.Context())
	return p.Addr, p.HTTPS
}

// Changed notifies open pages of a change.
func (s *Server) Changed() { s.events.publish() }
