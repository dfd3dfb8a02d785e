package simulator

import "sync"

type cacheKey struct {
	person int
	date   civil
}

// cache keeps the values made last. Making one twice is harmless, so nothing
// waits while a value is made.
type cache[V any] struct {
	mu     sync.Mutex
	values map[cacheKey]V
	ring   []cacheKey
	next   int
}

func newCache[V any](size int) *cache[V] {
	return &cache[V]{values: make(map[cacheKey]V, size), ring: make([]cacheKey, 0, size)}
}

func (c *cache[V]) get(k cacheKey, create func() V) V {
	c.mu.Lock()
	v, ok := c.values[k]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = create()
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.values[k]; ok {
		return v
	}
	if len(c.ring) < cap(c.ring) {
		c.ring = append(c.ring, k)
	} else {
		delete(c.values, c.ring[c.next])
		c.ring[c.next] = k
		c.next = (c.next + 1) % len(c.ring)
	}
	c.values[k] = v
	return v
}
