package auth

import (
	"container/list"
	"crypto/sha256"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"garner/db"
	"garner/server/peer"
)

// maxBuckets is how many buckets are kept: beyond that, the one that was not
// used for longest is forgotten.
const maxBuckets = 1 << 14

// bucket limits attempts: burst at once, and one more for each every.
type bucket struct {
	key   string
	burst int
	every time.Duration
}

// ofBlock is the bucket of all attempts from one network, for any account.
func ofBlock(addr netip.Addr) bucket {
	return bucket{"block " + peer.Block(addr).String(), 15, 12 * time.Second}
}

// ofNameAndBlock is the bucket of attempts at one account, known or not, from
// one network.
func ofNameAndBlock(name string, addr netip.Addr) bucket {
	sum := sha256.Sum256([]byte(db.FoldName(name)))
	return bucket{"name " + string(sum[:]) + peer.Block(addr).String(), 10, 30 * time.Second}
}

// ofDevice is the bucket of a browser that signed in before, by the hash of its
// cookie.
func ofDevice(hash []byte) bucket { return bucket{"device " + string(hash), 10, 30 * time.Second} }

// ofInvitation is the bucket of the runs of an invitation, by the hash of its token.
func ofInvitation(hash []byte) bucket {
	return bucket{"invitation " + string(hash), 20, 30 * time.Second}
}

// ofAccount is the bucket of the sessions of an account.
func ofAccount(id string) bucket { return bucket{"account " + id, 10, 30 * time.Second} }

// ofUnknownTokens is the bucket of tokens of the API from one network that do not work.
// It is not that of passwords: a program with an old token must not keep people out.
func ofUnknownTokens(addr netip.Addr) bucket {
	return bucket{"unknown tokens " + peer.Block(addr).String(), 15, 12 * time.Second}
}

// ofRequests is the bucket of the requests with a token of the API. A mirror or a
// dashboard asks a few times a second at most, in bursts of a request for each type;
// a program in a loop must not slow down the pages.
func ofRequests(token int64) bucket {
	return bucket{"requests " + strconv.FormatInt(token, 10), 100, time.Second / 20}
}

// ofUses is the bucket of noting that a token of the API was used.
func ofUses(token int64) bucket {
	return bucket{"uses " + strconv.FormatInt(token, 10), 1, time.Minute}
}

// Limiter limits how many secrets can be tried, and how often some are used. It locks
// nothing: time gives attempts back, and no bucket is shared by clients that are far
// apart.
type Limiter struct {
	mu     sync.Mutex
	kept   map[string]*list.Element
	recent *list.List // of *keptBucket, the last used first
}

type keptBucket struct {
	key string
	*rate.Limiter
}

// NewLimiter makes a Limiter.
func NewLimiter() *Limiter { return &Limiter{kept: map[string]*list.Element{}, recent: list.New()} }

// take takes an attempt from each bucket, or none and returns *TooMany. giveBack
// returns them: the secret was right, or was not checked.
func (l *Limiter) take(now time.Time, from ...bucket) (giveBack func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []*rate.Reservation
	var wait time.Duration
	for _, b := range from {
		r := l.bucket(b).ReserveN(now, 1)
		taken, wait = append(taken, r), max(wait, r.DelayFrom(now))
	}
	// As of the moment of taking, since a reservation whose time has come is not
	// returned.
	cancel := func() {
		for _, r := range taken {
			r.CancelAt(now)
		}
	}
	if wait > 0 {
		cancel()
		return nil, &TooMany{wait}
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		cancel()
	}, nil
}

func (l *Limiter) bucket(b bucket) *keptBucket {
	if e, ok := l.kept[b.key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*keptBucket)
	}
	if oldest := l.recent.Back(); len(l.kept) >= maxBuckets {
		delete(l.kept, oldest.Value.(*keptBucket).key)
		l.recent.Remove(oldest)
	}
	k := &keptBucket{b.key, rate.NewLimiter(rate.Every(b.every), b.burst)}
	l.kept[b.key] = l.recent.PushFront(k)
	return k
}
