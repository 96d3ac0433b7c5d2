package routing

import (
	"container/heap"

	"github.com/deskbell/deskbell/internal/call"
)

// maxRun is how many decisions in a row one queue may have while others wait: a
// queue with hundreds of calls on hundreds of desks must not hold up a small
// one.
const maxRun = 8

// backlog are calls to decide about, each once: the longest waiting of all
// queues first, but for turns that other queues are owed.
type backlog struct {
	queues map[string]*callHeap
	in     map[string]bool
	last   string // the queue that had the last turn
	run    int    // turns it had in a row
}

func newBacklog() backlog {
	return backlog{queues: map[string]*callHeap{}, in: map[string]bool{}}
}

func (b *backlog) push(c call.Call) {
	if b.in[c.ID] {
		return
	}
	b.in[c.ID] = true
	q := b.queues[c.Queue]
	if q == nil {
		q = &callHeap{}
		b.queues[c.Queue] = q
	}
	heap.Push(q, place{c.ID, c.Received.UnixNano()})
}

// pop takes the next call. Turns are counted by [backlog.took].
func (b *backlog) pop() (id string, ok bool) {
	name := b.oldest("")
	if name == b.last && b.run >= maxRun {
		if other := b.oldest(name); other != "" {
			name = other
		}
	}
	q := b.queues[name]
	if q == nil {
		return "", false
	}
	id = heap.Pop(q).(place).id
	if q.Len() == 0 {
		delete(b.queues, name)
	}
	delete(b.in, id)
	return id, true
}

// took notes that a queue has had a turn.
func (b *backlog) took(queue string) {
	if b.last != queue {
		b.last, b.run = queue, 0
	}
	b.run++
}

// oldest is the queue with the longest waiting call, but one; empty for none.
func (b *backlog) oldest(but string) (name string) {
	var first place
	for queue, q := range b.queues {
		if top := (*q)[0]; queue != but && (name == "" || top.before(first)) {
			name, first = queue, top
		}
	}
	return name
}

type place struct {
	id       string
	received int64
}

func (p place) before(q place) bool {
	return p.received < q.received || p.received == q.received && p.id < q.id
}

type callHeap []place

func (h callHeap) Len() int           { return len(h) }
func (h callHeap) Less(i, j int) bool { return h[i].before(h[j]) }
func (h callHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *callHeap) Push(x any)        { *h = append(*h, x.(place)) }
func (h *callHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
