package idle

import (
	"sync"
	"time"
)

// statement is what one witness says. The zero value says nothing.
type statement struct {
	lock  State
	idle  time.Duration
	idles bool // idle is known
	exact bool // it is the time since the last input, and not a hint
}

// testimony is what all witnesses say, by the names of their services.
type testimony struct {
	tell func(reading)

	mu   sync.Mutex
	said map[string]statement
}

// put takes a statement in place of the one before.
func (t *testimony) put(service string, s statement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.said[service] = s
	t.tell(t.sum())
}

// sum is what follows from all statements. Of the idle times without an exact
// one the longest holds: a desktop that can't measure it says zero.
func (t *testimony) sum() reading {
	var sum reading
	exact := false
	for _, s := range t.said {
		sum.lock = max(sum.lock, s.lock) // Unknown, Unlocked, Locked
		if !s.idles || exact && !s.exact {
			continue
		}
		if s.exact && !exact {
			sum.idle, exact = 0, true
		}
		sum.idle, sum.idles = max(sum.idle, s.idle), true
	}
	return sum
}
