package sampleshop

import (
	"container/list"
	"sync"
)

// cache keeps the answers that were used last.
type cache struct {
	mu    sync.Mutex
	size  int
	order *list.List // of *entry, the last used first
	byKey map[string]*list.Element
}

type entry struct {
	key   string
	value any
}

// newCache gives a cache of a size; one of size 0 keeps nothing.
func newCache(size int) *cache {
	return &cache{size: size, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(key string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).value, true
}

func (c *cache) put(key string, value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		e.Value.(*entry).value = value
		c.order.MoveToFront(e)
		return
	}
	if c.size == 0 {
		return
	}
	if c.order.Len() >= c.size {
		last := c.order.Back()
		delete(c.byKey, c.order.Remove(last).(*entry).key)
	}
	c.byKey[key] = c.order.PushFront(&entry{key: key, value: value})
}
