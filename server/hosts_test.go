package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"garner/server"
	"garner/server/servertest"
)

func TestAHostIsKnownHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for host, want := range map[string]int{
		"LOCALHOST": 200, "LocalHost:80": 200, "127.0.0.1": 200, "127.8.9.1:1": 200, "::1": 200, "[::1]": 200,
		"[::1]:65535": 200, "[0:0:0:0:0:0:0:1]:80": 200, "[::ffff:127.0.0.1]:80": 200,
		"Garner.Example.ORG:8443": 403,
		"localhost.evil.example":  421, "evil.example:80": 421, "127.0.0.1.evil.example": 421, "[::2]": 421,
		"[fe80::1]:80": 200, "0.0.0.0": 421, "[::]:80": 421, "garner.example.org.evil.example": 421,
		"xgarner.example.org": 421, "localhost:80:80": 421, "user@localhost": 421, "localhost/": 421, ".": 421,
		"8.8.8.8": 421, "100.64.0.1": 421, "": 421,
		"192.168.1.2": 200, "10.0.0.1:80": 200, "garner": 200, "garner.local:8080": 200, "GARNER.home.arpa": 200,
	} {
		w := s.Ask(http.MethodGet, "/people", func(r *http.Request) { r.Host = host })
		if w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
		if want == 421 && w.Header().Get("Connection") != "close" {
			t.Errorf("%q: the connection of an unknown name stays open", host)
		}
	}
}

func TestAnEventStreamEndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Serve(ctx, server.Listeners{Plain: l}) }()
	resp, err := s.Client().Get("http://" + l.Addr().String() + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	lines := bufio.NewReader(resp.Body)
	if hello, err := lines.ReadString('\n'); err != nil || hello != ": hello\n" {
		t.Fatalf("%q, %v", hello, err)
	}
	s.Server.Changed()
	for _, want := range []string{"\n", "id: 1\n", "event: change\n"} {
		if got, err := lines.ReadString('\n'); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	stop()
	for err == nil {
		_, err = lines.ReadString('\n')
	}
	if err != io.EOF {
		t.Errorf("the stream was cut: %v", err)
	}
	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Serve: %v", err)
	}
}

func TestMetricsNameNoOneAndGrowWithNoOne(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for i := range 3 {
		s.Add(fmt.Sprint("Person", i), fmt.Sprint("userid-", i))
		body := strings.ReplaceAll(servertest.ADay, `"u1"`, fmt.Sprintf(`"userid-%d"`, i))
		if status := s.Post("/garmin/"+servertest.Secret+"/made-up-type-"+fmt.Sprint(i),
			strings.NewReader(body)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	s.Run()
	few := s.Page("/metrics")
	for _, word := range []string{"person0", "userid-", "made-up-type", servertest.Secret} {
		if strings.Contains(strings.ToLower(few), word) {
			t.Errorf("%q is in the metrics", word)
		}
	}
	for i := 3; i < 12; i++ {
		s.Add(fmt.Sprint("Person", i), fmt.Sprint("userid-", i))
		body := strings.ReplaceAll(servertest.ADay, `"u1"`, fmt.Sprintf(`"userid-%d"`, i))
		if status := s.Post("/garmin/"+servertest.Secret+"/another-type-"+fmt.Sprint(i),
			strings.NewReader(body)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	s.Run()
	if a, b := series(few), series(s.Page("/metrics")); a != b {
		t.Errorf("%d series of three people, %d of twelve", a, b)
	}
}

// series counts the series of garner's own that a page of metrics has.
func series(page string) (n int) {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "garner_") {
			n++
		}
	}
	return n
}
