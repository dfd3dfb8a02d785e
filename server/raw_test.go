package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"garner/server"
	"garner/server/servertest"
)

// open returns a listener on a free port of loopback.
func open(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serve serves on listeners until the test ends.
func serve(t *testing.T, s *servertest.Site, on server.Listeners) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Serve(ctx, on) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

// exchange sends bytes as they stand and returns all that comes back until the
// server closes the connection.
func exchange(t *testing.T, l net.Listener, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil { // only a broken server takes so long
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatalf("the connection stays open after %q: %v", answer, err)
	}
	return string(answer)
}

// statuses are those of all answers in what a connection gave.
func statuses(answer string) (out []string) {
	for _, part := range strings.Split(strings.ReplaceAll(answer, "HTTP/1.0 ", "HTTP/1.1 "), "HTTP/1.1 ")[1:] {
		out = append(out, part[:3])
	}
	return out
}

func TestRequestsWithTwoReadingsAreAnsweredOnceAndTheConnectionEnds(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	l := open(t)
	serve(t, s, server.Listeners{Plain: l})
	const path = "/garmin/" + servertest.Secret + "/dailies"
	const hidden = "POST /garmin/" + servertest.Secret + "/smuggled HTTP/1.1\r\nHost: localhost\r\n" +
		"Content-Length: 2\r\n\r\n{}"
	post := func(headers, body string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body + hidden
	}
	old := func(text string) string { return strings.Replace(text, "HTTP/1.1", "HTTP/1.0", 1) }
	get := func(first, headers string) string { return first + "\r\n" + headers + "\r\n" + hidden }
	const chunked, end = "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"
	for name, c := range map[string]struct {
		text string
		want string // one of these
	}{
		"a length and chunks":              {post("Content-Length: 5\r\n"+chunked, end), "200"},
		"a length of all and chunks":       {post(fmt.Sprint("Content-Length: ", 5+len(hidden), "\r\n", chunked), end), "200"},
		"chunks and a wrong length":        {post(chunked+"Content-Length: x\r\n", end), "400"},
		"two lengths":                      {post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), "400"},
		"two lengths in one line":          {post("Content-Length: 2, 2\r\n", "{}"), "400"},
		"a length with a sign":             {post("Content-Length: +2\r\n", "{}"), "400"},
		"a negative length":                {post("Content-Length: -2\r\n", "{}"), "400"},
		"a length in hex":                  {post("Content-Length: 0x2\r\n", "{}"), "400"},
		"a space before the colon":         {post("Content-Length : 2\r\n", "{}"), "400"},
		"a header without a colon":         {post("Content-Length\r\n", "{}"), "400"},
		"chunked twice":                    {post(chunked+chunked, end), "501 400"},
		"chunked and identity":             {post("Transfer-Encoding: chunked, identity\r\n", end), "501 400"},
		"another encoding":                 {post("Transfer-Encoding: gzip\r\n", end), "501 400"},
		"chunked after a tab":              {post("Transfer-Encoding:\tchunked\r\n", end), "200"},
		"chunked after a vertical tab":     {post("Transfer-Encoding: \vchunked\r\n", end), "501 400"},
		"chunked folded":                   {post("Transfer-Encoding:\r\n chunked\r\n", end), "200 400"},
		"a first header that is folded":    {"POST " + path + " HTTP/1.1\r\n Host: localhost\r\n\r\n" + hidden, "400"},
		"a chunk of no number":             {post(chunked, "x\r\n{}\r\n"+end), "400"},
		"a chunk with a sign":              {post(chunked, "+2\r\n{}\r\n"+end), "400"},
		"a chunk that is too large":        {post(chunked, "fffffffffffffffff\r\n{}\r\n"+end), "400"},
		"a chunk longer than its size":     {post(chunked, "1\r\n{}\r\n"+end), "400"},
		"a chunk size that ends with LF":   {post(chunked, "2\n{}\r\n"+end), "400"},
		"a chunk extension with a bare LF": {post(chunked, "2;a\nb\r\n{}\r\n"+end), "400"},
		"a chunk extension with a bare CR": {post(chunked, "2;a\rb\r\n{}\r\n"+end), "400"},
		"a last chunk that ends with LF":   {post(chunked, "2\r\n{}\r\n0\n\n"), "400"},
		"a chunk's end that is a bare LF":  {post(chunked, "2\r\n{}\n0\r\n\r\n"), "400"},
		"chunks in a trailer":              {post(chunked, "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"), "200 400"},
		"chunks of HTTP/1.0":               {old(post("Connection: keep-alive\r\n"+chunked, end)), "200 400"},
		"HTTP/1.0 that stays":              {old(post("Connection: keep-alive\r\nContent-Length: 2\r\n", "{}")), "200"},
		"a NUL in a header":                {post("X: a\x00b\r\nContent-Length: 2\r\n", "{}"), "400"},
		"a bare CR in a header":            {post("X: a\rContent-Length: 9\r\nContent-Length: 2\r\n", "{}"), "400"},
		"two Hosts":                        {get("GET /people HTTP/1.1", "Host: localhost\r\nHost: evil.example\r\n"), "400"},
		"the same Host twice":              {get("GET /people HTTP/1.1", "Host: localhost\r\nHost: localhost\r\n"), "400"},
		"no Host":                          {get("GET /people HTTP/1.1", ""), "400"},
		"no Host in HTTP/1.0":              {get("GET /people HTTP/1.0", "Connection: keep-alive\r\n"), "421"},
		"an empty Host":                    {get("GET /people HTTP/1.1", "Host:\r\n"), "421"},
		"a Host with a path":               {get("GET /people HTTP/1.1", "Host: localhost/x\r\n"), "400 421"},
		"another Host":                     {get("GET /people HTTP/1.1", "Host: evil.example\r\n"), "421"},
		"a target with our host":           {get("GET http://localhost/people HTTP/1.1", "Host: localhost\r\n"), "400"},
		"a target with another host":       {get("GET http://evil.example/ HTTP/1.1", "Host: localhost\r\n"), "400 421"},
		"a callback for another host":      {get("POST https://localhost"+path+" HTTP/1.1", "Host: localhost\r\n"), "400"},
		"CONNECT":                          {get("CONNECT localhost:443 HTTP/1.1", "Host: localhost\r\n"), "405"},
		"CONNECT of another host":          {get("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443\r\n"), "405 421"},
		"TRACE":                            {get("TRACE / HTTP/1.1", "Host: localhost\r\n"), "405"},
		"OPTIONS of everything":            {get("OPTIONS * HTTP/1.1", "Host: localhost\r\n"), "400"},
		"a method that is none":            {get("G(T / HTTP/1.1", "Host: localhost\r\n"), "400"},
		"a target that is none":            {get("GET people HTTP/1.1", "Host: localhost\r\n"), "400"},
		"a target with a space":            {get("GET /people x HTTP/1.1", "Host: localhost\r\n"), "400"},
		"the preface of HTTP/2":            {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden, "400 505 421"},
		"HTTP/3":                           {get("GET / HTTP/3.0", "Host: localhost\r\n"), "505"},
		"TLS where there is none":          {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + hidden, "400"},
		"headers of over 64 KiB":           {get("GET / HTTP/1.1", "X: "+strings.Repeat("a", 80<<10)+"\r\n"), "431"},
		"a target of over 64 KiB":          {get("GET /"+strings.Repeat("a", 80<<10)+" HTTP/1.1", "Host: localhost\r\n"), "431"},
	} {
		answer := exchange(t, l, c.text)
		if got := statuses(answer); len(got) != 1 || !strings.Contains(c.want, got[0]) {
			t.Errorf("%s: answered %v, want %s\n%.300s", name, got, c.want, answer)
		}
	}
	if list, err := s.Inbox.After(t.Context(), 0, 1000, 1<<30); err != nil || len(list) == 0 {
		t.Errorf("%d deliveries, %v", len(list), err)
	} else {
		for _, d := range list {
			if d.Path != "dailies" {
				t.Errorf("a request inside another was kept: %s", d.Path)
			}
		}
	}
}
