package text

import (
	"testing"

	"garner/health"
)

func TestEachCauseOfAConnectionHasWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for c := health.CauseNone; c <= health.CauseErased; c++ {
		words := ConnectionCause(c)
		if seen[words] || (words == "") != (c == health.CauseNone) {
			t.Errorf("cause %d is %q", c, words)
		}
		seen[words] = true
	}
	if words := ConnectionCause(health.CauseErased + 1); words != "" {
		t.Errorf("a cause that is not known is %q", words)
	}
}
