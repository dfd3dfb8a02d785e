package notify

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestAPingLearnsHowFarTheClockIsOff(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour} {
		for _, status := range []int{200, 404} {
			address, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(-off).UTC().Format(http.TimeFormat))
				w.WriteHeader(status)
			})
			ahead, known, err := Ping(t.Context(), address)
			if !known || (err == nil) != (status == 200) || (ahead-off).Abs() > 30*time.Second {
				t.Errorf("%v, %d: ahead %v, known %t, %v", off, status, ahead, known, err)
			}
		}
	}
}

func TestAPingWithoutATimelyDateLearnsNothing(t *testing.T) {
	t.Parallel()
	for header, value := range map[string]string{"Date": "yesterday", "Age": "86400"} {
		address, _ := asked(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(header, value) })
		if ahead, known, err := Ping(t.Context(), address); known || ahead != 0 || err != nil {
			t.Errorf("%s: ahead %v, known %t, %v", header, ahead, known, err)
		}
	}
	if _, known, err := Ping(t.Context(), "http://127.0.0.1:1"); known || err == nil {
		t.Errorf("no server there: %t, %v", known, err)
	}
}

func TestAProbeDistinguishesUsFromAnotherServer(t *testing.T) {
	t.Parallel()
	ours, requests := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w,
			"ok\n")
	}) //nolint:errcheck // a test
	if err := Probe(t.Context(), ours+"/"); err != nil || (*requests)[0].URL.Path != "/healthz" {
		t.Errorf("ours: %v", err)
	}
	for _, other := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Buy this domain") }, //nolint:errcheck // a test
		func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, ours, http.StatusFound) },
		func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			io.WriteString(w, "ok")
		}, //nolint:errcheck // a test
		func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "ok", http.StatusServiceUnavailable) },
	} {
		address, _ := asked(t, other)
		if err := Probe(t.Context(), address); err == nil {
			t.Error("another server passes for ours")
		}
	}
	if err := Probe(t.Context(), "http://garner.example.org"); err == nil {
		t.Error("plain http to another host passes")
	}
}

func TestAProbeTakesAnAnswerWithoutAReason(t *testing.T) {
	t.Parallel()
	l, port := listen(t)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 4096)); err == nil {
			io.WriteString(conn, "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nok\n") //nolint:errcheck // a test
		}
	}()
	if err := Probe(t.Context(), fmt.Sprintf("http://127.0.0.1:%d", port)); err != nil {
		t.Error(err)
	}
}
