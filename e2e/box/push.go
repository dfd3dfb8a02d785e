package box

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"garner/garmin/simulator"
)

// Post sends a callback and returns the status, or the error of a line that
// broke.
func Post(client *http.Client, addr, typ string, body []byte) (int, error) {
	resp, err := client.Post("http://"+addr+"/garmin/"+Secret+"/"+typ, "application/json;charset=UTF-8",
		bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, errors.Join(err, resp.Body.Close())
}

// NewClient makes a client that keeps its connections and uses no proxy.
func NewClient() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, Proxy: nil}}
}

// Acked sends deliveries one by one and returns those that were answered 200,
// and how often each other status came (0: no answer).
func Acked(addr string, list []simulator.Delivery) (ok []simulator.Delivery, other map[int]int) {
	client := NewClient()
	defer client.CloseIdleConnections()
	other = map[int]int{}
	for _, d := range list {
		status, err := Post(client, addr, d.Type, d.Body)
		if err == nil && status == http.StatusOK {
			ok = append(ok, d)
			continue
		}
		other[status]++
	}
	return ok, other
}

// Push sends deliveries one by one; all must be answered 200.
func (b *Box) Push(list []simulator.Delivery) {
	b.T.Helper()
	if _, other := Acked(b.Addr, list); len(other) > 0 {
		b.T.Fatalf("not all were answered 200: %v\n%s", other, b.Log)
	}
}
