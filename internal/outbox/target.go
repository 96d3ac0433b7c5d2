package outbox

import (
	"container/heap"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
)

// Status is how a target does.
type Status struct {
	Delivered    int
	Refused      int // refused, or tried for too long
	Waiting      int
	Dropped      int // not even kept: too many waited
	FailingSince time.Time
	LastError    string
	LastErrorAt  time.Time
}

// target is what waits for one target, and how it does.
type target struct {
	lanes map[string]*lane // by call
	due   lanes            // those of which nothing is being sent
	busy  int              // lanes of which something is
	hold  time.Time        // it asked to be left in peace until then

	waiting, delivered, refused, dropped int
	failingSince, failedAt               time.Time
	failure                              string
}

// lane is what waits of one call.
type lane struct {
	items   []calllog.Delivery // the first is tried
	tries   int
	due     time.Time
	index   int              // in lanes; -1: it is being sent
	failure string           // why the first failed last
	settled *calllog.Settled // of the first, if only the log does not know yet
}

// Status tells how a target does.
func (o *Outbox) Status(name Target) Status {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.targets[name]
	if !ok {
		return Status{}
	}
	return Status{
		Delivered: t.delivered, Refused: t.refused, Waiting: t.waiting, Dropped: t.dropped,
		FailingSince: t.failingSince, LastError: t.failure, LastErrorAt: t.failedAt,
	}
}

// Trying tells how often a delivery was tried, and why it failed last.
func (o *Outbox) Trying(a calllog.Address) (tries int, failure string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.targets[targetOf(a)]
	if !ok {
		return 0, ""
	}
	if l, ok := t.lanes[a.Call]; ok && l.items[0].Address == a {
		return l.tries, l.failure
	}
	return 0, ""
}

// count counts what became of a delivery, as the log tells it.
func (t *target) count(s calllog.Settled) {
	switch s.How {
	case Delivered:
		t.delivered++
	case Refused, Expired:
		t.refused++
		if !s.At.Before(t.failedAt) {
			t.failure, t.failedAt = s.Detail, s.At
		}
	}
}

func (t *target) fail(now time.Time, why string) {
	if t.failingSince.IsZero() {
		t.failingSince = now
	}
	t.failure, t.failedAt = why, now
}

// pop takes the first delivery off a lane that was being sent.
func (t *target) pop(l *lane) {
	t.waiting--
	call := l.items[0].Call
	l.items = l.items[1:]
	if len(l.items) == 0 {
		delete(t.lanes, call)
		return
	}
	heap.Push(&t.due, l)
}

// remove takes a delivery off a lane of which nothing is being sent.
func (t *target) remove(l *lane, i int) {
	t.waiting--
	call := l.items[i].Call
	if len(l.items) == 1 {
		delete(t.lanes, call)
		heap.Remove(&t.due, l.index)
	}
	l.items = slices.Delete(l.items, i, i+1)
}

// lanes is a heap: what is due first is first, and of those what came first.
type lanes []*lane

func (h lanes) Len() int { return len(h) }
func (h lanes) Less(i, j int) bool {
	if !h[i].due.Equal(h[j].due) {
		return h[i].due.Before(h[j].due)
	}
	return h[i].items[0].Seq < h[j].items[0].Seq
}
func (h lanes) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is heap.Interface's.
func (h *lanes) Push(x any) {
	l := x.(*lane)
	l.index = len(*h)
	*h = append(*h, l)
}

// Pop is heap.Interface's.
func (h *lanes) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	l.index = -1
	return l
}
