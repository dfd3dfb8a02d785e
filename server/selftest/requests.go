package selftest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// wrongCallback is a callback that Garner refuses as an unknown path.
const wrongCallback = "/garmin/wrong-secret-0000/dailies"

// ours is in each page of Garner, that of an unknown path as well.
const ours = " · Garner</title>"

// refused reports whether Garner itself answered that there is no such path.
func (r reply) refused() bool {
	return r.status == http.StatusNotFound && strings.Contains(r.body, ours)
}

// requests tests what answers behind TLS.
func (t *trial) requests(ctx context.Context) {
	client := t.client(t.addr)
	var health, identity, callback reply
	var all sync.WaitGroup
	all.Go(func() { health = ask(ctx, client, http.MethodGet, t.base+"/healthz", "") })
	all.Go(func() { callback = ask(ctx, client, http.MethodPost, t.base+wrongCallback, "{}") })
	if t.opts.Probe != "" {
		all.Go(func() { identity = ask(ctx, client, http.MethodGet, t.base+ProbePath+t.opts.Probe, "") })
	}
	all.Wait()
	t.callbacks(callback)
	t.health(health, callback.refused())
	t.identity(identity, callback.refused())
}

func (t *trial) callbacks(r reply) {
	if r.refused() {
		t.say(Callbacks, OK, "A callback with a wrong secret reaches Garner and is answered 404.", "")
		return
	}
	what, do := foreign(r, "/garmin/")
	t.say(Callbacks, Failed, "A callback does not reach Garner: "+what, do)
}

// health judges /healthz. A proxy may pass nothing but callbacks.
func (t *trial) health(r reply, callbacks bool) {
	if r.status == http.StatusOK && strings.HasPrefix(r.body, "ok") {
		t.say(Health, OK, "Garner answers at "+t.host+".", "")
		return
	}
	what, do := foreign(r, "/healthz")
	if callbacks {
		t.say(Health, Warning, "Callbacks reach Garner, but /healthz does not: "+what,
			"This is right if the proxy passes only /garmin/ on. Then Garner cannot notice that the address stops working.")
		return
	}
	t.say(Health, Failed, "Garner does not answer at "+t.host+": "+what, do)
}

func (t *trial) identity(r reply, callbacks bool) {
	switch {
	case t.opts.Probe == "":
		t.say(Identity, Skipped, "Which Garner answers was not tested.", "The set-up page of the running Garner tests it.")
	case r.status == http.StatusOK && strings.TrimSpace(r.body) == answer(t.opts.Probe):
		t.say(Identity, OK, "It is this Garner.", "")
	case r.refused():
		t.say(Identity, Failed, "Another Garner answers, not this one.",
			"Let the DNS entry, the router or the proxy lead to this machine.")
	case callbacks:
		t.say(Identity, Skipped, "Which Garner answers cannot be tested: only callbacks are passed on.",
			"This is right if the proxy passes only /garmin/ on.")
	default:
		what, do := foreign(r, ProbePath)
		t.say(Identity, Failed, "This Garner does not answer: "+what, do)
	}
}

// foreign tells what answers in place of Garner, and what to do about it.
func foreign(r reply, path string) (what, do string) {
	pass := "Let the proxy or the tunnel pass " + path + " on to Garner as it is."
	switch code := r.status; {
	case r.err != nil:
		return reason(r.err) + ".", "Check that garner serve runs, and the proxy or the tunnel before it."
	case code == http.StatusMisdirectedRequest:
		return "Garner does not answer to this name (421).", "Restart garner serve with this public_url, or set hosts."
	case code >= 300 && code <= 399:
		return fmt.Sprintf("it is redirected to %s (%d).", clip(r.location), code), "A redirect loses what is sent. " + pass
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusProxyAuthRequired ||
		code == http.StatusTooManyRequests:
		return fmt.Sprintf("access is refused (%d).", code), "Garmin cannot sign in or prove that it is no bot: exempt " +
			path + " from that. " + pass
	case code >= 500:
		return fmt.Sprintf("the server answers %d.", code),
			"If a proxy or a tunnel answers, it does not reach Garner: check that garner serve runs, and the address in " +
				"the proxy. Otherwise see the log of garner serve."
	}
	return fmt.Sprintf("another server answers (%d).", r.status), pass
}

// plain tests port 80, where a callback would have shown its secret already.
func (t *trial) plain(ctx context.Context) {
	for _, a := range t.try(ctx, "80") {
		if a.err != nil {
			continue
		}
		t.plainCallback(ask(ctx, t.client(a.addr), http.MethodPost, "http://"+urlHost(t.host)+wrongCallback, "{}"))
		return
	}
	t.say(Plain, OK, "Port 80 does not answer.", "")
}

func (t *trial) plainCallback(r reply) {
	const refuse = "Let port 80 refuse /garmin/, with 403: a callback over http has shown its secret on the way."
	switch {
	case r.refused():
		t.say(Plain, Failed, "Port 80 passes callbacks on to Garner without encryption.", refuse)
	case r.err != nil:
		t.say(Plain, OK, "Port 80 does not answer callbacks.", "")
	case r.status >= 300 && r.status <= 399:
		t.say(Plain, Warning, "Port 80 redirects callbacks to "+clip(r.location)+", so a mistake in Garmin's portal stays "+
			"unnoticed.", refuse)
	case r.status < 300:
		t.say(Plain, Warning, fmt.Sprintf("On port 80, another server answers callbacks with %d.", r.status), refuse)
	default:
		t.say(Plain, OK, fmt.Sprintf("Port 80 refuses callbacks (%d).", r.status), "")
	}
}

// urlHost is a host as it stands in an address.
func urlHost(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
