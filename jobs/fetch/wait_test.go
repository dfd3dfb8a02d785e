package fetch

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"garner/db"
	"garner/jobs/jobstest"
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

func TestWhatIsInHandWhenGarnerEndsIsKept(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	f := &Fetcher{Inbox: b.Inbox, Log: slog.New(slog.DiscardHandler)}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, size := range []int{1, db.ChunkSize + 1} {
		if id, err := f.put(ended, parcel{parts: [][]byte{make([]byte, size)}}); err != nil || id == 0 {
			t.Errorf("%d bytes: %d, %v", size, id, err)
		}
	}
}
