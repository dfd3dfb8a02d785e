package personal_test

import (
	"fmt"
	"net/http"
	"testing"
)

func TestAWebPageIsNoAnswer(t *testing.T) {
	t.Parallel()
	for kind, body := range map[string]string{"text/html; charset=utf-8": "We are down", "application/json": " <!DOCTYPE html>"} {
		c := connect(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, body)
		})
		if reply, err := c.Get(t.Context(), bearer, request(t, "sleep")); err == nil {
			t.Errorf("%s: %d, %q", kind, reply.Status, reply.Body)
		}
	}
}
