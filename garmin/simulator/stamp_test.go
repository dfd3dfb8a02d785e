package simulator

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestOnlyAStampedPushSaysWhenItWouldHaveCome(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Values(StampHeader)
	}))
	defer server.Close()
	d := household(1).Final(0, daysBefore(1))[0]
	d.At = d.At.In(time.FixedZone("", 3600))
	for _, stamp := range []bool{true, false} {
		p := Pusher{URL: server.URL, Stamp: stamp, Wait: atOnce}
		if err := p.Push(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if !stamp {
			if len(got) > 0 {
				t.Errorf("stamped %v", got)
			}
			continue
		}
		if len(got) != 1 || got[0] != d.At.UTC().Format(time.RFC3339) {
			t.Errorf("stamped %v, comes at %s", got, d.At)
		}
	}
	if d.Header.Get(StampHeader) != "" {
		t.Error("the delivery itself was changed")
	}
}
