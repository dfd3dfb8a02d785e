package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// Paths of Garmin's API.
const (
	restPath     = "/wellness-api/rest/"
	filePath     = restPath + "activityFile"
	backfillPath = restPath + "backfill/"
)

// endings are the calls that may end a box.
var endings = []string{"token", "file", "backfill", "pull"}

// callOf is which of the endings a request is, empty for none.
func callOf(r *http.Request) string {
	switch path := r.URL.Path; {
	case path == service.TokenPath:
		return "token"
	case path == filePath:
		return "file"
	case strings.HasPrefix(path, backfillPath):
		return "backfill"
	case strings.HasPrefix(path, restPath+"user/"), !strings.HasPrefix(path, restPath):
		return ""
	}
	return "pull"
}

// most is how often the same window or file may be hit: Garner gives up a window after
// three lost answers.
const most = 2

// ender ends a box when Garmin gets a request, before or after Garmin carries it out.
type ender struct {
	mu   sync.Mutex
	rng  *rand.Rand
	box  *box.Box
	end  func(*box.Box) // kills, or cuts the power; it returns when the box is gone
	call string         // the one that ends it, empty for none
	left int            // requests of that call until then

	gone       bool           // the box, by a request
	connecting bool           // a connection begins
	since      time.Time      // the box or its connection began
	tokens     int            // calls for tokens since then
	asked      map[string]int // calls by address
	hit        map[string]int // how often a box ended when the answer was not stored for sure
	last       map[string]string
	atRisk     map[int64]int   // hits by activity
	stored     []int64         // activities whose file was stored before the next was asked for
	tried      map[string]bool // access tokens of calls
	unused     bool            // the last tokens: whether Garner has got and stored them is not known
	lost       int             // ends with tokens that were not used yet
	ends       map[string]int
}

func newEnder(rng *rand.Rand) *ender {
	return &ender{rng: rng, end: func(b *box.Box) {
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
	}, asked: map[string]int{}, hit: map[string]int{}, last: map[string]string{}, atRisk: map[int64]int{}, ends: map[string]int{},
		tried: map[string]bool{}}
}

// start starts a box, in which the n-th request of a call is the end, none if the call
// is empty. Its requests wait until it has started.
func (e *ender) start(start func() *box.Box, call string, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.box = start()
	e.gone, e.call, e.left = false, call, n
	e.tokens, e.since = 0, time.Now()
}

// connects runs what begins a connection, which has tokens of its own. Files that are
// asked for in the meantime are refused to the former one.
func (e *ender) connects(begin func()) {
	set := func(connecting bool) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.connecting, e.tokens, e.since = connecting, 0, time.Now()
		delete(e.last, "file")
	}
	set(true)
	begin()
	set(false)
}

// arm makes the n-th request of a call from now on the end of the box.
func (e *ender) arm(call string, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.call, e.left = call, n
}

// armed is the call that is to end the box.
func (e *ender) armed() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.call
}

// ended reports whether a call has ended the box.
func (e *ender) ended() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gone
}

// booted says that what the box left may be read.
func (e *ender) booted() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.gone = false
}

// whileAlive does something before the next call can end the box, unless one has.
func (e *ender) whileAlive(do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.gone {
		do()
	}
}

// pause lets the box live until again is called.
func (e *ender) pause() (again func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	call := e.call
	e.call = ""
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.call = call
	}
}

// fewTokens wants no loop of calls for tokens: at most two at the start, and one each
// quarter of a minute.
func (e *ender) fewTokens(t *testing.T) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if may := 2 + int(time.Since(e.since)/(15*time.Second)); e.tokens > may {
		t.Errorf("%d calls for tokens in one run, at most %d are allowed", e.tokens, may)
	}
}

// pick is for service.Faults.
func (e *ender) pick(r *http.Request) service.Fault {
	call := callOf(r)
	if call == "" {
		return service.NoFault
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	address := r.URL.Path + "?" + r.URL.RawQuery
	e.asked[address]++
	e.sawTokens(r, call)
	if e.gone { // sent before the box ended
		e.strike(call, address)
		return service.Lost
	}
	if before := e.last[call]; call == e.call && (call == "token" || e.hit[address] < most && e.hit[before] < most) {
		e.left--
	}
	if before := e.last[call]; call == "file" && before != "" && e.hit[before] == 0 && !e.connecting {
		e.stored = append(e.stored, activityIn(before))
	}
	if call != e.call || e.left > 0 {
		e.last[call] = address
		return service.NoFault
	}
	e.end(e.box)
	if e.unused {
		e.lost++
	}
	if e.gone, e.call = true, ""; call == "file" {
		delete(e.last, call)
	}
	for call, address := range e.last {
		e.strike(call, address) // its answer may not be stored yet
	}
	e.last = map[string]string{}
	e.strike(call, address)
	fault := service.Lost
	if e.rng.IntN(2) == 0 {
		fault = service.Unavailable // not carried out
	}
	e.ends[call+" "+string(fault)]++
	return fault
}

// sawTokens notes whether the newest tokens have been used: then they must have been
// stored.
func (e *ender) sawTokens(r *http.Request, call string) {
	if call == "token" {
		e.tokens++
		e.unused = true
	} else if bearer := r.Header.Get("Authorization"); !e.tried[bearer] {
		e.tried[bearer], e.unused = true, false
	}
}

// mayReconnect reports whether tokens may have been lost, since the box ended before it
// used them.
func (e *ender) mayReconnect() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lost > 0
}

// strike notes that the answer of a call may be lost.
func (e *ender) strike(call, address string) {
	e.hit[address]++
	if call == "file" {
		e.atRisk[activityIn(address)]++
	}
}

// activityIn is the activity of a file's address.
func activityIn(address string) int64 {
	_, id, _ := strings.Cut(address, "id=")
	id, _, _ = strings.Cut(id, "&")
	n, _ := strconv.ParseInt(id, 10, 64) //nolint:errcheck // the simulator wrote it
	return n
}

// askedOnce wants each window and each file asked for once, and once more for each
// answer that may be lost.
func (e *ender) askedOnce(t *testing.T, connections int) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for address, n := range e.asked {
		may := 1 + e.hit[address]
		if strings.HasPrefix(address, backfillPath) {
			may = connections + e.hit[address]
		}
		if (strings.HasPrefix(address, backfillPath) || strings.HasPrefix(address, filePath)) && n > may {
			path, _, _ := strings.Cut(address, "token=")
			t.Errorf("asked %d times, at most %d are allowed: %s", n, may, path)
		}
	}
}

func (e *ender) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []string
	for _, what := range slices.Sorted(maps.Keys(e.ends)) {
		out = append(out, fmt.Sprintf("%s: %d", what, e.ends[what]))
	}
	return strings.Join(out, ", ")
}

// announced are the activities whose files were announced.
type announced map[int64]bool

// before notes what is announced before it is sent.
func (a announced) before(send func(context.Context, simulator.Delivery) error) func(context.Context,
	simulator.Delivery) error {
	return func(ctx context.Context, d simulator.Delivery) error {
		var body map[string][]struct {
			Activity int64 `json:"activityId"`
		}
		if d.Type == "activityFiles" {
			if err := json.Unmarshal(d.Body, &body); err != nil {
				return err
			}
		}
		err := send(ctx, d)
		for _, e := range body[d.Type] {
			if err == nil {
				a[e.Activity] = true
			}
		}
		return err
	}
}
