package bench

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"garner/e2e/box"
)

// target is a server under load, a process of its own.
type target struct {
	addr string
	pid  int
	tls  *tls.Config // nil for plain HTTP
}

func targetOf(b *box.Box) target { return target{addr: b.Addr, pid: b.Cmd.Process.Pid} }

func (s target) dial() (net.Conn, error) {
	if s.tls != nil {
		return tls.Dial("tcp", s.addr, s.tls)
	}
	return net.Dial("tcp", s.addr)
}

// hold stops the process, so that work which it has put off is not done at the
// cost of the server measured next, but in its own next turn.
func (s target) hold(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

func (s target) release(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s target) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(s.pid, sig); err != nil {
		t.Fatal(err)
	}
}

// offer is a load: what is sent, over how many connections and for how long.
type offer struct {
	requests  []request
	turn      int // a number for each load, so that no body comes twice
	conns     int
	length    time.Duration
	perSecond int // 0: as fast as answers come
}

// result is what came of a load.
type result struct {
	rate              float64 // answered 200 a second
	p50, p99          time.Duration
	generator, server float64 // µs of CPU for each answer
}

// load sends prepared requests over connections that stay open, with as little
// work of its own as can be.
func load(t testing.TB, to target, o offer) result {
	t.Helper()
	self := target{pid: os.Getpid()}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	ours, theirs := self.cpu(t), to.cpu(t)
	began := time.Now()
	for c := range o.conns {
		wg.Go(func() {
			conn, err := to.dial()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			mine := o.one(t, conn, began, c)
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	seconds := time.Since(began).Seconds()
	ours, theirs = self.cpu(t)-ours, to.cpu(t)-theirs
	n := float64(len(took))
	if n == 0 {
		t.Fatal("nothing was answered")
	}
	slices.Sort(took)
	return result{
		rate: n / seconds, p50: took[len(took)/2], p99: p99(took),
		generator: float64(ours.Microseconds()) / n, server: float64(theirs.Microseconds()) / n,
	}
}

// one is the c-th connection's share of a load.
func (o offer) one(t testing.TB, conn net.Conn, began time.Time, c int) (took []time.Duration) {
	r := bufio.NewReaderSize(conn, 4096)
	end := began.Add(o.length)
	for i := 0; time.Now().Before(end); i++ {
		from := time.Now()
		if o.perSecond > 0 { // offered at a pace, whether answered in time or not
			from = began.Add(time.Duration(i*o.conns+c) * time.Second / time.Duration(o.perSecond))
			if from.After(end) {
				return took
			}
			if wait := time.Until(from); wait > 0 {
				<-time.After(wait)
			}
		}
		if _, err := conn.Write(o.next(c, i)); err != nil {
			t.Error(err)
			return took
		}
		ok, err := answered(r)
		if err != nil || !ok {
			t.Errorf("not answered 200: %v", err)
			return took
		}
		took = append(took, time.Since(from))
	}
	return took
}

// next is what connection c sends as its i-th request. Every connection has
// requests of its own, so that they may be changed in place.
func (o offer) next(c, i int) []byte {
	each := len(o.requests) / o.conns
	return o.requests[i%each*o.conns+c].numbered(number(o.turn, i*o.conns+c))
}

// answered reads one answer and its body, if it has one.
func answered(r *bufio.Reader) (ok bool, err error) {
	body := 0
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		if first {
			ok = bytes.Contains(line, []byte(" 200 "))
		}
		if n, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
			if body, err = strconv.Atoi(string(bytes.TrimSpace(n))); err != nil {
				return false, err
			}
		}
		if len(line) <= 2 {
			_, err := r.Discard(body)
			return ok, err
		}
	}
}

// cpu is the time that the process has spent on processors, in user and in
// system mode. The kernel counts it for others in hundredths of a second.
func (s target) cpu(t testing.TB) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		t.Fatal(err)
	}
	// The name in parentheses may hold anything; utime and stime are the 12th
	// and the 13th field after it.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

func p99(took []time.Duration) time.Duration { return percentile(took, 99) }

// percentile sorts took.
func percentile(took []time.Duration, p int) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)*p/100]
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
