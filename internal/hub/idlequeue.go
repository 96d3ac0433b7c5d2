package hub

import (
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// nobodyAfter is how long somebody waits in a queue in which nobody is ready
// until supervisors are told: between two calls that is nothing.
const nobodyAfter = 5 * time.Second

// idleQueue is a queue in which somebody waits and nobody is ready.
type idleQueue struct {
	since time.Time
	told  bool
}

// tellIdle tells supervisors of queues in which somebody waits and nobody is
// ready: each time once. The lock is held.
func (l *live) tellIdle(now time.Time) {
	for name, q := range l.idle {
		if q.told || now.Sub(q.since) < nobodyAfter {
			continue
		}
		q.told = true
		l.idle[name] = q
		l.tellSupervisors(wire.Alerted{Alert: nobodyAlert(name, now)}, func(s sight) bool { return s.supervises(name) })
	}
}

// idleQueues finds those queues, and remembers since when it knows them. A call
// that rings somewhere, also by an overflow, is not meant.
func idleQueues(c census, before map[string]idleQueue) map[string]idleQueue {
	idle := map[string]idleQueue{}
	for _, o := range c.open {
		if o.State != call.Waiting {
			continue
		}
		q, known := before[o.Queue]
		if !known {
			q = idleQueue{since: c.now}
		}
		idle[o.Queue] = q
	}
	if len(idle) == 0 {
		return idle
	}
	for i, u := range c.users {
		if c.presences[i].State != call.Ready {
			continue
		}
		for _, q := range u.Queues {
			delete(idle, q)
		}
	}
	return idle
}
