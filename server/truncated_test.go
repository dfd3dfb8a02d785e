package server_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"garner/db"
	"garner/server/servertest"
)

// raw sends a callback's headers and body as they stand and returns the answer.
// If cut is set, it closes the sending side after them.
func raw(s *servertest.Site, rest string, cut bool) string {
	s.T.Helper()
	conn, err := net.Dial("tcp", s.HTTP.Listener.Addr().String())
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close()
	const head = "POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	if _, err := fmt.Fprintf(conn, head+"%s", servertest.Secret, rest); err != nil {
		s.T.Fatal(err)
	}
	if cut {
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			s.T.Fatal(err)
		}
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		s.T.Fatal(err)
	}
	return string(answer)
}

func TestABodyThatIsCutOffIsRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	const chunked, big = "Transfer-Encoding: chunked\r\n\r\n", 3 << 20
	sized := func(length, sent int) string {
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", length, strings.Repeat("x", sent))
	}
	chunk := func(size int) string { return fmt.Sprintf("%x\r\n%s\r\n", size, strings.Repeat("x", size)) }
	for name, rest := range map[string]string{
		"before the first chunk":           chunked,
		"inside a chunk's size":            chunked + "1",
		"after a chunk's size":             chunked + "5\r\n",
		"inside a chunk":                   chunked + "5\r\nhel",
		"after a chunk's bytes":            chunked + "5\r\nhello",
		"after a chunk":                    chunked + chunk(5),
		"inside the second chunk":          chunked + chunk(5) + "5\r\nhel",
		"inside the last chunk's size":     chunked + chunk(5) + "0",
		"before the trailer's end":         chunked + chunk(5) + "0\r\n",
		"inside a big chunk":               chunked + fmt.Sprintf("%x\r\n", big) + strings.Repeat("x", big-1),
		"after a big chunk":                chunked + chunk(big),
		"after big chunks":                 chunked + strings.Repeat(chunk(64<<10), 20),
		"at the end of a piece":            chunked + chunk(db.ChunkSize),
		"just after the end of a piece":    chunked + chunk(db.ChunkSize+1),
		"before a body with a length":      "Content-Length: 5\r\n\r\n",
		"inside a body with a length":      "Content-Length: 5\r\n\r\nhell",
		"inside a big body with a length":  sized(big, big-1),
		"a piece into a body with length":  sized(big, db.ChunkSize),
		"a byte more than the first piece": sized(big, db.ChunkSize+1),
	} {
		if answer := raw(s, rest, true); !strings.HasPrefix(answer, "HTTP/1.1 400 ") {
			t.Errorf("%s: %.40q, want 400", name, answer)
		}
	}
	if got := s.Kept(); len(got) > 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestAWholeBodyOfAnySizeIsKeptWithALengthAndInChunks(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for _, size := range []int{1, 5, db.ChunkSize - 1, db.ChunkSize, db.ChunkSize + 1, 3 << 20} {
		body := strings.Repeat("x", size)
		for _, rest := range []string{
			fmt.Sprintf("Content-Length: %d\r\n\r\n%s", size, body),
			fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", size, body),
		} {
			if answer := raw(s, rest, false); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
				t.Errorf("%d bytes: %.40q, want 200", size, answer)
			}
			if got := s.Kept(); len(got) == 0 || got[len(got)-1] != body {
				t.Errorf("%d bytes came back changed", size)
			}
		}
	}
}
