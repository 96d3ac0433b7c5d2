package routing

import (
	"container/heap"

	"github.com/deskbell/deskbell/internal/call"
)

// backlog are calls to decide about, each once, the longest waiting first.
type backlog struct {
	calls callHeap
	in    map[string]bool
}

func (b *backlog) push(c call.Call) {
	if !b.in[c.ID] {
		b.in[c.ID] = true
		heap.Push(&b.calls, place{c.ID, c.Received.UnixNano()})
	}
}

func (b *backlog) pop() (id string, ok bool) {
	if len(b.calls) == 0 {
		return "", false
	}
	id = heap.Pop(&b.calls).(place).id
	delete(b.in, id)
	return id, true
}

type place struct {
	id       string
	received int64
}

type callHeap []place

func (h callHeap) Len() int { return len(h) }
func (h callHeap) Less(i, j int) bool {
	return h[i].received < h[j].received || h[i].received == h[j].received && h[i].id < h[j].id
}
func (h callHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *callHeap) Push(x any)   { *h = append(*h, x.(place)) }
func (h *callHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
