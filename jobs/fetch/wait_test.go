package fetch

import (
	"testing"
	"time"
)

func TestAFileIsTriedSeveralTimesHoweverLongGarminAsksToWait(t *testing.T) {
	t.Parallel()
	left, tries := 24*time.Hour, 0
	for ; left > 0; tries++ {
		left -= wait(24*time.Hour, left)
	}
	if tries < 5 || tries > 20 || left != 0 {
		t.Errorf("%d tries, %s left", tries, left)
	}
	if got := wait(time.Hour, 24*time.Hour); got != time.Hour {
		t.Errorf("waits %s instead of an hour", got)
	}
}
