package notify

import (
	"io"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

const (
	// mostTalk ends a server that is never cut off, so that a failing test does not
	// take the machine's memory.
	mostTalk = 512 << 20
	// mostGrowth is what the memory may grow by while one talks.
	mostGrowth = 64 << 20
)

// endless is a server that says opening, and then again without end. It waits
// for a line first if hears is set.
func endless(t *testing.T, hears bool, opening, again string) (port int) {
	t.Helper()
	l, port := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go babble(conn, hears, opening, again)
		}
	}()
	return port
}

func babble(conn net.Conn, hears bool, opening, again string) {
	defer conn.Close()
	if hears {
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			return
		}
	}
	if _, err := io.WriteString(conn, opening); err != nil {
		return
	}
	piece := strings.Repeat(again, 1+(64<<10)/len(again))
	for sent := 0; sent < mostTalk; sent += len(piece) {
		if _, err := io.WriteString(conn, piece); err != nil {
			return
		}
	}
}

// grown runs do and says by how much the process's memory grew.
func grown(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.Sys - before.Sys
}

// The tests of this file do not run beside others, whose memory they would
// count.

func TestAMailServerThatTalksWithoutEndIsCutOff(t *testing.T) {
	for name, talk := range map[string][2]string{
		"a banner of one line":       {"220 ", "x"},
		"a banner of many lines":     {"", "220-still here\r\n"},
		"a reply of one line":        {"220 localhost\r\n250-", "x"},
		"a reply of many lines":      {"220 localhost\r\n", "250-STILL\r\n"},
		"a line without its end":     {"", "x"},
		"the mail taken, and more":   {"220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go\r\n250-", "x"},
		"the mail taken, many lines": {"220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go\r\n", "250-mine\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			port := endless(t, false, talk[0], talk[1])
			m := Mail{Host: "127.0.0.1", Port: port, From: "a@example.org", To: "b@example.org"}
			var err error
			size := grown(func() { _, err = m.Send(t.Context(), notice()) })
			if err == nil || !strings.Contains(err.Error(), "more than 1 MiB") {
				t.Errorf("%v", err)
			}
			if after := strings.HasPrefix(name, "the mail taken"); Uncertain(err) != after {
				t.Errorf("uncertain %t: %v", !after, err)
			}
			if size > mostGrowth {
				t.Errorf("the memory grew by %d MiB", size>>20)
			}
		})
	}
}

// endlessURL is the address of a web server that waits for a request and then
// talks without end.
func endlessURL(t *testing.T, opening, again string) string {
	t.Helper()
	return "http://127.0.0.1:" + strconv.Itoa(endless(t, true, opening, again))
}

// everyRequest sends one of each kind, sees to the memory, and returns the
// errors.
func everyRequest(t *testing.T, url string) map[string]error {
	t.Helper()
	errs := map[string]error{}
	size := grown(func() {
		_, errs["ntfy"] = Ntfy{URL: url}.Send(t.Context(), notice())
		_, errs["webhook"] = Webhook{URL: url, Secret: secret}.Send(t.Context(), notice())
		_, _, errs["ping"] = Ping(t.Context(), url)
		errs["probe"] = Probe(t.Context(), url)
	})
	if size > mostGrowth {
		t.Errorf("the memory grew by %d MiB", size>>20)
	}
	return errs
}

func TestAWebServerWhoseHeaderHasNoEndGivesNoAnswer(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, talk := range map[string][2]string{
		"a status line":          {"HTTP/1.1 200 ", "x"},
		"a header":               {ok + "X-Long: ", "x"},
		"headers":                {ok, "X-More: x\r\n"},
		"hints before an answer": {"", "HTTP/1.1 103 Early Hints\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			for channel, err := range everyRequest(t, endlessURL(t, talk[0], talk[1])) {
				if err == nil {
					t.Errorf("%s took that for an answer", channel)
				}
			}
		})
	}
}

func TestOfABodyWithoutEndOnlyTheBeginningIsRead(t *testing.T) {
	for name, talk := range map[string][2]string{
		"without a length": {"\r\n", "x"},
		"with a length":    {"Content-Length: 99999999999\r\n\r\n", "x"},
		"in chunks":        {"Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"},
	} {
		for status, refused := range map[string]bool{"200 OK": false, "500 No": true} {
			t.Run(status+" "+name, func(t *testing.T) {
				errs := everyRequest(t, endlessURL(t, "HTTP/1.1 "+status+"\r\n"+talk[0], talk[1]))
				for channel, err := range errs {
					// A probe wants to hear the right words.
					if (err != nil) != (refused || channel == "probe") {
						t.Errorf("%s: %v", channel, err)
					}
				}
			})
		}
	}
}
