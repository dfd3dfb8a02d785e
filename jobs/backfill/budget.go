package backfill

import "time"

// budget keeps how much was spent in the last minute, by uptime.
type budget struct {
	limit int64
	spent []spending // oldest first
}

type spending struct {
	at time.Duration
	n  int64
}

func (b *budget) spend(at time.Duration, n int64) { b.spent = append(b.spent, spending{at, n}) }

// wait is how long n units must wait, so that no minute has more than the limit. More
// than the limit at once waits for an empty minute.
func (b *budget) wait(up time.Duration, n int64) time.Duration {
	for len(b.spent) > 0 && up-b.spent[0].at > time.Minute {
		b.spent = b.spent[1:]
	}
	free := b.limit
	for _, s := range b.spent {
		free -= s.n
	}
	for _, s := range b.spent {
		if free >= n {
			return 0
		}
		free += s.n
		if free >= n || s == b.spent[len(b.spent)-1] {
			return s.at + time.Minute + time.Millisecond - up
		}
	}
	return 0
}
