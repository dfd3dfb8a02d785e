package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/server/peer"
)

// Listeners are where Garner listens. TLS and Redirect may be nil.
type Listeners struct {
	// Plain is for plain HTTP.
	Plain net.Listener
	// TLS is for HTTPS, with the certificates of Config.
	TLS net.Listener
	// Redirect is for ACME challenges and the redirect to HTTPS. It takes no
	// callbacks: what was sent in clear text must fail, not be sent again.
	Redirect net.Listener
	// Config is needed with TLS. Versions before 1.2, their ciphers and HTTP/2 are
	// never offered.
	Config *tls.Config
	// Challenge answers ACME challenges before the redirect; nil for none.
	Challenge func(http.Handler) http.Handler
}

// shutdownWithin is how long requests may take to end once the server stops.
const shutdownWithin = 8 * time.Second

// Serve handles requests until ctx ends or a listener fails, then lets running ones
// finish: a body that is being made durable still gets its response.
func (s *Server) Serve(ctx context.Context, on Listeners) error {
	group, ctx := errgroup.WithContext(ctx)
	serve := func(l net.Listener, handler http.Handler, config *tls.Config) {
		if l == nil {
			return
		}
		srv := s.httpServer(handler, config)
		group.Go(func() error { return s.run(ctx, srv, newFairListener(l, s.exempt)) })
	}
	handler := s.Handler()
	serve(on.Plain, handler, nil)
	serve(on.TLS, handler, on.Config)
	serve(on.Redirect, s.redirectHandler(on.Challenge), nil)
	err := group.Wait()
	if s.Auth != nil {
		s.Auth.Wait()
	}
	return err
}

// writeWithin is how long a response may take, from the request or the end of a large
// body on.
const writeWithin = 60 * time.Second

// httpServer has limits for all that a client can make us wait for.
func (s *Server) httpServer(handler http.Handler, config *tls.Config) *http.Server {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second, // callbacks have a deadline of their own
		IdleTimeout:       60 * time.Second,
		WriteTimeout:      writeWithin, // streams and large bodies extend it as they go
		MaxHeaderBytes:    64 << 10,
		Protocols:         new(http.Protocols),
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		// Otherwise Go answers "OPTIONS *" for any Host.
		DisableGeneralOptionsHandler: true,
	}
	srv.Protocols.SetHTTP1(true)
	if config != nil {
		srv.TLSConfig = config.Clone()
		srv.TLSConfig.MinVersion = max(config.MinVersion, tls.VersionTLS12)
		srv.TLSConfig.CipherSuites = suites
	}
	return srv
}

// suites are those of TLS 1.2: forward secrecy and authenticated encryption. Those of
// TLS 1.3 cannot be chosen, and all have both.
var suites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// run serves on l until ctx ends, and returns when the last request is done.
func (s *Server) run(ctx context.Context, srv *http.Server, l net.Listener) error {
	ended := make(chan error, 1)
	go func() {
		if srv.TLSConfig != nil {
			ended <- srv.ServeTLS(l, "", "")
			return
		}
		ended <- srv.Serve(l)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.events.close()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		s.log.Warn("requests cut at the end", "err", errors.Join(err, srv.Close()))
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// exempt reports whether an address may hold any number of connections: all that
// comes through a proxy has one address.
func (s *Server) exempt(addr netip.Addr) bool {
	return addr.IsLoopback() || peer.Contains(s.Trusted, addr)
}

// redirectHandler answers challenges, and sends who asks for a page to HTTPS.
func (s *Server) redirectHandler(challenge func(http.Handler) http.Handler) http.Handler {
	var handler http.Handler = plainForm(http.HandlerFunc(s.redirect))
	if challenge != nil {
		handler = challenge(handler)
	}
	return peer.With(nil, handler)
}

func (s *Server) redirect(w http.ResponseWriter, r *http.Request) {
	host := peer.Of(r.Context()).Host
	switch {
	case !s.configured(host):
		w.Header().Set("Connection", "close")
		refuse(w, r, http.StatusMisdirectedRequest, "Garner does not answer to this name.")
	case strings.HasPrefix(r.URL.Path, "/garmin/"):
		refuse(w, r, http.StatusForbidden, "Callbacks are taken over https only.")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, r, http.StatusMethodNotAllowed, "This address only redirects to https.")
	default:
		if public := s.access.Load().publicURL; public != nil {
			host = public.Host
		}
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusPermanentRedirect)
	}
}
