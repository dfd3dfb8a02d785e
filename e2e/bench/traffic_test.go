package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"testing"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// The bodies of the row with small ones: a dailies of this size at most, and
// no smaller than the other.
const smallBody, smallestBody = 2600, 2400

// request is a whole HTTP request, made before the clock starts.
type request struct {
	bytes []byte
	at    int // where its number stands
}

// number is one that no other request of any turn has. It has eight digits.
func number(turn, k int) int { return turn*numbersOfTurn + k }

const numbersOfTurn = 1_000_000

// numbered puts a number into the first summaryId, so that a body which is sent
// again is another one. Nothing is copied for it.
func (q request) numbered(n int) []byte {
	for i := numberDigits - 1; i >= 0; i-- {
		q.bytes[q.at+i] = byte('0' + n%10)
		n /= 10
	}
	return q.bytes
}

const numberDigits = 8

// numberPlace finds the first summaryId's start, which stands there in hex, or
// the end of the activity's number. Decimal digits will do for both.
var numberPlace = regexp.MustCompile(`"summaryId":"[^"]*?([0-9a-f]{8})[-"]`)

// requestsOf makes requests of deliveries, in their order.
func requestsOf(t testing.TB, list []simulator.Delivery) []request {
	t.Helper()
	out := make([]request, 0, len(list))
	for _, d := range list {
		out = append(out, requestOf(t, "/garmin/"+box.Secret+"/"+d.Type, d.Header, d.Body))
	}
	return out
}

// requestOf makes a request that posts a body with a summaryId.
func requestOf(t testing.TB, path string, header http.Header, body []byte) request {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n", path, len(body))
	if err := header.Write(&b); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\r\n")
	place := numberPlace.FindSubmatchIndex(body)
	if place == nil {
		t.Fatalf("a body for %s has no place for a number: %.200s", path, body)
	}
	at := b.Len() + place[2]
	b.Write(body)
	return request{b.Bytes(), at}
}

// smallDailies makes of the dailies that tell of one day bodies of one small
// size, by leaving heart rates out: a day of which the watch knows little yet.
func smallDailies(list []simulator.Delivery) (out []simulator.Delivery) {
	for _, d := range list {
		if d.Type != "dailies" || bytes.Count(d.Body, []byte(`"summaryId"`)) != 1 {
			continue
		}
		d.Body = withoutHeartRates(d.Body, len(d.Body)-smallBody)
		if len(d.Body) >= smallestBody && len(d.Body) <= smallBody {
			out = append(out, d)
		}
	}
	return out
}

// withoutHeartRates leaves out samples that take at least excess bytes
// together, from the first on.
func withoutHeartRates(body []byte, excess int) []byte {
	const key = `"timeOffsetHeartRateSamples":{`
	from := bytes.Index(body, []byte(key))
	if from < 0 || excess <= 0 {
		return body
	}
	from += len(key)
	end := from + bytes.IndexByte(body[from:], '}')
	if from+excess > end {
		return body
	}
	rest := bytes.IndexByte(body[from+excess:end], ',')
	if rest < 0 {
		return body
	}
	return append(bytes.Clone(body[:from]), body[from+excess+rest+1:]...)
}

func meanSize(list []simulator.Delivery) (n int) {
	for _, d := range list {
		n += len(d.Body)
	}
	return n / len(list)
}

func TestNoBodyOfALoadComesTwice(t *testing.T) {
	_, list := box.Household(1, 2)
	for kind, list := range map[string][]simulator.Delivery{"all": list, "small": smallDailies(list)} {
		seen := map[string]bool{}
		requests := requestsOf(t, list)
		const conns = 4
		for turn := range 2 {
			o := offer{requests: requests, turn: turn, conns: conns}
			for i := range 3 * len(requests) / conns {
				for c := range conns {
					got := string(o.next(c, i))
					if seen[got] {
						t.Fatalf("%s: connection %d sends its request %d of turn %d a second time", kind, c, i, turn)
					}
					seen[got] = true
				}
			}
		}
	}
}

func TestARequestOfALoadIsWholeAndItsPathNamesItsType(t *testing.T) {
	_, list := box.Household(3, 2)
	for _, q := range requestsOf(t, append(smallDailies(list), list...)) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(q.numbered(12345678))))
		if err != nil {
			t.Fatal(err)
		}
		var body map[string][]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		if typ := path.Base(r.URL.Path); len(body) != 1 || len(body[typ]) == 0 {
			t.Errorf("the path names %s; the body holds %d types, and not that", typ, len(body))
		}
	}
}
