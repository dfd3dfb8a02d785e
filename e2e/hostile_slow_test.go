package e2e

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
)

// dial opens a connection to the box and writes the beginning of a request.
func (b victim) dial(request string) net.Conn {
	b.T.Helper()
	conn, err := net.Dial("tcp", b.Addr)
	if err != nil {
		b.T.Fatal(err)
	}
	b.T.Cleanup(func() { conn.Close() })
	if _, err := fmt.Fprint(conn, request); err != nil {
		b.T.Fatal(err)
	}
	return conn
}

func TestCallbacksAreKeptBesideUploadsThatStandStill(t *testing.T) {
	for what, sent := range map[string]int{"nothing of it": 0, "a little": 100, "more than a piece": 300 << 10} {
		t.Run(what, func(t *testing.T) {
			b := newVictim(t)
			for range 300 {
				conn := b.dial(fmt.Sprintf("POST /garmin/%s/sleeps HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n", box.Secret,
					b.Addr, 2<<20))
				conn.Write(make([]byte, sent)) //nolint:errcheck // it may be refused by now
			}
			client := box.NewClient()
			client.Timeout = 5 * time.Second
			defer client.CloseIdleConnections()
			for i := range 50 {
				if status, err := box.Post(client, b.Addr, "dailies", fmt.Appendf(nil, `{"dailies":[],"n":%d}`,
					i)); status != http.StatusOK {
					t.Fatalf("callback %d was answered %d, %v", i, status, err)
				}
			}
			took, err := b.visit("/")
			if err != nil {
				t.Error(err)
			}
			b.wantSoon("Home", took)
			b.wantLittleMemory()
		})
	}
}

func TestDownloadsThatStandStillTakeLittleMemory(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("downloads wait for each other; left out by -short")
	}
	b := newVictim(t)
	b.send("activityDetails", "", box.BigDetails(40<<20))
	b.processed(1, time.Minute)
	request := "GET /p/ada/export/activityDetails?series=heart_rate HTTP/1.1\r\nHost: " + b.Addr + "\r\n\r\n"
	var begun sync.WaitGroup
	for range 60 {
		conn := b.dial(request)
		if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		begun.Go(func() { // each is answered, if only that it is to come again
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Error(err)
			}
			if _, err := conn.Read(make([]byte, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	if status, err := box.Post(box.NewClient(), b.Addr, "dailies", []byte(`{"dailies":[]}`)); status != http.StatusOK {
		t.Errorf("a callback was answered %d, %v", status, err)
	}
	took, err := b.visit("/")
	if err != nil {
		t.Error(err)
	}
	b.wantSoon("Home", took)
	begun.Wait()
	b.wantLittleMemory()
	if strings.Contains(b.Log.String(), "panic") {
		t.Errorf("%s", b.Log)
	}
}
