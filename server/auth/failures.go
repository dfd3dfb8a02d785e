package auth

import (
	"sync"
	"time"
)

// failuresEvery is how often failed sign-ins of an account are written down at
// most: a flood of them must not fill the audit log.
const failuresEvery = 10 * time.Minute

// failures counts failed sign-ins by account; 0 stands for unknown names.
type failures struct {
	mu sync.Mutex
	of map[int64]*failureCount
}

type failureCount struct {
	n       int
	written time.Time
}

func newFailures() *failures { return &failures{of: map[int64]*failureCount{}} }

// count counts one, and returns how many are to be written down now.
func (f *failures) count(now time.Time, account int64) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.of[account]
	if c == nil {
		c = &failureCount{}
		f.of[account] = c
	}
	c.n++
	if now.Sub(c.written).Abs() < failuresEvery {
		return 0
	}
	n, c.n, c.written = c.n, 0, now
	return n
}

// flush returns how many are still to be written down.
func (f *failures) flush(account int64) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.of[account]; c != nil {
		n, c.n = c.n, 0
	}
	return n
}
