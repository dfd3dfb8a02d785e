package bench

import (
	"crypto/tls"
	"fmt"
	"testing"

	"garner/e2e/box"
)

// figureTLS holds receiving over HTTPS against plain HTTP, turn by turn, in one
// process. As connections stay open, it is about encryption and not about handshakes.
func figureTLS(t *testing.T) {
	const name = "garner.example.org"
	_, list := box.Household(100, 3)
	small := smallDailies(list)
	c, secure := box.SelfMade(t, name), target{addr: freeAddr(t)}
	plain := targetOf(box.Start(t, t.TempDir(), box.Options{Env: []string{"GARNER_JOBS_WORKERS=0",
		"GARNER_PUBLIC_URL=https://" + name, "GARNER_LISTEN_HTTPS=" + secure.addr, "GARNER_TLS_MODE=files",
		"GARNER_TLS_CERT_FILE=" + c.CertFile, "GARNER_TLS_KEY_FILE=" + c.KeyFile}}))
	secure.pid, secure.tls = plain.pid, &tls.Config{RootCAs: c.Pool, ServerName: name}
	requests, turns := requestsOf(t, small), contest{}
	var over, without []result
	for range rounds {
		without = append(without, load(t, plain, turns.offer(requests)))
		over = append(over, load(t, secure, turns.offer(requests)))
	}
	rate := func(o result) float64 { return o.rate }
	row(fmt.Sprintf("Durable deliveries/s with TLS, 64 connections, dailies of %.1f KB", float64(meanSize(small))/1e3), "",
		fmt.Sprintf("%.0f/s", middle(over, rate)))
	row("  of those over plain HTTP", "", fmt.Sprintf("%.2f", ratio(over, without, rate)))
	row("  p50 and p99 with TLS; without", "", quantiles(over)+"; "+quantiles(without))
	row("  CPU for each delivery with TLS; without", "", processors("Garner", over)+"; "+processors("Garner", without))
}
