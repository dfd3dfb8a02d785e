package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"garner/config"
	"garner/server"
)

// certificateSource is where certificates come from.
type certificateSource interface {
	TLSConfig() *tls.Config
	// Challenge answers what the authority asks over plain HTTP, before next.
	Challenge(next http.Handler) http.Handler
	// Run obtains and renews certificates until ctx ends.
	Run(ctx context.Context) error
}

// listeners are where Garner listens. tls and redirect may be nil.
type listeners struct {
	plain, tls, redirect *keptListener
	certs                certificateSource
}

// listen opens every configured address. certs is needed unless tls.mode is off.
func listen(cfg config.Config, certs certificateSource) (_ *listeners, err error) {
	l := &listeners{}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	if cfg.TLS.Mode != "off" {
		if certs == nil {
			return nil, fmt.Errorf("there are no certificates for tls.mode %q", cfg.TLS.Mode)
		}
		l.certs = certs
	}
	for _, a := range []struct {
		to      **keptListener
		address string
	}{{&l.plain, cfg.Listen}, {&l.tls, cfg.ListenHTTPS}, {&l.redirect, cfg.ListenHTTP}} {
		if a.address == "" {
			continue
		}
		opened, err := net.Listen("tcp", a.address)
		if err != nil {
			return nil, fmt.Errorf("listen: %w", err)
		}
		*a.to = &keptListener{TCPListener: opened.(*net.TCPListener)}
	}
	return l, nil
}

// certify keeps certificates up to date until ctx ends or done is called.
func (l *listeners) certify(ctx context.Context, log *slog.Logger) (done func()) {
	if l.certs == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := l.certs.Run(ctx); err != nil && ctx.Err() == nil {
			log.Error("stopped", "job", "certificates", "err", err)
		}
	}()
	return func() {
		stop()
		<-ended
	}
}

// address is that for plain HTTP.
func (l *listeners) address() string { return "http://" + l.plain.Addr().String() }

// logOthers logs the addresses besides that.
func (l *listeners) logOthers(log *slog.Logger) {
	if l.tls != nil {
		log.Info("garner serves https", "address", "https://"+l.tls.Addr().String())
	}
	if l.redirect != nil {
		log.Info("garner redirects to https", "address", "http://"+l.redirect.Addr().String())
	}
}

// open returns the listeners for the server that closes them.
func (l *listeners) open() server.Listeners {
	on := server.Listeners{Plain: l.plain}
	if l.tls != nil {
		on.TLS, on.Config = l.tls, l.certs.TLSConfig()
	}
	if l.redirect != nil {
		on.Redirect = l.redirect
	}
	if l.certs != nil {
		on.Challenge = l.certs.Challenge
	}
	return on
}

// keep returns them for a server that passes them to the next: until free,
// closing stops only accepting connections.
func (l *listeners) keep() server.Listeners {
	for _, one := range l.all() {
		one.kept = true
	}
	return l.open()
}

// free makes them ordinary listeners again.
func (l *listeners) free() (err error) {
	for _, one := range l.all() {
		one.kept = false
		err = errors.Join(err, one.SetDeadline(time.Time{}))
	}
	return err
}

// Close closes all of them.
func (l *listeners) Close() (err error) {
	for _, one := range l.all() {
		err = errors.Join(err, one.TCPListener.Close())
	}
	return err
}

func (l *listeners) all() (out []*keptListener) {
	for _, one := range []*keptListener{l.plain, l.tls, l.redirect} {
		if one != nil {
			out = append(out, one)
		}
	}
	return out
}

// keptListener is a listener that one server can pass to the next.
type keptListener struct {
	*net.TCPListener
	kept bool
}

// Close implements net.Listener.
func (l *keptListener) Close() error {
	if l.kept {
		return l.SetDeadline(time.Now())
	}
	return l.TCPListener.Close()
}
