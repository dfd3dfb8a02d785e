package main

import (
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// stall begins to send bodies of 2 MB and goes on with none of them.
func stall(t *testing.T, addr string, n int) {
	t.Helper()
	part := make([]byte, 1_900_000)
	for i := range part {
		part[i] = byte(i * i >> 3) // compresses badly
	}
	for range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if err := conn.SetWriteDeadline(time.Now().Add(2 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n", testSecret)
		conn.Write(part) //nolint:errcheck // whoever is refused may be cut off
	}
}

func TestManySendersThatStallTakeLittleMemoryAndKeepNobodyOut(t *testing.T) {
	b := start(t, t.TempDir(), how{env: []string{"GARNER_LIMITS_READ_WITHIN=60s"}})
	stall(t, b.addr, 300)
	client := newClient()
	for i := range 50 {
		if status, err := post(client, b.addr, "dailies", fmt.Appendf(nil, `{"dailies":[],"n":%d}`, i)); status != http.StatusOK || err != nil {
			t.Fatalf("while others stall: %d, %v", status, err)
		}
	}
	if peak := peakMemory(t, b.cmd.Process.Pid); peak > mostMemory {
		t.Errorf("peak memory %d MiB", peak>>20)
	} else {
		t.Logf("peak memory %d MiB", peak>>20)
	}
}
