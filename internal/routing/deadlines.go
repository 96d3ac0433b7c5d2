package routing

import (
	"container/heap"
	"time"
)

// deadlines is the one timer structure: at most one deadline per key.
type deadlines struct {
	order deadlineHeap
	at    map[string]time.Time
}

type deadline struct {
	key string
	at  time.Time
}

// set gives a key a new deadline; zero takes it away.
func (d *deadlines) set(key string, at time.Time) {
	if d.at == nil {
		d.at = map[string]time.Time{}
	}
	if at.IsZero() {
		delete(d.at, key)
		return
	}
	if d.at[key].Equal(at) {
		return
	}
	d.at[key] = at
	heap.Push(&d.order, deadline{key, at})
}

// due takes the keys whose deadline has come.
func (d *deadlines) due(now time.Time) (keys []string) {
	for next := d.next(); !next.IsZero() && !next.After(now); next = d.next() {
		e := heap.Pop(&d.order).(deadline)
		delete(d.at, e.key)
		keys = append(keys, e.key)
	}
	return keys
}

// next is the earliest deadline; zero if there is none. Entries that were
// replaced or taken away are dropped when they come up.
func (d *deadlines) next() time.Time {
	for len(d.order) > 0 {
		top := d.order[0]
		if at, ok := d.at[top.key]; ok && at.Equal(top.at) {
			return top.at
		}
		heap.Pop(&d.order)
	}
	return time.Time{}
}

type deadlineHeap []deadline

func (h deadlineHeap) Len() int           { return len(h) }
func (h deadlineHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h deadlineHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *deadlineHeap) Push(x any)        { *h = append(*h, x.(deadline)) }
func (h *deadlineHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
